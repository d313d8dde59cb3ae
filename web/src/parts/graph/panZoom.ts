import { select } from 'd3-selection';
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import type { Drawing } from './mountSvg.js';

export interface PanZoom {
  /** The whole picture, never larger than life. */
  fit(): void;
  /** Legible: the whole picture where that can be read, else life-like with this node in sight. */
  begin(node: SVGGElement | null): void;
  zoomBy(factor: number): void;
  /** Moves the picture only as far as is needed to see this node. */
  reveal(node: SVGGElement): void;
  stop(): void;
}

/** Below this scale 13-pixel text can no longer be read. */
export const LEGIBLE = 0.62;
/** The scale to begin with where the whole picture cannot be read. */
export const CLOSE = 0.85;
const MARGIN = 20;
/** Height of the tools below the picture, which cover nothing of it at first. */
const TOOLS = 28;

/** Drag pans; wheel with ctrl or ⌘ and pinch zoom; a plain wheel scrolls the page, sideways it pans. */
export function panZoom(drawing: Drawing): PanZoom {
  const { box } = drawing;
  const svg = select<SVGSVGElement, unknown>(drawing.svg);
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.05, 3])
    .extent(() => {
      const { width, height } = size();
      return [
        [0, 0],
        [width, height],
      ];
    })
    .filter((event: MouseEvent) => (event.type === 'wheel' ? event.ctrlKey || event.metaKey : !event.button))
    .clickDistance(4)
    .on('zoom', (event: { transform: { toString(): string } }) => {
      drawing.viewport.setAttribute('transform', event.transform.toString());
    });

  const size = () => {
    const { clientWidth, clientHeight } = drawing.svg.parentElement ?? drawing.svg;
    return { width: clientWidth || 1, height: Math.max(1, clientHeight - TOOLS) };
  };
  const place = (scale: number, x: number, y: number): void => {
    svg.call(behaviour.transform, zoomIdentity.translate(x, y).scale(scale));
  };
  const fitScale = (): number => {
    const { width, height } = size();
    return Math.min(1, (width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height);
  };
  const fit = (): void => {
    const { width, height } = size();
    const scale = Math.max(0.05, fitScale());
    place(scale, width / 2 - (box.x + box.width / 2) * scale, height / 2 - (box.y + box.height / 2) * scale);
  };

  const begin = (node: SVGGElement | null): void => {
    const scale = fitScale();
    if (scale >= LEGIBLE) return fit();
    const { width, height } = size();
    const at = node ? centre(drawing, node) : { x: box.x + width / CLOSE / 2, y: box.y + box.height / 2 };
    // Nothing is gained by showing what lies beyond the picture's edges.
    const x = bounded(width / 2 - at.x * CLOSE, width, box.x * CLOSE, box.width * CLOSE);
    const y = bounded(height / 2 - at.y * CLOSE, height, box.y * CLOSE, box.height * CLOSE);
    place(CLOSE, x, y);
  };

  let kept: SVGGElement | null = null;
  const reveal = (node: SVGGElement): void => {
    kept = node;
    const { k, x, y } = zoomTransform(drawing.svg);
    const { width, height } = size();
    const at = centre(drawing, node);
    const left = at.x * k + x;
    const top = at.y * k + y;
    const dx = Math.max(90 - left, 0) + Math.min(width - 90 - left, 0);
    const dy = Math.max(50 - top, 0) + Math.min(height - 50 - top, 0);
    if (dx !== 0 || dy !== 0) place(k, x + dx, y + dy);
  };

  const sideways = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    svg.call(behaviour.translateBy, -event.deltaX / zoomTransform(drawing.svg).k, 0);
  };

  // A panel opens, a window is resized: the middle stays the middle, and the chosen node stays in sight.
  let before = size();
  const resized = new ResizeObserver(() => {
    const { k, x, y } = zoomTransform(drawing.svg);
    const after = size();
    const dx = (after.width - before.width) / 2;
    const dy = (after.height - before.height) / 2;
    before = after;
    if (dx === 0 && dy === 0) return;
    place(k, x + dx, y + dy);
    if (kept) reveal(kept);
  });
  if (drawing.svg.parentElement) resized.observe(drawing.svg.parentElement);

  svg.call(behaviour).on('dblclick.zoom', null);
  drawing.svg.addEventListener('wheel', sideways, { passive: false });
  return {
    fit,
    begin,
    reveal,
    zoomBy: (factor) => void svg.call(behaviour.scaleBy, factor),
    stop: () => {
      svg.on('.zoom', null);
      resized.disconnect();
      drawing.svg.removeEventListener('wheel', sideways);
    },
  };
}

/** The middle of a node in the picture's own units, whatever groups it is nested in. */
function centre(drawing: Drawing, node: SVGGElement): { x: number; y: number } {
  const from = node.getCTM();
  const to = drawing.viewport.getCTM();
  if (!from || !to) return { x: drawing.box.x, y: drawing.box.y };
  const { e, f } = to.inverse().multiply(from);
  return { x: e, y: f };
}

/** An offset that keeps a picture of this length within a window, or centred when it is smaller. */
function bounded(offset: number, window: number, start: number, length: number): number {
  if (length + 2 * MARGIN <= window) return (window - length) / 2 - start;
  return Math.max(window - MARGIN - length - start, Math.min(MARGIN - start, offset));
}
