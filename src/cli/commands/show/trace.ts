import { createHash } from 'node:crypto';
import { spanIdOf, traceIdOf } from '../../../engine/remote/traceparent.js';
import { ApiClient } from '../../api/api-client.js';
import type { InstanceView } from '../../api/wire.js';
import type { Terminal } from '../../terminal.js';
import type { ShownInstance, ShownNode } from './shown.js';

/** A span of Zipkin's JSON, version 2. Times are microseconds. */
interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly timestamp: number;
  readonly duration?: number;
  readonly localEndpoint: { readonly serviceName: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
}

/** Writes an instance as a trace, for whoever draws traces: the spans that its handlers have handed on are parents there. */
export async function trace(id: string, terminal: Terminal): Promise<number> {
  const view = await new ApiClient(terminal).get<InstanceView>(`/instances/${encodeURIComponent(id)}`);
  terminal.out(JSON.stringify(spansOf(view), null, 2));
  return 0;
}

/** The instance as the root, and each visit to a node as a span with its attempts on it. */
export function spansOf(view: ShownInstance): readonly Span[] {
  const { id, flow, version, key, status, outcome } = view;
  const traceId = traceIdOf(id, sha256);
  const localEndpoint = { serviceName: `sluice/${flow}` };
  const root: Span = {
    traceId,
    id: spanIdOf(id, sha256),
    name: flow,
    ...during(view),
    localEndpoint,
    tags: { instance: id, version: String(version), status, ...given({ key, outcome }) },
  };
  const nodes = view.nodes.map(
    (node): Span => ({
      traceId,
      id: spanIdOf(node.id, sha256),
      parentId: root.id,
      name: node.node,
      ...during(node),
      localEndpoint,
      tags: tagsOf(node),
      annotations: node.attempts.map(({ attempt, how, error, at }) => {
        return { timestamp: micros(at), value: `attempt ${attempt} ${how}${error ? `: ${error.code}` : ''}` };
      }),
    }),
  );
  return [root, ...nodes];
}

function tagsOf({ shown, attempt, visit, lane, reason, error }: ShownNode): Readonly<Record<string, string>> {
  const counts = { attempt: String(attempt), visit: String(visit) };
  return { status: shown, ...counts, ...given({ lane, reason, error: error?.code ?? null }) };
}

const given = (tags: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

function during({ startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string | null }) {
  const timestamp = micros(startedAt);
  // A span without a duration is one that is not over.
  return { timestamp, ...(endedAt !== null && { duration: Math.max(1, micros(endedAt) - timestamp) }) };
}

const micros = (iso: string): number => Date.parse(iso) * 1_000;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
