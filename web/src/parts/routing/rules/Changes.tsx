import { Button, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../../../api/client.js';
import { changesQuery, versionsQuery } from '../../../api/queries.js';
import type { RulesRow } from '../../../api/wire.js';
import { Trouble } from '../../small/Notes.js';
import { NoRows, Sheet } from '../../small/Sheet.js';
import { Ago } from '../../small/Time.js';

const WORDS: Readonly<Record<string, string>> = {
  'override.set': 'set the override',
  'override.removed': 'ended the override',
  'rules.published': 'published rules',
  'rules.restored': 'restored rules as',
  'lane.opened': 'opened the lane',
  'lane.changed': 'changed the lane',
  'lane.closing': 'is emptying the lane',
  'lane.closed': 'closed the lane',
  'lane.gone': 'took away the lane',
};

/** Who told the router what, and the versions that can be brought back. */
export function Changes() {
  const changes = useQuery(changesQuery());
  const versions = useQuery(versionsQuery());
  const rows = changes.data?.items ?? [];
  const published = versions.data?.items ?? [];
  return (
    <>
      {changes.error && <Trouble error={changes.error} onRetry={() => void changes.refetch()} />}
      <Sheet title="Who said what" head={[['When', 120], ['Who', 120], ['What', 280], 'Why']} minWidth={640}>
        {changes.data && rows.length === 0 && (
          <NoRows columns={4}>
            Nobody has told the router anything over HTTP yet. Changes of files are not listed.
          </NoRows>
        )}
        {rows.map(({ id, at, by, kind, ref, reason }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Ago at={at} />
            </Table.Td>
            <Table.Td>{by}</Table.Td>
            <Table.Td>
              {WORDS[kind] ?? kind} <code>{kind.startsWith('rules') ? `v${ref}` : ref}</code>
            </Table.Td>
            <Table.Td>{reason ?? <span className="dim">–</span>}</Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      {published.length > 0 && (
        <Sheet
          title="Published rules"
          head={[['Version', 90], ['When', 120], ['Who', 120], 'Why', ['', 120]]}
          minWidth={640}
        >
          {published.map((row, at) => (
            <Version key={row.version} row={row} inForce={at === 0} />
          ))}
        </Sheet>
      )}
    </>
  );
}

function Version({
  row: { version, at, by, note, restores },
  inForce,
}: {
  readonly row: RulesRow;
  readonly inForce: boolean;
}) {
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => post(`/routing/rules/versions/${version}/restore`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['routing'] }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        <code>v{version}</code>
      </Table.Td>
      <Table.Td>
        <Ago at={at} />
      </Table.Td>
      <Table.Td>{by}</Table.Td>
      <Table.Td>
        {note}
        {restores !== null && <span className="dim"> content of v{restores}</span>}
        {restore.error && <Trouble error={restore.error} />}
      </Table.Td>
      <Table.Td>
        {inForce ? (
          <span className="state" data-tone="ok">
            in force
          </span>
        ) : (
          <Button variant="default" size="compact-xs" loading={restore.isPending} onClick={() => restore.mutate()}>
            Restore
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
