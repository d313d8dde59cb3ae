import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lanesQuery } from '../../api/queries.js';
import { duration } from '../../model/time.js';
import { Loading, Trouble } from '../small/Notes.js';
import { Sheet } from '../small/Sheet.js';

/** Evidence that a lane does not keep up. */
const LATE_MS = 30_000;

/** What lies in the lanes, and how fast messages go there. */
export function Lanes() {
  const lanes = useQuery(lanesQuery());
  if (lanes.error && !lanes.data) return <Trouble error={lanes.error} onRetry={() => void lanes.refetch()} />;
  if (!lanes.data) return <Loading what="lanes" />;
  return (
    <Sheet
      title="Lanes"
      head={[
        'Lane',
        ['Ready', 110],
        ['Oldest has been due', 170],
        ['In hand here', 130],
        ['Sent from here', 140],
        ['', 90],
      ]}
      minWidth={640}
    >
      {lanes.data.map(({ lane, depth, oldestMs, inHand, perSecond, full, state, places }) => (
        <Table.Tr key={lane}>
          <Table.Td>
            <code>{lane}</code>
          </Table.Td>
          <Table.Td className="num">{depth ?? <span className="dim">not known</span>}</Table.Td>
          <Table.Td className="num">{oldestMs >= 1_000 ? duration(oldestMs) : <span className="dim">–</span>}</Table.Td>
          <Table.Td className="num">
            {inHand}
            {places !== null && <span className="dim"> of {places}</span>}
          </Table.Td>
          <Table.Td className="num">{perSecond === null ? <span className="dim">–</span> : rate(perSecond)}</Table.Td>
          <Table.Td>
            {state === 'closing' && (
              <span className="state" data-tone="warn" title="No rule names it any more. What is left in it is done.">
                closing
              </span>
            )}
            {(full || oldestMs >= LATE_MS) && (
              <span className="state" data-tone={full ? 'bad' : 'warn'}>
                {full ? 'full' : 'late'}
              </span>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}

const rate = (perSecond: number): string =>
  perSecond >= 10 ? `${Math.round(perSecond)}/s` : `${Math.round(perSecond * 10) / 10}/s`;
