import type { MermaidConfig } from 'mermaid';
import { recall, remember } from './pictures.js';

/** Boxes as wide as their words, so that more of the flow can be read at once. */
const SIZES = { padding: 9, wrappingWidth: 170, minNodeWidth: 48, nodeSpacing: 34, rankSpacing: 40 };

/** Neutral: states are painted afterwards by class, so that a change of state or of colours draws nothing anew. */
const CONFIG: MermaidConfig = {
  startOnLoad: false,
  securityLevel: 'strict',
  layout: 'elk',
  theme: 'base',
  look: 'classic',
  deterministicIds: true,
  suppressErrorRendering: true,
  maxEdges: 5000,
  maxTextSize: 5e6,
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif',
  fontSize: 13,
  themeVariables: { fontSize: '13px' },
  // Mermaid 12 gives flowcharts a theme and a look of their own unless they are set here too.
  flowchart: { theme: 'base', look: 'classic', htmlLabels: true, useMaxWidth: false, ...SIZES },
};

/** Raised whenever the configuration changes what is drawn. */
const STYLE = 2;

/** Loads Mermaid ahead of the first picture, while nothing else is to be done. */
export function warmUp(): void {
  const load = (): void => void import('mermaid');
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 5000 });
  else setTimeout(load, 2000);
}

let queue: Promise<unknown> = Promise.resolve();

/**
 * The picture of a Mermaid text as SVG markup. Each text is drawn once in a browser: about 12 ms per node, on the main
 * thread. Throws what Mermaid throws.
 */
export async function drawFlow(name: string, text: string): Promise<string> {
  const hash = await digest(text);
  const key = `${name} ${hash} mermaid ${__MERMAID_VERSION__} style ${STYLE}`;
  const known = await recall(key);
  if (known) return known;
  // Mermaid keeps one drawing board: two drawings at once would smear each other.
  const drawing = queue.then(async () => {
    const { default: mermaid } = await import('mermaid');
    mermaid.initialize(CONFIG);
    return (await mermaid.render(`flow${hash}`, text)).svg;
  });
  queue = drawing.catch(() => undefined);
  const svg = await drawing;
  await remember(key, svg);
  return svg;
}

/** 64 bits are plenty to tell texts apart; `crypto.subtle` is absent on plain http other than loopback. */
async function digest(text: string): Promise<string> {
  if (!globalThis.crypto?.subtle) return `${text.length}x${fold(text)}`;
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fold(text: string): string {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return String(hash >>> 0);
}
