import type { FlowMap } from '../../api/wire.js';

/** The node's id in the Mermaid text, from the id that Mermaid 12 gives its group: `<svg id>-flowchart-<id>-<n>`. */
export function mermaidIdOf(svgId: string, elementId: string): string | null {
  const prefix = `${svgId}-flowchart-`;
  if (!elementId.startsWith(prefix)) return null;
  const tail = elementId.slice(prefix.length);
  const dash = tail.lastIndexOf('-');
  return dash > 0 && /^\d+$/.test(tail.slice(dash + 1)) ? tail.slice(0, dash) : null;
}

/**
 * Which `data-id` each edge is drawn under. Mermaid calls the edges between two nodes `L_<from>_<to>_<n>` in the order of
 * the text, and counts n as 0, 2, 3, …
 */
export function edgeIds(map: FlowMap): ReadonlyMap<string, number> {
  const mermaid = new Map(map.nodes.map((node) => [node.id, node.mermaid]));
  const seen = new Map<string, number>();
  const ids = new Map<string, number>();
  for (const edge of map.edges) {
    const pair = `${mermaid.get(edge.from) ?? edge.from}_${mermaid.get(edge.to) ?? edge.to}`;
    const n = seen.get(pair) ?? 0;
    seen.set(pair, n + 1);
    ids.set(`L_${pair}_${n === 0 ? 0 : n + 1}`, edge.index);
  }
  return ids;
}

const HEAD = /^(\s*(?:flowchart|graph)\s+)(LR|RL|TB|TD|BT)\b/m;

/** The same Mermaid text, drawn top to bottom where it was left to right, and the other way round. */
export function turned(text: string): string {
  return text.replace(HEAD, (_, head: string, way: string) => head + (way === 'LR' || way === 'RL' ? 'TB' : 'LR'));
}

/** Whether the text asks to be drawn left to right (or right to left). */
export function isWide(text: string): boolean {
  const way = HEAD.exec(text)?.[2];
  return way === 'LR' || way === 'RL';
}
