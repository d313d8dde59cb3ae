import type { Json } from '../../api/wire.js';
import { Copy } from './Copy.js';

/** Text with line numbers that are not copied with it. */
export function CodeText({ text, what }: { readonly text: string; readonly what: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <div className="code">
      <div className="code-copy">
        <Copy value={text} what={what} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={what}>
        <pre>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity
            <span key={index} className="line">
              {line}
              {'\n'}
            </span>
          ))}
        </pre>
      </section>
    </div>
  );
}

export function JsonText({ value, what }: { readonly value: Json | undefined; readonly what: string }) {
  return <CodeText text={JSON.stringify(value ?? null, null, 2)} what={what} />;
}
