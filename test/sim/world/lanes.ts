import { LANE_NAMES, type LaneName } from '../../../src/core/routing/lane.js';
import type { DispatchMessage, OutgoingDispatch, StartDelivery } from '../../../src/engine/ports/broker.js';
import type { WorldClock } from './sim-clock.js';

export type StartMessage = Omit<StartDelivery, 'redelivered' | 'ack' | 'release'>;

/** A message in a queue. */
export interface Parcel {
  readonly content: DispatchMessage | StartMessage;
  readonly queue: Parcel[];
  /** Times it was delivered before. */
  readonly delivered: number;
}

interface Delayed {
  readonly dueAt: number;
  readonly message: DispatchMessage;
}

/** The broker of a world, shared by its engines: queues that forget what they are told to forget. */
export class Lanes {
  readonly queues: ReadonlyMap<LaneName, Parcel[]> = new Map(LANE_NAMES.map((lane) => [lane, []]));
  readonly starts: Parcel[] = [];
  delayed: Delayed[] = [];
  /** Clones of every dispatch that was ever sent, to be sent once more. */
  readonly sent: DispatchMessage[] = [];

  constructor(private readonly clock: WorldClock) {}

  send({ message, delayMs }: OutgoingDispatch): void {
    const copy = structuredCloneOf(message);
    this.sent.push(copy);
    if (delayMs > 0) this.delayed.push({ dueAt: this.clock.at + delayMs, message: copy });
    else this.put(copy);
  }

  put(message: DispatchMessage): void {
    const queue = this.queues.get(message.lane) as Parcel[];
    queue.push({ content: message, queue, delivered: 0 });
  }

  start(message: StartMessage): void {
    this.starts.push({ content: message, queue: this.starts, delivered: 0 });
  }

  /** Back to the head of its queue. */
  putBack({ content, queue, delivered }: Parcel): void {
    queue.unshift({ content, queue, delivered: delivered + 1 });
  }

  /** Delayed messages that are due now go to their lanes. */
  fall(): void {
    const due = this.delayed.filter(({ dueAt }) => dueAt <= this.clock.at).sort((a, b) => a.dueAt - b.dueAt);
    if (due.length === 0) return;
    this.delayed = this.delayed.filter(({ dueAt }) => dueAt > this.clock.at);
    for (const { message } of due) this.put(message);
  }

  /** What lies in the lanes is gone; start messages are the client's, and stay. */
  purge(): number {
    let gone = 0;
    for (const queue of this.queues.values()) gone += queue.splice(0).length;
    return gone;
  }

  forget(): number {
    const gone = this.delayed.length;
    this.delayed = [];
    return gone;
  }

  get ready(): number {
    let count = this.starts.length;
    for (const queue of this.queues.values()) count += queue.length;
    return count;
  }
}

const structuredCloneOf = (message: DispatchMessage): DispatchMessage =>
  JSON.parse(JSON.stringify(message)) as DispatchMessage;
