import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Column, Rows } from './Rows.js';

interface Props {
  readonly title: string;
  readonly head: readonly Column[];
  readonly children: ReactNode;
  readonly minWidth?: number;
  /** What stands at the right of the title. */
  readonly action?: ReactNode;
}

/** A titled table. */
export function Sheet({ title, head, children, minWidth = 760, action }: Props) {
  return (
    <section className="routing-part" aria-label={title}>
      <header className="routing-head">
        <h2>{title}</h2>
        {action}
      </header>
      <Rows head={head} minWidth={minWidth} plain>
        {children}
      </Rows>
    </section>
  );
}

/** The one row of a table that has none. */
export function NoRows({ columns, children }: { readonly columns: number; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td colSpan={columns} className="dim">
        {children}
      </Table.Td>
    </Table.Tr>
  );
}
