import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A column's title with its width in pixels; an empty title is of a column of buttons. */
export type Column = string | readonly [title: string, width: number];

interface Props {
  readonly head: readonly Column[];
  readonly minWidth: number;
  readonly children: ReactNode;
  /** One of several tables of a page: its head scrolls away, and its rows lead nowhere. */
  readonly plain?: boolean;
}

/** A table; that of a whole page has a head that stays. */
export function Rows({ head, minWidth, children, plain = false }: Props) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native">
      <Table highlightOnHover={!plain} stickyHeader={!plain} className="rows">
        <Table.Thead>
          <Table.Tr>
            {head.map((column) => {
              const [title, width] = typeof column === 'string' ? [column, undefined] : column;
              return (
                <Table.Th key={title} w={width}>
                  {title === '' ? <span className="sr">Actions</span> : title}
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
