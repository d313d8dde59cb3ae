import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rulesQuery } from '../../../api/queries.js';
import { duration } from '../../../model/time.js';
import { Loading, Trouble } from '../../small/Notes.js';
import { NoRows, Sheet } from '../../small/Sheet.js';
import { About } from '../About.js';

/** The rules in the order in which they are asked. */
export function Rules() {
  const rules = useQuery(rulesQuery());
  if (rules.error && !rules.data) return <Trouble error={rules.error} onRetry={() => void rules.refetch()} />;
  if (!rules.data) return <Loading what="rules" />;
  const { version, rules: rows } = rules.data;
  return (
    <Sheet
      title={version === null ? 'Rules' : `Rules, ${version}`}
      head={['Rule', 'For', ['Says', 170], 'Reason', ['From', 80], ['Asked', 90]]}
      minWidth={860}
    >
      {rows.length === 0 && (
        <NoRows columns={6}>
          There are none. Write them in a <code>*.routing.yaml</code> beside the flows, or publish a set under{' '}
          <i>What if</i>.
        </NoRows>
      )}
      {rows.map(({ code, match, lane, minDelayMs, limit, rate, retryShare, reason, origin, hits }) => (
        <Table.Tr key={code}>
          <Table.Td>
            <code>{code}</code>
          </Table.Td>
          <Table.Td>
            <About match={match} />
          </Table.Td>
          <Table.Td>
            {[
              lane && `lane ${lane}`,
              minDelayMs > 0 && `after ${duration(minDelayMs)}`,
              limit !== null && `${limit} at once`,
              retryShare !== null && `${Math.round(retryShare * 1_000) / 10} % retries`,
              rate && `${rate.max} in ${spanOf(rate.perMs)}`,
            ]
              .filter(Boolean)
              .join(', ')}
          </Table.Td>
          <Table.Td>{reason}</Table.Td>
          <Table.Td className="dim">{origin === 'http' ? 'published' : 'file'}</Table.Td>
          <Table.Td className="num">{hits > 0 ? `${hits}×` : <span className="dim">never</span>}</Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}

/** A time that somebody has set, and not one that passes. */
const spanOf = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`);
