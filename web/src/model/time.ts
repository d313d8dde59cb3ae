const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `840 ms`, `2.4 s`, `3m 05s`, `2h 10m`, `4d 3h`. Two units at most; a negative span is shown as none. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)} ms`;
  if (span < 10 * SECOND) return `${(Math.floor(span / 100) / 10).toFixed(1)} s`;
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)}m ${two((span % MINUTE) / SECOND)}s`;
  if (span < DAY) return `${Math.floor(span / HOUR)}h ${two((span % HOUR) / MINUTE)}m`;
  return `${Math.floor(span / DAY)}d ${Math.floor((span % DAY) / HOUR)}h`;
}

/** `now`, `42 s ago`, `in 5 min`: one unit, for scanning. The exact time belongs beside it. */
export function relative(atMs: number, nowMs: number): string {
  const span = Math.abs(nowMs - atMs);
  if (span < 2 * SECOND) return 'now';
  const text = oneUnit(span);
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** Milliseconds between two ISO times; `end` null = until now. */
export function spanMs(start: string, end: string | null, nowMs: number): number {
  return (end === null ? nowMs : Date.parse(end)) - Date.parse(start);
}

/** `2026-11-21 14:03:07.250 UTC`: exact, sortable, the same for everybody who reads it in a ticket. */
export function absolute(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toISOString().replace('T', ' ').replace('Z', ' UTC');
}

function oneUnit(span: number): string {
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
