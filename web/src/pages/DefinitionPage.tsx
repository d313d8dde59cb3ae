import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { definitionDiagramQuery, definitionQuery, definitionsQuery } from '../api/queries.js';
import type { DefinitionView } from '../api/types.js';
import { Counts } from '../parts/definition/Counts.js';
import { StartForm } from '../parts/definition/StartForm.js';
import { FlowGraph } from '../parts/graph/FlowGraph.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { CodeText } from '../parts/small/Code.js';
import { Icon } from '../parts/small/Icon.js';
import { Loading, Trouble } from '../parts/small/Notes.js';

const route = getRouteApi('/definitions/$flow');

export function DefinitionPage() {
  const { flow } = route.useParams();
  const { version } = route.useSearch();
  const definition = useQuery(definitionQuery(flow, version));
  if (definition.data) return <Opened definition={definition.data} />;
  return (
    <section className="page">
      {definition.error ? <Trouble error={definition.error} /> : <Loading what="definition" />}
    </section>
  );
}

function Opened({ definition }: { readonly definition: DefinitionView }) {
  const { flow, version, versions, title, source, map } = definition;
  const navigate = route.useNavigate();
  const [starting, { open, close }] = useDisclosure(false);
  const diagram = useQuery(definitionDiagramQuery(flow, version));
  const row = useQuery(definitionsQuery()).data?.find((each) => each.flow === flow);
  const newest = Math.max(version, ...versions);
  return (
    <>
      <PageHead title={title ?? flow} tab={title ?? flow}>
        {title && <span className="dim">{flow}</span>}
        <Select
          aria-label="Version"
          w={120}
          data={[...versions].sort((a, b) => b - a).map((each) => ({ value: String(each), label: word(each, newest) }))}
          value={String(version)}
          onChange={(value) => value && void navigate({ search: { version: Number(value) }, replace: true })}
          allowDeselect={false}
        />
        {row && <Counts flow={flow} counts={row.instances} short />}
        <div className="actions">
          <Button
            renderRoot={(props) => <Link to="/" search={{ flow }} {...props} />}
            variant="default"
            leftSection={<Icon name="list" />}
          >
            Instances
          </Button>
          <Button onClick={open} leftSection={<Icon name="play" />}>
            Start
          </Button>
        </div>
      </PageHead>
      <section className="page split">
        <div>
          {diagram.error && <Trouble error={diagram.error} />}
          {diagram.data !== undefined && (
            <FlowGraph name={`${flow} v${version}`} text={diagram.data} map={map} nodes={null} tall />
          )}
        </div>
        <div className="card source">
          <CodeText text={source} what="YAML" />
        </div>
      </section>
      <StartForm definition={definition} opened={starting} onClose={close} />
    </>
  );
}

const word = (version: number, newest: number): string => (version === newest ? `v${version} · newest` : `v${version}`);
