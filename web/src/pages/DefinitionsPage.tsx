import { Button, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { definitionsQuery } from '../api/queries.js';
import type { DefinitionRow } from '../api/wire.js';
import { Counts } from '../parts/definition/Counts.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';

export function DefinitionsPage() {
  const list = useQuery(definitionsQuery());
  return (
    <>
      <PageHead title="Definitions" tab="Definitions">
        <div className="actions">
          <Button renderRoot={(props) => <Link to="/edit" {...props} />} leftSection={<Icon name="plus" />}>
            New
          </Button>
        </div>
      </PageHead>
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="definitions" />}
        {list.data?.length === 0 && (
          <Empty title="No definition yet" command="sluice publish order.flow.yaml">
            Put a <code>*.flow.yaml</code> into the definitions folder, or publish one.
          </Empty>
        )}
        {list.data && list.data.length > 0 && <DefinitionTable rows={list.data} />}
      </section>
    </>
  );
}

function DefinitionTable({ rows }: { readonly rows: readonly DefinitionRow[] }) {
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table highlightOnHover className="rows">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={260}>Flow</Table.Th>
            <Table.Th w={80}>Version</Table.Th>
            <Table.Th>Description</Table.Th>
            <Table.Th w={470}>Instances</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.flow}>
              <Table.Td>
                <Link to="/definitions/$flow" params={{ flow: row.flow }} className="strong">
                  {row.title ?? row.flow}
                </Link>
                {row.title && <div className="dim">{row.flow}</div>}
              </Table.Td>
              <Table.Td className="num">v{row.version}</Table.Td>
              <Table.Td className="dim">{row.description}</Table.Td>
              <Table.Td>
                <Counts flow={row.flow} counts={row.instances} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
