import type { ErrorComponentProps } from '@tanstack/react-router';
import { Trouble } from '../small/Notes.js';

/** A page that failed to render: the frame stays, and the page can be tried again. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <section className="page">
      <Trouble error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </section>
  );
}
