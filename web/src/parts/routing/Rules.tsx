import { Table } from '@mantine/core';
import type { RuleList } from '../../api/types.js';
import { Ago } from '../small/Time.js';

/** What people have written for the router, and how often it was asked. */
export function Rules({ rules, overrides }: RuleList) {
  return (
    <Table.ScrollContainer minWidth={860} type="native" mt="md">
      <Table className="rows incidents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={180}>Rule</Table.Th>
            <Table.Th>For</Table.Th>
            <Table.Th w={180}>Says</Table.Th>
            <Table.Th>Reason</Table.Th>
            <Table.Th w={90}>Hits</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {overrides.map(({ code, match, lane, hold, ignoreCircuit, until, reason, hits }) => (
            <Table.Tr key={`override ${code}`}>
              <Table.Td>
                <code>{code}</code>
                <div className="dim">
                  override until <Ago at={until} />
                </div>
              </Table.Td>
              <Table.Td>
                <code>{JSON.stringify(match)}</code>
              </Table.Td>
              <Table.Td>
                {[lane && `lane ${lane}`, hold && 'hold', ignoreCircuit && 'ignore circuits']
                  .filter(Boolean)
                  .join(', ')}
              </Table.Td>
              <Table.Td>{reason}</Table.Td>
              <Table.Td className="num">{hits}</Table.Td>
            </Table.Tr>
          ))}
          {rules.map(({ code, match, lane, minDelayMs, reason, hits }) => (
            <Table.Tr key={`rule ${code}`}>
              <Table.Td>
                <code>{code}</code>
              </Table.Td>
              <Table.Td>
                <code>{JSON.stringify(match)}</code>
              </Table.Td>
              <Table.Td>
                {[lane && `lane ${lane}`, minDelayMs > 0 && `after ${minDelayMs / 1_000} s`].filter(Boolean).join(', ')}
              </Table.Td>
              <Table.Td>{reason}</Table.Td>
              <Table.Td className="num">{hits}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
