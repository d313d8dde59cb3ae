import { type Instance, isActive, isOver, type NodeInstance } from '../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../src/core/json.js';
import type { DispatchMessage } from '../../../src/engine/ports/broker.js';
import type { AttemptRecord, Changes, IncidentRecord } from '../../../src/engine/ports/store.js';

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
  ended: number | null;
}

/**
 * What was committed, in order, seen from outside the store. What must hold at every commit is checked here, while faults
 * happen: one end per instance, nothing after it, nothing twice, no gap.
 */
export class History {
  readonly courses = new Map<string, Course>();
  readonly violations: string[] = [];
  /** Dispatches that engines were given, as `attempt.dispatch`, by node instance. */
  private readonly delivered = new Map<string, Set<string>>();
  private commits = 0;

  constructor(private readonly now: () => number) {}

  taken({ instance, node, visit, attempt, dispatch }: DispatchMessage): void {
    const unit = `${instance}.${node}.${visit}`;
    this.delivered.set(unit, (this.delivered.get(unit) ?? new Set()).add(`${attempt}.${dispatch}`));
  }

  /** Dispatches of one attempt that engines were given: a poll makes another, and so does waiting for a circuit. */
  dispatchesOf(unit: string, attempt: number): number {
    return [...(this.delivered.get(unit) ?? [])].filter((one) => one.startsWith(`${attempt}.`)).length;
  }

  /** @param input of an instance that is new. */
  committed(changes: Changes, input: JsonObject = {}): void {
    this.commits++;
    const { id } = changes.instance;
    const course = this.courses.get(id) ?? this.begin(changes, String(input['bank'] ?? ''));
    const before = course.instance;
    if (isOver(before.status)) this.wrong('I3', `${id} is over, and yet ${describe(changes)} was committed`);
    if (changes.instanceChanged) {
      if (changes.instance.seq <= before.seq)
        this.wrong('I14', `${id} went from seq ${before.seq} to ${changes.instance.seq}`);
      course.instance = changes.instance;
    }
    for (const row of changes.nodes) this.node(course, row);
    for (const attempt of changes.attempts) this.ending(course, attempt);
    course.raised.push(...changes.raised);
    if (changes.ended) course.ended = this.commits;
    if (changes.ended !== isOver(course.instance.status))
      this.wrong('I3', `${id} is ${course.instance.status}, but its change says ended: ${changes.ended}`);
    this.count(course);
  }

  private begin(changes: Changes, bank: string): Course {
    const course: Course = {
      instance: { ...changes.instance, status: 'running', seq: 0 },
      nodes: new Map(),
      putOff: new Map(),
      raised: [],
      began: this.commits,
      bank,
      ended: null,
    };
    this.courses.set(changes.instance.id, course);
    return course;
  }

  private node(course: Course, row: NodeInstance): void {
    const { instance, nodes } = course;
    const name = `${row.node}.${row.visit}`;
    const before = nodes.get(name);
    if (before && !isActive(before.status))
      this.wrong(
        'I14',
        `${instance.id} ${name} was ${before.status} and became ${row.status} (attempt ${row.attempt})`,
      );
    if (before && row.attempt < before.attempt)
      this.wrong('I12', `${instance.id} ${name} went from attempt ${before.attempt} to ${row.attempt}`);
    nodes.set(name, row);
    if (before?.status !== 'ready' || row.status !== 'ready' || row.attempt !== before.attempt) return;
    if (row.wakeAt === before.wakeAt || (row.wakeAt ?? 0) <= this.now()) return;
    if (row.dispatch === before.dispatch)
      this.wrong('I14', `${instance.id} ${name} was put off, and is still dispatch ${row.dispatch}`);
    else if (row.polls === before.polls) this.putOff(course, name);
  }

  private ending(course: Course, { node, visit, how }: AttemptRecord): void {
    if (how === 'polled') this.putOff(course, `${node}.${visit}`);
  }

  /** A dispatch is put off once, however often it was delivered: that makes one more. */
  private putOff({ instance, putOff }: Course, name: string): void {
    const count = (putOff.get(name) ?? 0) + 1;
    putOff.set(name, count);
    const delivered = this.delivered.get(`${instance.id}.${name}`)?.size ?? 0;
    if (count > delivered)
      this.wrong('I14', `${instance.id} ${name} was put off ${count} times by ${delivered} dispatches`);
  }

  private count({ instance, nodes }: Course): void {
    let active = 0;
    let incidents = 0;
    for (const { status } of nodes.values()) {
      active += Number(isActive(status));
      incidents += Number(status === 'incident');
    }
    if (active !== instance.active || incidents !== instance.incidents)
      this.wrong(
        'I6',
        `${instance.id} counts ${instance.active} active and ${instance.incidents} incidents, but has ${active} and ${incidents}`,
      );
  }

  wrong(invariant: string, what: string): void {
    this.violations.push(`${invariant}: ${what}`);
  }
}

const describe = ({ nodes }: Changes): string =>
  nodes.map(({ node, visit, status }) => `${node}.${visit} ${status}`).join(', ') || 'a change';
