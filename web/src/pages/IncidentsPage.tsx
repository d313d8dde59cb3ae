import { Button, Group, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentsQuery } from '../api/queries.js';
import type { IncidentRow } from '../api/types.js';
import { RetryButton } from '../parts/instance/RetryButton.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Ago } from '../parts/small/Time.js';

export function IncidentsPage() {
  const list = useInfiniteQuery(incidentsQuery());
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title="Incidents" tab="Incidents" />
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="incidents" />}
        {list.isSuccess && rows.length === 0 && (
          <Empty title="Nothing needs you">
            A node that can go no further by itself appears here, with the reason and a button to retry it.
          </Empty>
        )}
        {rows.length > 0 && <IncidentTable rows={rows} />}
        {list.hasNextPage && (
          <Group justify="center" p="md">
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Load more
            </Button>
          </Group>
        )}
      </section>
    </>
  );
}

function IncidentTable({ rows }: { readonly rows: readonly IncidentRow[] }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table highlightOnHover stickyHeader className="rows incidents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={190}>Code</Table.Th>
            <Table.Th>Message</Table.Th>
            <Table.Th w={150}>Instance</Table.Th>
            <Table.Th w={170}>Flow</Table.Th>
            <Table.Th w={130}>Node</Table.Th>
            <Table.Th w={100}>Raised</Table.Th>
            <Table.Th w={90} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <span className="state" data-tone="bad">
                  <Icon name="alert" size={12} />
                  <code>{row.code}</code>
                </span>
              </Table.Td>
              <Table.Td title={row.message}>
                <div className="clip">{row.message}</div>
              </Table.Td>
              <Table.Td>
                <Link to="/instances/$id" params={{ id: row.instance }} search={node(row)} className="strong">
                  {row.key ?? `…${row.instance.slice(-10)}`}
                </Link>
              </Table.Td>
              <Table.Td>
                <Link to="/" search={{ flow: row.flow, status: 'incident' }} className="plain">
                  {row.flow}
                </Link>
              </Table.Td>
              <Table.Td>{row.node ?? <span className="dim">–</span>}</Table.Td>
              <Table.Td>
                <Ago at={row.raisedAt} />
              </Table.Td>
              <Table.Td ta="right">
                <RetryButton instance={row.instance} node={row.node} label="Retry" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const node = (row: IncidentRow): { node?: string } => (row.node ? { node: row.node } : {});
