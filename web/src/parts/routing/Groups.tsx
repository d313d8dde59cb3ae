import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { groupsQuery } from '../../api/queries.js';
import { duration } from '../../model/time.js';
import { Trouble } from '../small/Notes.js';
import { Sheet } from '../small/Sheet.js';
import { Ago } from '../small/Time.js';

/** Engines by what they can do. While all can do the same there is nothing to show. */
export function Groups() {
  const groups = useQuery(groupsQuery());
  if (groups.error && !groups.data) return <Trouble error={groups.error} onRetry={() => void groups.refetch()} />;
  if (!groups.data || groups.data.length < 2) return null;
  return (
    <Sheet
      title="Groups of engines"
      head={[['Group', 210], ['Engines', 90], ['Ready', 90], ['Oldest has been due', 170], 'Handlers', ['', 160]]}
      minWidth={760}
    >
      {groups.data.map(({ group, own, up, upUntil, ready, oldestMs, handlers }) => (
        <Table.Tr key={group}>
          <Table.Td>
            <code>{group}</code>
            {own && <span className="dim"> answers here</span>}
          </Table.Td>
          <Table.Td className="num">{up}</Table.Td>
          <Table.Td className="num">{ready ?? <span className="dim">not known</span>}</Table.Td>
          <Table.Td className="num">{oldestMs >= 1_000 ? duration(oldestMs) : <span className="dim">–</span>}</Table.Td>
          <Table.Td>
            <span title={handlers.join('\n')}>{shown(handlers)}</span>
          </Table.Td>
          <Table.Td>
            {up === 0 && (
              <span className="state" data-tone="bad" title="What only this group can do waits for it.">
                gone <Ago at={upUntil} />
              </span>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}

const MOST = 6;
const shown = (handlers: readonly string[]): string =>
  handlers.length > MOST
    ? `${handlers.slice(0, MOST).join(', ')} and ${handlers.length - MOST} more`
    : handlers.join(', ');
