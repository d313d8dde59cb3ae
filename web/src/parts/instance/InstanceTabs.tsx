import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { instanceDiagramQuery } from '../../api/queries.js';
import type { FlowMap, InstanceView } from '../../api/wire.js';
import { CodeText, JsonText } from '../small/Code.js';
import { Loading, Trouble } from '../small/Notes.js';
import { Timeline } from './Timeline.js';

const route = getRouteApi('/instances/$id');

interface Props {
  readonly instance: InstanceView;
  readonly map: FlowMap | undefined;
  readonly selected: string | null;
  readonly onShow: (node: string, visit?: number) => void;
}

export function InstanceTabs({ instance, map, selected, onShow }: Props) {
  const { tab = 'timeline' } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (value: string | null): void => {
    const chosen = value === 'timeline' || value === null ? undefined : value;
    void navigate({ search: (known) => ({ ...known, tab: chosen }), replace: true });
  };
  return (
    <Tabs value={tab} onChange={open} className="card tabs">
      <Tabs.List>
        <Tabs.Tab value="timeline">
          Timeline <span className="dim num">{instance.nodes.length}</span>
        </Tabs.Tab>
        <Tabs.Tab value="input">Input</Tabs.Tab>
        <Tabs.Tab value="vars">Variables</Tabs.Tab>
        <Tabs.Tab value="mermaid">Mermaid</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline">
        <Timeline instance={instance} map={map} selected={selected} onShow={onShow} />
      </Tabs.Panel>
      <Tabs.Panel value="input" p="sm">
        <JsonText value={instance.input} what="input" />
        {instance.play && <JsonText value={instance.play.params} what="parameters of its play" />}
      </Tabs.Panel>
      <Tabs.Panel value="vars" p="sm">
        <JsonText value={instance.vars} what="variables" />
      </Tabs.Panel>
      <Tabs.Panel value="mermaid" p="sm">
        <MermaidText id={instance.id} />
      </Tabs.Panel>
    </Tabs>
  );
}

function MermaidText({ id }: { readonly id: string }) {
  const diagram = useQuery(instanceDiagramQuery(id));
  if (diagram.error) return <Trouble error={diagram.error} />;
  if (diagram.data === undefined) return <Loading what="Mermaid text" />;
  return <CodeText text={diagram.data} what="Mermaid text" />;
}
