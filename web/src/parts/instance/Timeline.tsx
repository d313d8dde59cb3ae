import { Button, Table } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { FlowMap, InstanceView, MapNode, NodeView } from '../../api/wire.js';
import { nodeLook } from '../../model/graph/looks.js';
import { visitLabel } from '../../model/graph/participants.js';
import { axisEnd, type Bar, timeline } from '../../model/graph/timeline.js';
import { NodeState } from '../small/StateBadge.js';
import { Ago, Took, useNow } from '../small/Time.js';

/** Rows drawn at once; the rest on request. */
const MOST = 200;

interface Props {
  readonly instance: InstanceView;
  readonly map: FlowMap | undefined;
  readonly selected: string | null;
  readonly onShow: (node: string, visit?: number) => void;
}

/** One row per node instance, in the order in which they began. Also the graph's text alternative. */
export function Timeline({ instance, map, selected, onShow }: Props) {
  const [all, setAll] = useState(false);
  const { nodes, startedAt, endedAt } = instance;
  const now = useNow(endedAt === null);
  const end = endedAt === null ? axisEnd(Date.parse(startedAt), now) : Date.parse(endedAt);
  const order = useMemo(() => map?.nodes.map(({ id }) => id) ?? [], [map]);
  const known = useMemo(() => new Map(map?.nodes.map((node) => [node.id, node])), [map]);
  const bars = useMemo(() => timeline(nodes, Date.parse(startedAt), end, order), [nodes, startedAt, end, order]);
  const shown = all ? bars : bars.slice(0, MOST);
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table highlightOnHover className="rows opens">
        <Table.Thead>
          <Table.Tr>
            <Table.Th miw={180}>Node</Table.Th>
            <Table.Th w={120}>State</Table.Th>
            <Table.Th w={70} ta="right">
              Attempt
            </Table.Th>
            <Table.Th w={80}>Lane</Table.Th>
            <Table.Th w={95}>Started</Table.Th>
            <Table.Th w={85} ta="right">
              Took
            </Table.Th>
            <Table.Th w="24%">
              <span className="sr">When, within the instance</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((bar) => (
            <Row
              key={bar.row.id}
              bar={bar}
              node={known.get(bar.row.node) ?? null}
              selected={bar.row.node === selected}
              onShow={onShow}
            />
          ))}
        </Table.Tbody>
      </Table>
      {bars.length > shown.length && (
        <Button variant="subtle" m="xs" onClick={() => setAll(true)}>
          Show all {bars.length}
        </Button>
      )}
    </Table.ScrollContainer>
  );
}

interface RowProps {
  readonly bar: Bar;
  readonly node: MapNode | null;
  readonly selected: boolean;
  readonly onShow: Props['onShow'];
}

const Row = memo(function Row({ bar, node, selected, onShow }: RowProps) {
  const { row, left, width } = bar;
  const title = node?.title ?? null;
  const isOne = row.item == null && row.visit === 1;
  return (
    <Table.Tr data-selected={selected} onClick={() => onShow(row.node, row.visit)}>
      <Table.Td>
        <button type="button" className="link strong">
          {title ?? row.node}
        </button>
        {title && <span className="dim"> {row.node}</span>}
        {!isOne && <span className="dim">{` · ${row.item == null ? 'visit ' : ''}${visitLabel(node, row)}`}</span>}
        {row.error && <code className="bad code-inline"> {row.error.code}</code>}
      </Table.Td>
      <Table.Td>
        <NodeState shown={row.shown} />
      </Table.Td>
      <Table.Td ta="right" className="num">
        {row.lane === null ? '' : row.attempt}
        {row.polls > 0 && <span className="dim"> +{row.polls}</span>}
      </Table.Td>
      <Table.Td>{row.lane ?? <span className="dim">–</span>}</Table.Td>
      <Table.Td>
        <Ago at={row.startedAt} />
      </Table.Td>
      <Table.Td ta="right">
        {instant(row) ? <span className="dim">–</span> : <Took start={row.startedAt} end={row.endedAt} />}
      </Table.Td>
      <Table.Td>
        <div className="bar-track" aria-hidden="true">
          <div
            className="bar"
            data-tone={nodeLook(row.shown).tone}
            data-open={nodeLook(row.shown).moving}
            style={{ left: `${left}%`, width: `${width}%` }}
          />
        </div>
      </Table.Td>
    </Table.Tr>
  );
});

/** Gateways, joins and the like take no time of their own. */
const instant = (row: NodeView): boolean => row.lane === null && row.startedAt === row.endedAt;
