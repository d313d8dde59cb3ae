import { Button, Select, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { definitionDiagramQuery, definitionQuery, definitionsQuery } from '../api/queries.js';
import { useAllowed } from '../api/useAllowed.js';
import type { DefinitionView } from '../api/wire.js';
import { Counts } from '../parts/definition/Counts.js';
import { StartForm } from '../parts/definition/StartForm.js';
import { FlowGraph } from '../parts/graph/FlowGraph.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { CodeText } from '../parts/small/Code.js';
import { Icon } from '../parts/small/Icon.js';
import { Loading, Trouble } from '../parts/small/Notes.js';
import { Funnel } from '../parts/versions/Funnel.js';
import { Versions } from '../parts/versions/Versions.js';

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
  const { tab = 'yaml' } = route.useSearch();
  const navigate = route.useNavigate();
  const [starting, { open, close }] = useDisclosure(false);
  const diagram = useQuery(definitionDiagramQuery(flow, version));
  const row = useQuery(definitionsQuery()).data?.find((each) => each.flow === flow);
  const allowed = useAllowed('operator');
  const newest = Math.max(version, ...versions);
  const show = (value: string | null): void => {
    const chosen = value === 'yaml' || value === null ? undefined : value;
    void navigate({ search: (known) => ({ ...known, tab: chosen }), replace: true });
  };
  return (
    <>
      <PageHead title={title ?? flow} tab={title ?? flow}>
        {title && <span className="dim">{flow}</span>}
        <Select
          aria-label="Version"
          w={120}
          data={[...versions].sort((a, b) => b - a).map((each) => ({ value: String(each), label: word(each, newest) }))}
          value={String(version)}
          onChange={(value) => {
            if (value) void navigate({ search: (known) => ({ ...known, version: Number(value) }), replace: true });
          }}
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
          <Button renderRoot={(props) => <Link to="/edit" search={{ flow }} {...props} />} variant="default">
            Edit
          </Button>
          <Button onClick={open} leftSection={<Icon name="play" />} {...allowed}>
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
        <Tabs value={tab} onChange={show} className="card source">
          <Tabs.List>
            <Tabs.Tab value="yaml">YAML</Tabs.Tab>
            <Tabs.Tab value="versions">
              Versions <span className="dim num">{versions.length}</span>
            </Tabs.Tab>
            <Tabs.Tab value="funnel">Funnel</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="funnel">
            <Funnel definition={definition} />
          </Tabs.Panel>
          <Tabs.Panel value="yaml">
            <CodeText text={source} what="YAML" />
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <Versions flow={flow} shown={version} />
          </Tabs.Panel>
        </Tabs>
      </section>
      <StartForm definition={definition} opened={starting} onClose={close} />
    </>
  );
}

const word = (version: number, newest: number): string => (version === newest ? `v${version} · newest` : `v${version}`);
