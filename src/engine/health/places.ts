import { type LaneName, withoutGroup } from '../../core/routing/lane.js';
import { hasGivenWay, isCrowding } from '../../core/routing/limits/crowd.js';
import type { Subject } from '../../core/routing/subject.js';

/** Where a message runs, and for whom. */
export interface Place {
  readonly subject: Subject;
  readonly lane: LaneName;
}

/** Who runs in which lane of this engine at the moment, and who takes up more of one than others can bear. */
export class Places {
  /** Subjects that are told to go elsewhere; changes as messages come and go. */
  readonly crowding = new Set<Subject>();
  private readonly all = new Map<LaneName, number>();
  private readonly own = new Map<LaneName, Map<Subject, number>>();

  /** @param sizes how many messages may run at once, by lane. */
  constructor(private readonly sizes: Readonly<Partial<Record<LaneName, number>>>) {}

  /** Asked for a message that is about to take a place. */
  isTooMany({ subject, lane }: Place): boolean {
    const own = this.own.get(lane)?.get(subject) ?? 0;
    if (own === 0) return false;
    const places = this.sizeOf(lane);
    // Who is in a lane with a name of its own was sent there.
    if (places === undefined) return false;
    const is = isCrowding({ lane: withoutGroup(lane), places, all: this.all.get(lane) ?? 0, own });
    if (is) this.crowding.add(subject);
    return is;
  }

  enter({ subject, lane }: Place): void {
    this.all.set(lane, (this.all.get(lane) ?? 0) + 1);
    const subjects = this.own.get(lane) ?? new Map<Subject, number>();
    this.own.set(lane, subjects);
    subjects.set(subject, (subjects.get(subject) ?? 0) + 1);
  }

  leave({ subject, lane }: Place): void {
    this.all.set(lane, (this.all.get(lane) ?? 1) - 1);
    const subjects = this.own.get(lane);
    const left = (subjects?.get(subject) ?? 1) - 1;
    if (left > 0) subjects?.set(subject, left);
    else subjects?.delete(subject);
    if (this.crowding.size > 0 && this.crowding.has(subject) && hasGivenWay(left, this.sizeOf(lane) ?? 0))
      this.crowding.delete(subject);
  }

  /** The part of a lane that is of a group has as many places as the lane. */
  private sizeOf(lane: LaneName): number | undefined {
    return this.sizes[lane] ?? this.sizes[withoutGroup(lane)];
  }
}
