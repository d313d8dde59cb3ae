import type { Json, PlayRow } from '../api/wire.js';
import type { Typed } from './form.js';

/** What stands in the fields about a play, but for its parameters. */
export interface PlayDraft {
  readonly title: string;
  /** As a field of a local time has it: `2026-10-01T00:00`. */
  readonly from: string;
  readonly to: string;
  readonly audience: string;
  readonly max: string;
  readonly by: string;
  readonly reason: string;
}

export const EMPTY_PLAY: PlayDraft = { title: '', from: '', to: '', audience: '', max: '', by: '', reason: '' };

/** The fields as they are for a play that is there. */
export function draftOf({ title, window, audience, quota }: PlayRow): PlayDraft {
  return {
    title: title ?? '',
    from: localOf(window?.from ?? null),
    to: localOf(window?.to ?? null),
    audience: audience ?? '',
    max: quota ? String(quota.max) : '',
    by: quota?.by ?? '',
    reason: '',
  };
}

/** What is sent. Everything is said, so that what was emptied is taken away. */
export function bodyOf({ title, from, to, audience, max, by, reason }: PlayDraft): Record<string, Json> {
  const window = { ...(from && { from: isoOf(from) }), ...(to && { to: isoOf(to) }) };
  return {
    title: title.trim() || null,
    window: from || to ? window : null,
    audience: audience.trim() || null,
    quota: max ? { max: Number(max), ...(by.trim() && { by: by.trim() }) } : null,
    ...(reason.trim() && { reason: reason.trim() }),
  };
}

/** Parameters as a form shows them. */
export function typedOf(params: Json): Typed {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return {};
  const entries = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? ''),
  ]);
  return Object.fromEntries(entries) as Typed;
}

const isoOf = (local: string): string => new Date(local).toISOString();

/** In the time of whoever looks, to the second where there is one. */
function localOf(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return local.endsWith(':00') ? local.slice(0, 16) : local;
}
