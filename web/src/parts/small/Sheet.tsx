import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly head: readonly (string | readonly [text: string, width: number])[];
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
      <Table.ScrollContainer minWidth={minWidth} type="native">
        <Table className="rows">
          <Table.Thead>
            <Table.Tr>
              {head.map((column) => {
                const [text, width] = typeof column === 'string' ? [column, undefined] : column;
                return (
                  <Table.Th key={text} w={width}>
                    {text === '' ? <span className="sr">Actions</span> : text}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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
