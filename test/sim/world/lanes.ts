import { LANE_NAMES, type LaneName } from '../../../src/core/routing/lane.js';
import type {
  DispatchMessage,
  MessageDelivery,
  OutgoingDispatch,
  OutgoingTask,
  ReplyDelivery,
  StartDelivery,
} from '../../../src/engine/ports/broker.js';
import type { WorldClock } from './sim-clock.js';

export type StartMessage = Omit<StartDelivery, 'redelivered' | 'ack' | 'release'>;
export type LetterMessage = Omit<MessageDelivery, 'redelivered' | 'ack' | 'release'>;

export type ReplyMessage = Omit<ReplyDelivery, 'redelivered' | 'ack' | 'release'>;
export type QueueName = LaneName | 'starts' | 'messages' | 'replies';

/** A message in a queue. */
export interface Parcel {
  readonly content: DispatchMessage | StartMessage | LetterMessage | ReplyMessage;
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
  /** Messages for flows that wait: like starts they are their senders', and nobody purges them. */
  readonly messages: Parcel[] = [];
  /** Attempts for workers outside, and what they answered. */
  readonly tasks: OutgoingTask[] = [];
  readonly replies: Parcel[] = [];
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

  letter(message: LetterMessage): void {
    this.messages.push({ content: message, queue: this.messages, delivered: 0 });
  }

  reply(message: ReplyMessage): void {
    this.replies.push({ content: message, queue: this.replies, delivered: 0 });
  }

  /** The queue of a name; lanes, and what is the clients'. */
  queueOf(name: QueueName): Parcel[] {
    if (name === 'starts') return this.starts;
    if (name === 'replies') return this.replies;
    return name === 'messages' ? this.messages : (this.queues.get(name) as Parcel[]);
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
    let gone = this.tasks.splice(0).length + this.replies.splice(0).length;
    for (const queue of this.queues.values()) gone += queue.splice(0).length;
    return gone;
  }

  forget(): number {
    const gone = this.delayed.length;
    this.delayed = [];
    return gone;
  }

  /** Messages that are clients'. */
  get clients(): number {
    return this.starts.length + this.messages.length;
  }

  get ready(): number {
    let count = this.clients + this.tasks.length + this.replies.length;
    for (const queue of this.queues.values()) count += queue.length;
    return count;
  }
}

const structuredCloneOf = (message: DispatchMessage): DispatchMessage =>
  JSON.parse(JSON.stringify(message)) as DispatchMessage;
