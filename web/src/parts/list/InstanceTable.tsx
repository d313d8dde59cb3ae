import { Table } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { InstanceRow } from '../../api/wire.js';
import { Copy } from '../small/Copy.js';
import { InstanceState } from '../small/StateBadge.js';
import { Ago, Took } from '../small/Time.js';

export function InstanceTable({ rows }: { readonly rows: readonly InstanceRow[] }) {
  const navigate = useNavigate();
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table highlightOnHover stickyHeader className="rows opens">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={130}>Status</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>Flow</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th w={110}>Started</Table.Th>
            <Table.Th w={100} ta="right">
              Took
            </Table.Th>
            <Table.Th w={80} ta="right" title="Node instances that are not over">
              Active
            </Table.Th>
            <Table.Th w={150}>Id</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={row.id}
              onClick={(event) => {
                const inner = (event.target as Element).closest('a, button');
                if (!inner && !window.getSelection()?.toString()) {
                  void navigate({ to: '/instances/$id', params: { id: row.id } });
                }
              }}
            >
              <Table.Td>
                <InstanceState status={row.status} />
              </Table.Td>
              <Table.Td className="copies">
                <Link to="/instances/$id" params={{ id: row.id }} className="strong">
                  {row.key ?? <span className="dim">no key</span>}
                </Link>
                {row.key && <Copy value={row.key} what="key" />}
              </Table.Td>
              <Table.Td>
                <Link
                  to="/definitions/$flow"
                  params={{ flow: row.flow }}
                  search={{ version: row.version }}
                  className="plain"
                >
                  {row.flow}
                </Link>{' '}
                <span className="dim">v{row.version}</span>
              </Table.Td>
              <Table.Td>{outcome(row)}</Table.Td>
              <Table.Td>
                <Ago at={row.startedAt} />
              </Table.Td>
              <Table.Td ta="right">
                <Took start={row.startedAt} end={row.endedAt} />
              </Table.Td>
              <Table.Td ta="right" className="num">
                {row.active > 0 ? row.active : <span className="dim">–</span>}
              </Table.Td>
              <Table.Td className="copies">
                <code className="id" title={row.id}>
                  …{row.id.slice(-10)}
                </code>
                <Copy value={row.id} what="id" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function outcome({ outcome, incidents }: InstanceRow) {
  if (incidents > 0) return <span className="bad">{incidents === 1 ? '1 incident' : `${incidents} incidents`}</span>;
  return outcome ?? <span className="dim">–</span>;
}
