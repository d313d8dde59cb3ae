import { Button, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../../../api/client.js';
import { rulesQuery } from '../../../api/queries.js';
import type { OverrideRow } from '../../../api/wire.js';
import { Trouble } from '../../small/Notes.js';
import { NoRows, Sheet } from '../../small/Sheet.js';
import { Ago } from '../../small/Time.js';
import { About } from '../About.js';
import { OverrideForm } from './OverrideForm.js';

/** What operators tell the router for a while. */
export function Overrides() {
  const rules = useQuery(rulesQuery());
  const [opened, { open, close }] = useDisclosure(false);
  const rows = rules.data?.overrides ?? [];
  const add = (
    <Button variant="default" onClick={open}>
      Override…
    </Button>
  );
  return (
    <>
      <Sheet
        title="Overrides"
        head={[['Override', 170], 'For', ['Says', 180], 'Reason', ['Ends', 120], ['Asked', 80], ['', 90]]}
        minWidth={900}
        action={add}
      >
        {rows.length === 0 && <NoRows columns={7}>Nobody overrides the router now.</NoRows>}
        {rows.map((row) => (
          <Override key={row.code} row={row} />
        ))}
      </Sheet>
      <OverrideForm opened={opened} onClose={close} />
    </>
  );
}

function Override({ row }: { readonly row: OverrideRow }) {
  const { code, match, reason, by, until, hits, origin } = row;
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => post(`/routing/overrides/${encodeURIComponent(code)}/remove`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['routing'] }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        <code>{code}</code>
        {by && <div className="dim">by {by}</div>}
      </Table.Td>
      <Table.Td>
        <About match={match} />
      </Table.Td>
      <Table.Td>{saysOf(row)}</Table.Td>
      <Table.Td>
        {reason}
        {end.error && <Trouble error={end.error} />}
      </Table.Td>
      <Table.Td>
        <Ago at={until} />
      </Table.Td>
      <Table.Td className="num">{hits > 0 ? `${hits}×` : <span className="dim">never</span>}</Table.Td>
      <Table.Td>
        {origin === 'file' ? (
          <span className="dim">in a file</span>
        ) : (
          <Button variant="default" size="compact-xs" loading={end.isPending} onClick={() => end.mutate()}>
            End
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function saysOf({ lane, hold, circuit, ignoreCircuit, freeze }: OverrideRow): string {
  const said = [
    lane && `lane ${lane}`,
    hold && 'hold',
    circuit && `circuit taken for ${circuit}`,
    ignoreCircuit && 'ignore circuits',
    freeze && 'freeze',
  ];
  return said.filter(Boolean).join(', ');
}
