import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { funnelQuery } from '../../api/version-queries.js';
import type { DefinitionView, FunnelView } from '../../api/wire.js';
import { Loading, Trouble } from '../small/Notes.js';
import { NoRows, Sheet } from '../small/Sheet.js';

/** How far the newest instances of the shown version came, node by node. */
export function Funnel({ definition: { flow, version, map } }: { readonly definition: DefinitionView }) {
  const funnel = useQuery(funnelQuery(flow, version));
  if (funnel.error) return <Trouble error={funnel.error} onRetry={() => void funnel.refetch()} />;
  if (!funnel.data) return <Loading what="funnel" />;
  const { instances, nodes } = funnel.data;
  const titles = new Map(map.nodes.map(({ id, title }) => [id, title ?? id]));
  return (
    <div className="versions">
      <Sheet
        title={instances === 1 ? 'Of the newest instance' : `Of the newest ${instances} instances`}
        head={['Node', ['Came to it', 170], ['Went on', 80], ['Stand there', 110]]}
        minWidth={420}
      >
        {instances === 0 && <NoRows columns={4}>No instance has run in this version yet.</NoRows>}
        {instances > 0 &&
          nodes.map((row) => (
            <Row key={row.node} row={row} title={titles.get(row.node) ?? row.node} instances={instances} />
          ))}
      </Sheet>
    </div>
  );
}

interface RowProps {
  readonly row: FunnelView['nodes'][number];
  readonly title: string;
  readonly instances: number;
}

function Row({ row: { entered, passed, stands, incidents }, title, instances }: RowProps) {
  const percent = Math.round((100 * entered) / instances);
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td>
        <span className="num">
          {entered} <span className="dim">· {percent} %</span>
        </span>
        <div className="bar-track" data-tone={entered > 0 ? 'ok' : 'off'}>
          <div className="bar" style={{ left: 0, width: `${percent}%` }} />
        </div>
      </Table.Td>
      <Table.Td className="num">{passed}</Table.Td>
      <Table.Td className="num">
        {stands}
        {incidents > 0 && (
          <span className="state" data-tone="bad">
            {incidents === 1 ? '1 incident' : `${incidents} incidents`}
          </span>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
