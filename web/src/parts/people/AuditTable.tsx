import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AuditRow } from '../../api/wire.js';
import { cameOf, deedOf } from '../../model/access/deeds.js';
import { Ago } from '../small/Time.js';

/** Who did what, to what, and what came of it. */
export function AuditRows({ rows, ofOneFlow = false }: { readonly rows: readonly AuditRow[]; ofOneFlow?: boolean }) {
  return rows.map((row) => (
    <Table.Tr key={row.id}>
      <Table.Td>
        <Ago at={row.at} />
      </Table.Td>
      <Table.Td>{row.who}</Table.Td>
      <Table.Td>{deedOf(row)}</Table.Td>
      {!ofOneFlow && (
        <Table.Td>
          <Place row={row} />
        </Table.Td>
      )}
      <Table.Td>
        <Outcome row={row} />
      </Table.Td>
    </Table.Tr>
  ));
}

function Place({ row: { flow, instance, node } }: { readonly row: AuditRow }) {
  if (instance !== null) {
    return (
      <Link to="/instances/$id" params={{ id: instance }} search={node === null ? {} : { node }}>
        {node === null ? '' : `${node} of `}…{instance.slice(-10)}
      </Link>
    );
  }
  if (flow === null) return <span className="dim">–</span>;
  return (
    <Link to="/definitions/$flow" params={{ flow }}>
      {flow}
    </Link>
  );
}

function Outcome({ row }: { readonly row: AuditRow }) {
  const came = cameOf(row);
  const reason = typeof row.detail['reason'] === 'string' ? row.detail['reason'] : null;
  return (
    <>
      {row.status >= 400 ? (
        <span className="state" data-tone="bad">
          {came}
        </span>
      ) : (
        came
      )}
      {reason && <div className="dim">{reason}</div>}
      {!came && !reason && <span className="dim">–</span>}
    </>
  );
}
