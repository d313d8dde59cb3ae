import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type SyntheticEvent, useState } from 'react';
import type { FlowMap, NodeView } from '../../api/wire.js';
import { isWide, turned } from '../../model/graph/mermaid.js';
import { Empty, Loading, Trouble } from '../small/Notes.js';
import { drawFlow } from './drawFlow.js';
import { GraphTools } from './GraphTools.js';
import { useDrawing } from './useDrawing.js';

/** Larger flows are drawn when somebody asks: the drawing holds up the page for seconds, and the tables need no graph. */
const ASK_ABOVE = 400;

interface Props {
  /** Flow and version; what the picture is kept under. */
  readonly name: string;
  readonly text: string;
  readonly map: FlowMap;
  /** Node instances whose states are painted; `null` draws the bare definition. */
  readonly nodes: readonly NodeView[] | null;
  readonly arrivals?: Readonly<Record<string, number>>;
  readonly selected?: string | null;
  readonly onSelect?: (node: string) => void;
  /** Takes all the height its place has, instead of what suits the picture. */
  readonly tall?: boolean;
}

/** A flow as a graph, coloured by what happened in it. */
export function FlowGraph(props: Props) {
  const [asked, setAsked] = useState(false);
  const count = props.map.nodes.length;
  if (count > ASK_ABOVE && !asked) {
    return (
      <div className="graph">
        <Empty
          title={`${count} nodes`}
          action={
            <Button mt="xs" variant="default" onClick={() => setAsked(true)}>
              Draw graph
            </Button>
          }
        >
          Drawing them takes some seconds, in which this page does not answer. The timeline needs no graph.
        </Empty>
      </div>
    );
  }
  return <Drawn {...props} />;
}

function Drawn({ name, text, map, nodes, arrivals, selected = null, onSelect, tall = false }: Props) {
  // A tall place suits a flow that runs downwards.
  const [turn, setTurn] = useState(tall && isWide(text));
  const source = turn ? turned(text) : text;
  const picture = useQuery({
    queryKey: ['picture', name, source],
    queryFn: () => drawFlow(name, source),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const { host, height, tools } = useDrawing({ markup: picture.data, map, nodes, arrivals, selected });

  const pick = (event: SyntheticEvent): void => {
    const node = (event.target as Element).closest<SVGGElement>('g.node')?.dataset['node'];
    if (node) onSelect?.(node);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      pick(event);
    } else if (event.key === '+') tools?.zoomBy(1.25);
    else if (event.key === '-') tools?.zoomBy(0.8);
    else if (event.key === '0') tools?.fit();
  };

  if (picture.error) return <Trouble error={picture.error} />;
  return (
    <div className="graph" data-tall={tall} style={height && !tall ? { height } : undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the nodes inside are the buttons; this hears them all */}
      <div ref={host} className="graph-host" onClick={pick} onKeyDown={press} data-painted={nodes !== null} />
      {picture.isPending && (
        <div className="graph-wait">
          <Loading what="graph" />
          <Text size="xs" c="dimmed">
            Drawing {map.nodes.length} nodes
          </Text>
        </div>
      )}
      {tools && <GraphTools tools={tools} onTurn={() => setTurn(!turn)} />}
    </div>
  );
}
