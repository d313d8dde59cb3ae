import { useSyncExternalStore } from 'react';
import { absolute, duration, relative, spanMs } from '../../model/time.js';

/** One clock for the whole page; it ticks only while somebody looks at it. */
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  if (watchers.size === 0) now = Date.now();
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const still = (): (() => void) => () => undefined;

/** The time in milliseconds, anew every second; with `ticking` false it stands still. */
export function useNow(ticking = true): number {
  return useSyncExternalStore(ticking ? watch : still, () => now);
}

/** A text that follows the clock; renders only when the text changes. */
function useClockText(text: (nowMs: number) => string, ticking = true): string {
  return useSyncExternalStore(ticking ? watch : still, () => text(now));
}

/** `42 s ago`, with the exact time on hover. */
export function Ago({ at }: { readonly at: string }) {
  const text = useClockText((nowMs) => relative(Date.parse(at), nowMs));
  return (
    <time dateTime={at} title={absolute(at)} className="nowrap">
      {text}
    </time>
  );
}

/** How long it took, or has taken so far. */
export function Took({ start, end }: { readonly start: string; readonly end: string | null }) {
  const text = useClockText((nowMs) => duration(spanMs(start, end, nowMs)), end === null);
  const title = end === null ? `since ${absolute(start)}` : `${absolute(start)} to ${absolute(end)}`;
  return (
    <span title={title} className="nowrap num">
      {text}
    </span>
  );
}
