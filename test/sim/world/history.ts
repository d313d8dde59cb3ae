import { ITEMS_FROM, isUndo, shownVisit } from '../../../src/core/definition/work/each.js';
import { type Caller, type Instance, isActive, isOver, type NodeInstance } from '../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../src/core/json.js';
import { DATABASE_TIMER, LEASED } from '../../../src/core/routing/lane.js';
import type { DispatchMessage } from '../../../src/engine/ports/broker.js';
import type { AttemptRecord, Changes, IncidentRecord } from '../../../src/engine/ports/store.js';
import { type Block, borderOf } from '../flow/block.js';
import { ClaimGuard } from './claim-guard.js';
import { CommitGuards } from './guards/commit-guards.js';
import { describe, wrongCounts } from './guards/exact-counts.js';
import type { PlayGuard } from './guards/play-guard.js';
import { movedWrongly } from './versions.js';

/** Sees what is committed. */
export interface Witness {
  /** @param input of an instance that is new. */
  committed(changes: Changes, input?: JsonObject): void;
}

/** One instance as its committed changes tell it. */
export interface Course {
  instance: Instance;
  readonly nodes: Map<string, NodeInstance>;
  /** How often it was put off: by a handler that says "ask again", or by a circuit; by `node.visit`. */
  readonly putOff: Map<string, number>;
  readonly raised: IncidentRecord[];
  /** Places in the order of commits: when it began, and when it was over. */
  readonly began: number;
  /** Whom its tasks are about, if partners are kept apart. */
  readonly bank: string;
  /** Of its start; instances that it calls have the same. */
  readonly receipt: string;
  ended: number | null;
}

/**
 * What was committed, in order, seen from outside the store. What must hold at every commit is checked here, while faults
 * happen: one end per instance, nothing after it, nothing twice, no gap.
 */
export class History {
  readonly courses = new Map<string, Course>();
  /** Called instances by `instance.node.visit.attempt` of who called. */
  readonly called = new Map<string, Course>();
  /** Paused instances that somebody asks to let go on: a commit may hold the pause and its end. */
  readonly letGo = new Set<string>();
  /** When calls were given up. */
  readonly abandoned = new Map<string, number>();
  readonly violations: string[] = [];
  private readonly mail = new Map<string, { waiting: number; received: number }>();
  private readonly taken = new Set<string>();
  /** Dispatches that engines were given, as `attempt.dispatch`, by node instance. */
  private readonly delivered = new Map<string, Set<string>>();
  private readonly claims = new ClaimGuard(
    () => this.now(),
    (what) => this.wrong('I24', what),
  );
  readonly guards: CommitGuards;
  private commits = 0;

  constructor(
    private readonly now: () => number,
    flows: Readonly<Record<string, Block>>,
    isWatched = true,
    private readonly plays: PlayGuard | null = null,
  ) {
    this.guards = new CommitGuards(flows, now, isWatched, (invariant, what) => this.wrong(invariant, what));
  }

  delivers({ instance, node, visit, attempt, dispatch }: DispatchMessage): void {
    const unit = `${instance}.${node}.${shownVisit(visit)}`;
    this.delivered.set(unit, (this.delivered.get(unit) ?? new Set()).add(`${attempt}.${dispatch}`));
  }

  /** Dispatches of one attempt that engines were given: a poll makes another, and so does waiting for a circuit. */
  dispatchesOf(unit: string, attempt: number): number {
    return [...(this.delivered.get(unit) ?? [])].filter((one) => one.startsWith(`${attempt}.`)).length;
  }

  /** What one process commits. */
  seenBy(process: object): Witness {
    return { committed: (changes, input = {}) => this.committed(changes, input, process) };
  }

  private committed(changes: Changes, input: JsonObject, by: object): void {
    this.commits++;
    const { id } = changes.instance;
    const course = this.courses.get(id) ?? this.begin(changes, input);
    const before = course.instance;
    if (isOver(before.status)) this.wrong('I3', `${id} is over, and yet ${describe(changes)} was committed`);
    if (changes.instanceChanged) {
      if (changes.instance.seq <= before.seq)
        this.wrong('I14', `${id} went from seq ${before.seq} to ${changes.instance.seq}`);
      course.instance = changes.instance;
    }
    const wasPaused = before.status === 'paused';
    const isPaused = course.instance.status === 'paused';
    if (wasPaused && isPaused) this.whilePaused(course, changes);
    const goesOn = !isPaused && (wasPaused || this.letGo.has(id));
    if (goesOn && changes.instanceChanged) this.letGo.delete(id);
    const was = new Map(
      changes.nodes.map(({ node, visit }) => [`${node}.${visit}`, course.nodes.get(`${node}.${visit}`)]),
    );
    const moved = movedWrongly(before, changes);
    if (moved !== null) this.wrong('I41', moved);
    const isMove = course.instance.version !== before.version;
    for (const row of changes.nodes) {
      if (!isMove) this.claims.see(course, row, by);
      // In another version, edges have other numbers, also those by which something was entered that is over.
      if (!isMove) this.node(course, row, goesOn);
      else course.nodes.set(`${row.node}.${row.visit}`, row);
    }
    for (const row of changes.nodes) this.sort(course, was.get(`${row.node}.${row.visit}`), row, changes);
    this.guards.see(course, changes, was, this.commits);
    if (isPaused) this.paused(course);
    for (const message of changes.beyond?.taken ?? []) {
      if (this.taken.has(message)) this.wrong('I21', `${id} uses the message ${message}, which was used before`);
      this.taken.add(message);
    }
    for (const attempt of changes.attempts) this.ending(course, attempt);
    course.raised.push(...changes.raised);
    if (changes.ended) course.ended = this.commits;
    if (changes.ended !== isOver(course.instance.status))
      this.wrong('I3', `${id} is ${course.instance.status}, but its change says ended: ${changes.ended}`);
    const counts = wrongCounts(course);
    if (counts !== null) this.wrong('I6', counts);
  }

  private begin(changes: Changes, input: JsonObject): Course {
    const course: Course = {
      instance: { ...changes.instance, status: 'running', seq: 0 },
      nodes: new Map(),
      putOff: new Map(),
      raised: [],
      began: this.commits,
      bank: String(input['bank'] ?? ''),
      receipt: String(input['receipt'] ?? ''),
      ended: null,
    };
    this.courses.set(changes.instance.id, course);
    const { caller } = changes.instance.state;
    if (caller) this.calls(caller, course);
    this.plays?.begins(changes.instance, input);
    return course;
  }

  private calls({ instance, node, visit, attempt }: Caller, course: Course): void {
    const name = `${instance}.${node}.${visit}.${attempt}`;
    if (this.called.has(name)) this.wrong('I23', `${name} has called ${course.instance.id}, and another before`);
    this.called.set(name, course);
  }

  /** While an instance is paused everything is held; what runs may go on. */
  private paused({ instance, nodes }: Course): void {
    for (const { node, visit, status, queue } of nodes.values()) {
      const isHeld = queue === null || queue === LEASED || (status === 'waiting' && queue === DATABASE_TIMER);
      if (isActive(status) && !isHeld)
        this.wrong('I22', `${instance.id} is paused, but ${node}.${visit} is ${status} on queue ${queue}`);
    }
  }

  /** No time passes for it: only what somebody does brings it on. */
  private whilePaused({ instance, nodes }: Course, changes: Changes): void {
    for (const { node, visit, status, error } of changes.nodes) {
      // An item has failed, or something is undone, and the node goes on because of that.
      const byItem = changes.nodes.some(
        (row) => row.visit >= ITEMS_FROM && row.status === 'done' && (row.node === node || isUndo(row.visit)),
      );
      const waited = nodes.get(`${node}.${visit}`)?.status === 'waiting' && !byItem;
      const isAnswer = changes.outputs.some((one) => one.node === node && one.visit === visit);
      const ranOut = status === 'done' && (error === null ? !isAnswer : error.code === 'TIMEOUT');
      if (waited && ranOut) this.wrong('I22', `${instance.id} is paused, but the time of ${node}.${visit} has passed`);
    }
  }

  /** How many visits to a node wait or were left by a message, over all instances of one start. */
  mailOf(receipt: string, node: string): { readonly waiting: number; readonly received: number } {
    return this.mail.get(`${receipt} ${node}`) ?? { waiting: 0, received: 0 };
  }

  private sort(
    { receipt }: Course,
    before: NodeInstance | undefined,
    row: NodeInstance,
    { outputs }: Pick<Changes, 'outputs'>,
  ): void {
    // What is over is written once more when its edges get other numbers.
    if (before && !isActive(before.status)) return;
    const [host, border] = row.node.split('@');
    const to = border === undefined ? row.node : borderOf(host as string);
    const name = `${receipt} ${to}`;
    const { waiting, received } = this.mailOf(receipt, to);
    // Whoever hears of more items has used a letter when there is one, whatever became of both in the same commit.
    const isUsed =
      border === 'more'
        ? outputs.some(({ node, visit }) => node === row.node && visit === row.visit)
        : row.status === 'done' && row.error === null;
    this.mail.set(name, {
      waiting: waiting + Number(row.status === 'waiting') - Number(before?.status === 'waiting'),
      received: received + Number(isUsed),
    });
  }

  private node(course: Course, row: NodeInstance, resumed: boolean): void {
    const { instance, nodes } = course;
    const name = `${row.node}.${row.visit}`;
    const before = nodes.get(name);
    const isUndone = before?.status === 'done' && row.status === 'compensated';
    if (before && !isActive(before.status) && !isUndone)
      this.wrong(
        'I14',
        `${instance.id} ${name} was ${before.status} and became ${row.status} (attempt ${row.attempt})`,
      );
    // Who has heard what cannot be read is as if nothing had come; its list may be over in the same commit.
    const isAnew = row.node.endsWith('@more') && row.attempt === 0 && row.status !== 'ready';
    if (before && row.attempt < before.attempt && !isAnew)
      this.wrong('I12', `${instance.id} ${name} went from attempt ${before.attempt} to ${row.attempt}`);
    nodes.set(name, row);
    if (row.status === 'cancelled') this.abandoned.set(`${instance.id}.${name}.${row.attempt}`, this.now());
    if (before?.status !== 'ready' || row.status !== 'ready' || row.attempt !== before.attempt) return;
    // The end of a lease moves with each renewal.
    if (before.queue === LEASED || row.queue === LEASED) return;
    if (row.wakeAt === before.wakeAt || (row.wakeAt ?? 0) <= this.now()) return;
    if (row.dispatch === before.dispatch)
      this.wrong('I14', `${instance.id} ${name} was put off, and is still dispatch ${row.dispatch}`);
    // What goes on after a pause is routed anew, and a circuit may keep it back.
    else if (row.polls === before.polls && !resumed) this.putOff(course, name);
  }

  private ending(course: Course, { node, visit, how }: AttemptRecord): void {
    if (how === 'polled') this.putOff(course, `${node}.${visit}`);
  }

  /** A dispatch is put off once, however often it was delivered: that makes one more. */
  private putOff({ instance, putOff }: Course, name: string): void {
    const count = (putOff.get(name) ?? 0) + 1;
    putOff.set(name, count);
    const [node, visit] = name.split('.');
    const delivered = this.delivered.get(`${instance.id}.${node}.${shownVisit(Number(visit))}`)?.size ?? 0;
    if (count > delivered)
      this.wrong('I14', `${instance.id} ${name} was put off ${count} times by ${delivered} dispatches`);
  }

  wrong(invariant: string, what: string): void {
    this.violations.push(`${invariant}: ${what}`);
  }
}
