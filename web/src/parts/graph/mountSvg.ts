import { mermaidIdOf } from '../../model/graph/mermaid.js';

/** A drawn flow in the page, with its parts found. Lengths are in the picture's own units. */
export interface Drawing {
  readonly svg: SVGSVGElement;
  /** What pans and zooms. */
  readonly viewport: SVGGElement;
  readonly box: Box;
  /** By the node's id in the Mermaid text. */
  readonly nodes: ReadonlyMap<string, SVGGElement>;
  /** By Mermaid's edge id. */
  readonly edges: ReadonlyMap<string, SVGPathElement>;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Puts markup that Mermaid made into the page. The only place where markup becomes elements: it is parsed apart from the
 * page, where no script of it can run, and only the one picture is taken over.
 */
export function mountSvg(host: HTMLElement, markup: string): Drawing {
  const parsed = new DOMParser().parseFromString(markup, 'text/html').querySelector('svg');
  if (!parsed) throw new Error('Expected a picture from Mermaid, but its answer holds no svg element.');
  const svg = document.importNode(parsed, true);
  const box = boxOf(svg);
  const viewport = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  viewport.classList.add('viewport');
  for (const child of [...svg.children]) if (child.tagName === 'g') viewport.append(child);
  svg.append(viewport);
  for (const name of ['viewBox', 'style', 'width', 'height']) svg.removeAttribute(name);
  svg.setAttribute('width', '100%');
  svg.setAttribute('height', '100%');
  host.replaceChildren(svg);
  return { svg, viewport, box, nodes: nodesOf(svg), edges: edgesOf(svg) };
}

function boxOf(svg: SVGSVGElement): Box {
  const [x = 0, y = 0, width = 100, height = 100] = (svg.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number);
  return { x, y, width, height };
}

function nodesOf(svg: SVGSVGElement): ReadonlyMap<string, SVGGElement> {
  const found = new Map<string, SVGGElement>();
  for (const element of svg.querySelectorAll<SVGGElement>('g.node')) {
    const id = mermaidIdOf(svg.id, element.id);
    if (id) found.set(id, element);
  }
  return found;
}

function edgesOf(svg: SVGSVGElement): ReadonlyMap<string, SVGPathElement> {
  const found = new Map<string, SVGPathElement>();
  for (const path of svg.querySelectorAll<SVGPathElement>('path[data-id]')) {
    const id = path.dataset['id'];
    if (id) found.set(id, path);
  }
  return found;
}
