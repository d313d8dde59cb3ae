import type { FlowMap } from '../../api/wire.js';
import { nodeLook } from '../../model/graph/looks.js';
import { edgeIds } from '../../model/graph/mermaid.js';
import type { NodePaint } from '../../model/graph/paint.js';
import { iconPath } from '../small/Icon.js';
import type { Drawing } from './mountSvg.js';

const SVG = 'http://www.w3.org/2000/svg';
const painted = new WeakMap<Element, string>();
const corners = new WeakMap<Element, { x: number; y: number }>();

/** As styled in graph.css; widths are measured with it. */
const FONT = '600 10.5px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const ruler = document.createElement('canvas').getContext('2d');

/** Makes every node of a drawing reachable by keyboard and gives it its definition's id. Once per drawing. */
export function prepareNodes(drawing: Drawing, map: FlowMap): void {
  for (const { id, mermaid } of map.nodes) {
    const element = drawing.nodes.get(mermaid);
    if (!element) continue;
    element.dataset['node'] = id;
    element.setAttribute('tabindex', '0');
    element.setAttribute('role', 'button');
    corners.set(element, cornerOf(element));
  }
}

/** Writes states, badges and labels; touches only the nodes that changed. No layout is computed anew. */
export function paintNodes(drawing: Drawing, map: FlowMap, paints: ReadonlyMap<string, NodePaint>): void {
  for (const { id, mermaid } of map.nodes) {
    const element = drawing.nodes.get(mermaid);
    const paint = paints.get(id);
    if (!element || !paint) continue;
    const mark = `${paint.shown}|${paint.badge ?? ''}|${paint.label}`;
    if (painted.get(element) === mark) continue;
    painted.set(element, mark);
    element.dataset['shown'] = paint.shown;
    element.dataset['tone'] = paint.shown === 'none' ? 'none' : nodeLook(paint.shown).tone;
    element.setAttribute('aria-label', paint.label);
    element.querySelector(':scope > g.badge')?.remove();
    if (paint.shown !== 'none') element.append(badge(element, paint));
  }
}

export function paintEdges(drawing: Drawing, map: FlowMap, taken: ReadonlySet<number>): void {
  for (const [id, index] of edgeIds(map)) {
    drawing.edges.get(id)?.classList.toggle('taken', taken.has(index));
  }
}

export function paintSelection(drawing: Drawing, selected: string | null): void {
  for (const element of drawing.nodes.values()) {
    const on = selected !== null && element.dataset['node'] === selected;
    element.classList.toggle('selected', on);
    element.setAttribute('aria-pressed', String(on));
  }
}

/** Where a badge hangs: the upper right corner of the box, and the upper right side of a diamond. */
function cornerOf(element: SVGGElement): { x: number; y: number } {
  const { x, y, width, height } = element.getBBox();
  const diamond = element.querySelector<SVGPolygonElement>(':scope > polygon')?.points.numberOfItems === 4;
  return diamond ? { x: x + width * 0.78, y: y + height * 0.22 } : { x: x + width, y };
}

function widthOf(text: string): number {
  if (!ruler) return text.length * 7;
  ruler.font = FONT;
  return ruler.measureText(text).width;
}

/** Icon and text in a pill on the node's upper right corner. */
function badge(element: Element, paint: NodePaint): SVGGElement {
  const corner = corners.get(element) ?? { x: 0, y: 0 };
  const text = paint.badge ?? '';
  const width = text === '' ? 18 : 24 + widthOf(text);
  const group = create('g', { class: 'badge', transform: `translate(${corner.x + 8 - width},${corner.y - 12})` });
  group.append(create('rect', { width, height: 18, rx: 9 }));
  const icon = nodeLook(paint.shown).icon;
  const filled = icon === 'play' || icon === 'skip';
  group.append(
    create('path', {
      d: iconPath(icon),
      transform: 'translate(3.5,3.5) scale(0.69)',
      class: filled ? 'filled' : 'open',
    }),
  );
  if (text !== '') {
    const label = create('text', { x: 17, y: 12.7 });
    label.textContent = text;
    group.append(label);
  }
  return group;
}

function create<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
