import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentsQuery } from '../api/queries.js';
import type { IncidentRow } from '../api/wire.js';
import { RetryButton } from '../parts/instance/RetryButton.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { More } from '../parts/small/More.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Rows } from '../parts/small/Rows.js';
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
        <More list={list} />
      </section>
    </>
  );
}

function IncidentTable({ rows }: { readonly rows: readonly IncidentRow[] }) {
  return (
    <Rows
      minWidth={860}
      head={[['Code', 190], 'Message', ['Instance', 150], ['Flow', 170], ['Node', 130], ['Raised', 100], ['', 90]]}
    >
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
    </Rows>
  );
}

const node = (row: IncidentRow): { node?: string } => (row.node ? { node: row.node } : {});
