import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FlowMap, NodeView } from '../../api/wire.js';
import { nodeLook } from '../../model/graph/looks.js';
import { paintNodes as paintsOf, takenEdges } from '../../model/graph/paint.js';
import { useNow } from '../small/Time.js';
import { type Drawing, mountSvg } from './mountSvg.js';
import { paintEdges, paintNodes, paintSelection, prepareNodes } from './paintSvg.js';
import { CLOSE, LEGIBLE, type PanZoom, panZoom } from './panZoom.js';

interface Wanted {
  readonly markup: string | undefined;
  readonly map: FlowMap;
  readonly nodes: readonly NodeView[] | null;
  readonly arrivals: Readonly<Record<string, number>> | undefined;
  readonly selected: string | null;
}

interface Shown {
  readonly host: RefObject<HTMLDivElement | null>;
  /** Height that suits the picture, in pixels; `undefined` until it is there. */
  readonly height: number | undefined;
  readonly tools: PanZoom | null;
}

const LOWEST = 200;
const HIGHEST = 480;

/** Puts the markup in the page once, and from then on only paints it. */
export function useDrawing({ markup, map, nodes, arrivals, selected }: Wanted): Shown {
  const host = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [tools, setTools] = useState<PanZoom | null>(null);
  const [height, setHeight] = useState<number>();
  const moving = nodes?.some((node) => nodeLook(node.shown).moving) ?? false;
  const now = useNow(moving);

  useLayoutEffect(() => {
    const place = host.current;
    if (!place || !markup) return;
    const mounted = mountSvg(place, markup);
    prepareNodes(mounted, map);
    const fit = Math.min(1, (place.clientWidth - 40) / mounted.box.width);
    const scale = fit < LEGIBLE ? CLOSE : fit;
    setHeight(Math.round(Math.min(HIGHEST, Math.max(LOWEST, mounted.box.height * scale + 78))));
    setDrawing(mounted);
    return () => {
      place.replaceChildren();
      setDrawing(null);
    };
  }, [markup, map]);

  // After the height is set, so that the first view fits the room it has.
  const first = useRef<readonly NodeView[] | null>(null);
  first.current = nodes;
  useLayoutEffect(() => {
    if (!drawing || height === undefined) return;
    const view = panZoom(drawing);
    view.begin(focusOf(drawing, map, first.current));
    setTools(view);
    const reveal = (event: FocusEvent): void => {
      const node = (event.target as Element).closest<SVGGElement>('g.node');
      if (node?.matches(':focus-visible')) view.reveal(node);
    };
    drawing.svg.addEventListener('focusin', reveal);
    return () => {
      drawing.svg.removeEventListener('focusin', reveal);
      view.stop();
      setTools(null);
    };
  }, [drawing, map, height]);

  useEffect(() => {
    if (!drawing) return;
    paintNodes(drawing, map, paintsOf(map, nodes, now));
    paintEdges(drawing, map, takenEdges(nodes ?? [], arrivals ?? {}));
  }, [drawing, map, nodes, arrivals, now]);

  useEffect(() => {
    if (drawing) paintSelection(drawing, selected);
  }, [drawing, selected]);

  // A node that is chosen elsewhere (a row, a link, an incident) comes into sight.
  useEffect(() => {
    const mermaid = map.nodes.find((node) => node.id === selected)?.mermaid;
    const element = drawing?.nodes.get(mermaid ?? '');
    if (element) tools?.reveal(element);
  }, [drawing, tools, map, selected]);

  return { host, height, tools };
}

/** Where to look first: at trouble, else at what moves, else at the beginning. */
function focusOf(drawing: Drawing, map: FlowMap, nodes: readonly NodeView[] | null): SVGGElement | null {
  const trouble = nodes?.find((node) => nodeLook(node.shown).tone === 'bad');
  const busy = trouble ?? nodes?.find((node) => nodeLook(node.shown).moving);
  const wanted = map.nodes.find((node) => (busy ? node.id === busy.node : node.kind === 'start'));
  return drawing.nodes.get(wanted?.mermaid ?? '') ?? null;
}
