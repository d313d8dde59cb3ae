import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { playRevisionsQuery } from '../../api/play-queries.js';
import { More } from '../small/More.js';
import { Trouble } from '../small/Notes.js';
import { Sheet } from '../small/Sheet.js';
import { Ago } from '../small/Time.js';

/** All that a play ever was, newest first. */
export function PlayRevisions({ code }: { readonly code: string }) {
  const list = useInfiniteQuery(playRevisionsQuery(code));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {list.error && <Trouble error={list.error} />}
      <Sheet
        title="Revisions"
        head={[['Revision', 80], ['What', 100], 'Parameters', 'Reason', ['By', 120], ['When', 110]]}
        minWidth={760}
      >
        {rows.map(({ revision, what, params, reason, by, at }) => (
          <Table.Tr key={revision}>
            <Table.Td className="num">{revision}</Table.Td>
            <Table.Td>{what}</Table.Td>
            <Table.Td>
              <code className="clip">{JSON.stringify(params)}</code>
            </Table.Td>
            <Table.Td>{reason ?? <span className="dim">–</span>}</Table.Td>
            <Table.Td>{by}</Table.Td>
            <Table.Td>
              <Ago at={at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      <More list={list} />
    </>
  );
}
