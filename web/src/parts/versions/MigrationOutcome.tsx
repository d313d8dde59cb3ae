import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Hindered, instancesOf, type MigrationReport } from '../../model/migration.js';
import { Icon } from '../small/Icon.js';

interface Props {
  readonly report: MigrationReport;
  readonly to: number;
  /** They were moved, and not only looked at. */
  readonly done: boolean;
  readonly going: boolean;
}

/** How many move and how many stay, and every obstacle with those that it holds up. */
export function MigrationOutcome({ report, to, done, going }: Props) {
  const { looked, moves, stays, busy, obstacles } = report;
  if (looked === 0) return <p className="dim">No living instance is in another version. There is nothing to move.</p>;
  return (
    <>
      <p className="counts">
        <span className="state" data-tone={moves > 0 ? 'ok' : 'off'}>
          <Icon name="check" size={12} /> {instancesOf(moves)} {done ? 'moved' : `can go on in v${to}`}
        </span>
        {stays > 0 && (
          <span className="state" data-tone="warn">
            <Icon name="pause" size={12} /> {stays} {stays === 1 ? 'stays' : 'stay'}
          </span>
        )}
        {busy > 0 && (
          <span className="state" data-tone="wait">
            <Icon name="clock" size={12} /> {busy} never stood still; move again
          </span>
        )}
        {going && <span className="dim">so far…</span>}
      </p>
      {obstacles.length > 0 && (
        <Table className="rows" aria-label="Obstacles">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={180}>What is in the way</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th w={150}>Whose</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {obstacles.map((one) => (
              <ObstacleRow key={`${one.code} ${one.node}`} one={one} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function ObstacleRow({ one: { code, node, message, count, some } }: { readonly one: Hindered }) {
  return (
    <Table.Tr>
      <Table.Td>
        <code>{code}</code>
        {node && <div className="dim">at {node}</div>}
      </Table.Td>
      <Table.Td>{message}</Table.Td>
      <Table.Td>
        {instancesOf(count)}
        <div className="dim">
          {some.map(({ instance, key }, at) => (
            <span key={instance}>
              {at > 0 && ', '}
              <Link to="/instances/$id" params={{ id: instance }}>
                {key ?? `…${instance.slice(-6)}`}
              </Link>
            </span>
          ))}
          {count > some.length && ' …'}
        </div>
      </Table.Td>
    </Table.Tr>
  );
}
