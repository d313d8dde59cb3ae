import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { definitionQuery } from '../api/queries.js';
import { useAllowed } from '../api/useAllowed.js';
import { publishDefinition } from '../api/version-queries.js';
import { Draft } from '../parts/definition/Draft.js';
import { useChecked } from '../parts/definition/useChecked.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Loading, Trouble } from '../parts/small/Notes.js';
import { problemsOf } from '../parts/small/Problems.js';

const route = getRouteApi('/edit');

const EMPTY = `flow: my_flow
title: My flow
key: input.id
input: { type: object, required: [id], properties: { id: { type: string } } }

nodes:
  begin: { start: true }
  look:  { manual: { title: Look at it, form: { type: object, properties: { good: { type: boolean, title: Good } } } } }
  done:  { end: done }
  no:    { end: refused }

edges:
  - begin -> look
  - look -> done:  result.good
  - look -> no:    else
`;

/** A definition in the making: what is typed is checked and drawn at once, and published when it is wanted. */
export function EditPage() {
  const { flow } = route.useSearch();
  const known = useQuery({ ...definitionQuery(flow ?? '', undefined), enabled: flow !== undefined });
  if (flow === undefined) return <Editor first={EMPTY} flow={null} />;
  if (known.data) return <Editor first={known.data.source} flow={flow} />;
  return (
    <section className="page">{known.error ? <Trouble error={known.error} /> : <Loading what="definition" />}</section>
  );
}

function Editor({ first, flow }: { readonly first: string; readonly flow: string | null }) {
  const [source, setSource] = useState(first);
  const checked = useChecked(source);
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const allowed = useAllowed('deployer');
  const publish = useMutation({
    mutationFn: () => publishDefinition(source),
    onSuccess: async (published) => {
      await Promise.all(
        [['definitions'], ['definition'], ['flow-versions'], ['audit']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
      if (published) await navigate({ to: '/definitions/$flow', params: { flow: published.flow } });
    },
  });
  const refused = publish.error && problemsOf(publish.error) === null ? publish.error : null;
  return (
    <>
      <PageHead title={flow === null ? 'New definition' : `Edit ${flow}`} tab="Edit">
        <span className="dim">Published under the next version. Instances that are there stay in theirs.</span>
        <div className="actions">
          <Button
            renderRoot={(props) =>
              flow === null ? (
                <Link to="/definitions" {...props} />
              ) : (
                <Link to="/definitions/$flow" params={{ flow }} {...props} />
              )
            }
            variant="default"
          >
            Leave it
          </Button>
          <Button
            onClick={() => publish.mutate()}
            loading={publish.isPending}
            disabled={allowed.disabled || !checked.isCurrent || checked.found?.flow == null}
            title={allowed.title}
          >
            Publish
          </Button>
        </div>
      </PageHead>
      <section className="page split">
        {refused && <Trouble error={refused} />}
        <Draft source={source} onChange={setSource} checked={checked} />
      </section>
    </>
  );
}
