import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { live } from '../api/live.js';
import { definitionDiagramQuery, definitionQuery, instanceQuery } from '../api/queries.js';
import type { InstanceView } from '../api/wire.js';
import { visitsByNode } from '../model/graph/paint.js';
import { FlowGraph } from '../parts/graph/FlowGraph.js';
import { IncidentBanner } from '../parts/instance/IncidentBanner.js';
import { InstanceHead } from '../parts/instance/InstanceHead.js';
import { InstanceTabs } from '../parts/instance/InstanceTabs.js';
import { NodePanel } from '../parts/instance/NodePanel.js';
import { Loading, Trouble } from '../parts/small/Notes.js';

const route = getRouteApi('/instances/$id');

export function InstancePage() {
  const { id } = route.useParams();
  const instance = useQuery(instanceQuery(id));
  if (instance.data) return <Opened key={id} instance={instance.data} />;
  return (
    <section className="page">
      {instance.error ? (
        <Trouble error={instance.error} onRetry={() => void instance.refetch()} />
      ) : (
        <Loading what="instance" />
      )}
    </section>
  );
}

function Opened({ instance }: { readonly instance: InstanceView }) {
  const { id, flow, version, nodes } = instance;
  useEffect(() => {
    live.follow(id);
    return () => live.follow(null);
  }, [id]);
  const { node, visit } = route.useSearch();
  const navigate = route.useNavigate();
  const definition = useQuery(definitionQuery(flow, version));
  const diagram = useQuery(definitionDiagramQuery(flow, version));
  const visits = useMemo(() => visitsByNode(nodes), [nodes]);
  const select = (chosen: string | undefined, which?: number): void => {
    void navigate({ search: (known) => ({ ...known, node: chosen, visit: which }), replace: true });
  };
  const map = definition.data?.map;
  const trouble = definition.error ?? diagram.error;

  return (
    <>
      <InstanceHead instance={instance} />
      <section className="page instance" data-panel={node !== undefined}>
        <div className="instance-main">
          <IncidentBanner instance={instance} onShow={select} />
          {trouble && <Trouble error={trouble} />}
          {map && diagram.data !== undefined ? (
            <FlowGraph
              name={`${flow} v${version}`}
              text={diagram.data}
              map={map}
              nodes={nodes}
              arrivals={instance.arrivals}
              selected={node ?? null}
              onSelect={select}
            />
          ) : (
            !trouble && <div className="graph" />
          )}
          <InstanceTabs instance={instance} map={map} onShow={select} selected={node ?? null} />
        </div>
        {node !== undefined && (
          <NodePanel
            instance={instance}
            node={map?.nodes.find((each) => each.id === node) ?? null}
            id={node}
            visits={visits.get(node) ?? []}
            chosen={visit}
            onChoose={(which) => select(node, which)}
            onClose={() => select(undefined)}
          />
        )}
      </section>
    </>
  );
}
