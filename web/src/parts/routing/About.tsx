import type { Json } from '../../api/wire.js';

/** What a match names, one condition after the other. */
export function About({ match }: { readonly match: Readonly<Record<string, Json>> }) {
  const parts = Object.entries(match).flatMap(([name, value]) =>
    name === 'dims' && typeof value === 'object' && value !== null
      ? Object.entries(value).map(([dim, each]) => `${dim} = ${String(each)}`)
      : [`${WORDS[name] ?? name} ${String(value)}`],
  );
  if (parts.length === 0) return <span className="dim">everything</span>;
  return (
    <span className="about">
      {parts.map((part) => (
        <code key={part}>{part}</code>
      ))}
    </span>
  );
}

const WORDS: Readonly<Record<string, string>> = { attemptFrom: 'attempt ≥', attemptTo: 'attempt ≤' };
