import { JSDOM } from 'jsdom';

/** A node and an edge as Mermaid understood them. */
export interface Understood {
  readonly nodes: readonly { readonly id: string; readonly label: string; readonly shape: string }[];
  readonly edges: readonly {
    readonly id: string;
    readonly start: string;
    readonly end: string;
    readonly label: string;
  }[];
}

/** Mermaid needs a document even to read a text. */
export async function loadMermaid(): Promise<(text: string) => Promise<Understood>> {
  const { window } = new JSDOM('<!doctype html><body></body>');
  Object.assign(globalThis, { window, document: window.document });
  const { default: mermaid } = await import('mermaid');
  return async (text) => {
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const { nodes, edges } = (diagram.db as unknown as { getData(): Understood }).getData();
    return {
      nodes: nodes.map((n) => ({ ...n, label: decoded(n.label) })),
      edges: edges.map((e) => ({ ...e, label: decoded(e.label) })),
    };
  };
}

/** Mermaid keeps `#34;` in an encoding of its own until it draws. */
const decoded = (label: string): string =>
  label.replace(/ﬂ°°(\d+)¶ß/g, (_, point) => String.fromCodePoint(Number(point)));
