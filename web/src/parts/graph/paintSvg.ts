import type { FlowMap } from '../../api/types.js';
import { nodeLook } from '../../model/looks.js';
import type { NodePaint } from '../../model/paint.js';
import { edgeIds } from '../../model/mermaid.js';
import { iconPath } from '../small/Icon.js';
import type { Drawing } from './mountSvg.js';

const SVG = 'http://www.w3.org/2000/svg';
const painted = new WeakMap<Element, string>();
const corners = new WeakMap<Element, { x: number; y: number }>();

/** Width of a digit in a badge, in the picture's units. */
const CHARACTER = 5.9;

/** Makes every node of a drawing reachable by keyboard and gives it its definition's id. Once per drawing. */
export function prepareNodes(drawing: Drawing, map: FlowMap): void {
  for (const { id, mermaid } of map.nodes) {
    const element = drawing.nodes.get(mermaid);
    if (!element) continue;
    element.dataset['node'] = id;
    element.setAttribute('tabindex', '0');
    element.setAttribute('role', 'button');
    const { x, y, width } = element.getBBox();
    corners.set(element, { x: x + width, y });
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

/** Icon and text in a pill on the node's upper right corner. */
function badge(element: Element, paint: NodePaint): SVGGElement {
  const corner = corners.get(element) ?? { x: 0, y: 0 };
  const text = paint.badge ?? '';
  const width = text === '' ? 18 : 22 + text.length * CHARACTER;
  const group = create('g', { class: 'badge', transform: `translate(${corner.x + 8 - width},${corner.y - 9})` });
  group.append(create('rect', { width, height: 18, rx: 9 }));
  const icon = nodeLook(paint.shown).icon;
  const filled = icon === 'play' || icon === 'skip';
  group.append(
    create('path', { d: iconPath(icon), transform: 'translate(3.5,3.5) scale(0.69)', class: filled ? 'filled' : 'open' }),
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
