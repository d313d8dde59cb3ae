import { err, ok, type Result } from '../core/result.js';
import { isLane, type LaneName } from '../core/routing/lane.js';
import type { DispatchMessage } from '../engine/ports/broker.js';

/** Raised when a field changes its meaning or goes. A new optional field does not need it. */
const ENVELOPE_VERSION = 1;

/** The names are short because each message carries them. */
interface Envelope {
  readonly v: number;
  readonly i: string;
  readonly f: string;
  readonly d: number;
  readonly n: string;
  readonly s: number;
  readonly a: number;
  readonly x: number;
  readonly k: DispatchMessage['kind'];
  readonly h: string | null;
  readonly l: LaneName;
  readonly w: number;
  /** Left out where the handler as a whole is the subject. */
  readonly b?: string | undefined;
  /** 1 where it was sent to wait, else left out. */
  readonly p?: 1 | undefined;
}

/** The body of a dispatch, in JSON. */
export function encode(message: DispatchMessage): string {
  const envelope: Envelope = {
    v: ENVELOPE_VERSION,
    i: message.instance,
    f: message.flow,
    d: message.version,
    n: message.node,
    s: message.visit,
    a: message.attempt,
    x: message.dispatch,
    k: message.kind,
    h: message.handler,
    l: message.lane,
    w: message.wakeAt,
    b: message.subject,
    p: message.delayed && 1,
  };
  return JSON.stringify(envelope);
}

/** Reads a body strictly: whatever is not exactly a dispatch of a known version is refused with the reason. */
export function decode(body: Buffer): Result<DispatchMessage, string> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return err(`Expected a dispatch in JSON, but got ${body.length} bytes that are none.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return err('Expected a JSON object, but got something else.');
  }
  const { v, i, f, d, n, s, a, x, k, h, l, w, b, p } = value as Record<keyof Envelope, unknown>;
  if (v !== ENVELOPE_VERSION) return err(`Expected version ${ENVELOPE_VERSION} of a dispatch, but got ${show(v)}.`);
  if (!isId(i)) return wrong('i', 'an instance', i);
  if (!isId(f)) return wrong('f', 'a flow', f);
  if (!isCount(d)) return wrong('d', 'a version', d);
  if (!isId(n)) return wrong('n', 'a node', n);
  if (!isCount(s)) return wrong('s', 'a visit', s);
  if (!isCount(a)) return wrong('a', 'an attempt', a);
  if (!isCount(x)) return wrong('x', 'a dispatch', x);
  if (k !== 'task' && k !== 'timer') return wrong('k', 'task or timer', k);
  if (h !== null && !isId(h)) return wrong('h', 'a handler or null', h);
  if (typeof l !== 'string' || !isLane(l)) return wrong('l', 'a lane', l);
  if (typeof w !== 'number' || !Number.isFinite(w)) return wrong('w', 'a time', w);
  if (b !== undefined && !isId(b)) return wrong('b', 'a subject', b);
  return ok({
    instance: i,
    flow: f,
    version: d,
    node: n,
    visit: s,
    attempt: a,
    dispatch: x,
    kind: k,
    handler: h,
    lane: l,
    wakeAt: w,
    ...(b !== undefined && { subject: b }),
    ...(p === 1 && { delayed: true }),
  });
}

/** Equal for equal dispatches, over retries of the sending. */
export const messageIdOf = (message: DispatchMessage): string =>
  `${message.instance}.${message.node}.${message.visit}:${message.attempt}:${message.dispatch}`;

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
const wrong = (field: string, expected: string, got: unknown) =>
  err(`Expected ${expected} in '${field}', but got ${show(got)}.`);
