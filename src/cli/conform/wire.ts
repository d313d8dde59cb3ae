import type { JsonObject } from '../../core/json.js';
import type { OutgoingTask, ReplyDelivery } from '../../engine/ports/broker.js';

/** What came back from a worker. */
export type WiredReply = Pick<ReplyDelivery, 'correlationId' | 'body' | 'contentType' | 'contentEncoding'> & {
  readonly persistent: boolean;
};

/** The engine's end of a worker's queue. */
export interface Wire {
  state(): Promise<{ readonly ready: number; readonly consumers: number }>;
  send(task: Omit<OutgoingTask, 'task'>): Promise<void>;
  /** Hears every reply from now on; returns how to stop. */
  hear(ear: (reply: WiredReply) => void): () => void;
}

/** Answers that a worker can be asked for by the right input. */
export const ASKED = ['no', 'error', 'permanent', 'poll', 'heartbeat'] as const;
export type Asked = (typeof ASKED)[number];

export interface ConformOrder {
  readonly task: string;
  /** Which the worker can do its work with. */
  readonly input: JsonObject;
  /** Inputs that lead to these answers. */
  readonly cases: Readonly<Partial<Record<Asked, JsonObject>>>;
  /** How long each answer is waited for. */
  readonly timeoutMs: number;
}

export interface Finding {
  readonly check: string;
  readonly verdict: 'passed' | 'failed' | 'not tried';
  readonly detail: string;
}

export interface Report {
  readonly task: string;
  readonly conforms: boolean;
  readonly findings: readonly Finding[];
}
