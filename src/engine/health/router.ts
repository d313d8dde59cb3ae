import { CLOSED, circuitAt } from '../../core/routing/health/circuit.js';
import type { KnownGroups } from '../../core/routing/health/groups.js';
import { UNKNOWN_LATENCY } from '../../core/routing/health/latency.js';
import {
  type LaneName,
  type NamedLane,
  type OpenLanes,
  type WantedLane,
  withoutGroup,
} from '../../core/routing/lane.js';
import type { Routable } from '../../core/routing/opinion.js';
import { POLICY } from '../../core/routing/policy.js';
import { type Degraded, degradedBy } from '../../core/routing/receipt.js';
import { type Route, route } from '../../core/routing/route.js';
import type { Override, Rule } from '../../core/routing/rules.js';
import { EMPTY_SNAPSHOT, type Frozen, type Snapshot } from '../../core/routing/snapshot.js';
import { chainOf, type Subject } from '../../core/routing/subject.js';
import type { AttemptOutcome } from '../ports/handlers.js';
import type { Health } from './health.js';
import { Places } from './places.js';
import type { ShareHealth } from './sharing/share-health.js';
import { verdictOf } from './verdict.js';
import { callOf, type SubjectReport } from './watched.js';

/** What people have written for the router. */
export interface Orders {
  readonly rules: readonly Rule[];
  readonly overrides: readonly Override[];
  readonly version: string | null;
  /** Lanes that files or published rules declare. */
  readonly lanes?: readonly WantedLane[];
  /** Named lanes that the installation has. */
  readonly named?: readonly NamedLane[];
}

/** Leave for one message to run. */
export interface Pass {
  readonly subject: Subject;
  /** Of which it takes a place while it runs here. */
  readonly lane?: LaneName;
  readonly probe: boolean;
}

/** What came of asking for leave: to run, to give the fallback of its node, or (`null`) to wait. */
export type Leave = Pass | { readonly degraded: Degraded } | null;

/** The router of this process: the pure decision, with what this process knows at the moment. */
export class Router {
  private readonly full = new Set<LaneName>();
  private readonly hits = new Map<string, number>();
  private readonly sent = new Map<LaneName, number>();
  private known: Snapshot;
  private readonly places: Places | null;
  private sharing: ShareHealth | null = null;
  /** The rules in force that say how many may run, or begin. */
  bounding: readonly Rule[] = [];

  constructor(
    readonly health: Health,
    /** Database time, as this process estimates it. */
    private readonly now: () => number,
    /** False: nothing is learnt, so nothing is ever kept back for its health. */
    private readonly watches = false,
    /** How many messages run at once, by lane; left out: no subject is kept from taking all of them. */
    sizes?: Readonly<Partial<Record<LaneName, number>>>,
  ) {
    this.places = watches && sizes ? new Places(sizes) : null;
    const crowding = this.places?.crowding ?? new Set<Subject>();
    this.known = { ...EMPTY_SNAPSHOT, subjects: health.subjects, saturated: this.full, crowding, lanes: new Map() };
  }

  /** What is known now. It goes on changing: whoever decides twice may decide differently. */
  get snapshot(): Snapshot {
    return this.known;
  }

  /**
   * Asked before a handler runs, since a backlog may be older than an open circuit. A change of lane alone is no reason
   * to move what has arrived. The message is looked at only where somebody is not calm.
   * @param lane whose place it takes while it runs; left out: it runs elsewhere.
   */
  admit(subject: Subject, of: () => Routable, lane?: LaneName): Leave | Promise<Leave> {
    const place = lane && { subject, lane };
    if (place && this.places?.isTooMany(place)) {
      const decided = route(of(), this.known, this.now());
      if (decided.action !== 'fallback' && withoutGroup(decided.lane) !== withoutGroup(place.lane)) return null;
    }
    const calm = chainOf(subject).every((name) => (this.health.subjects.get(name)?.circuit ?? CALM).state === 'closed');
    if (calm && this.known.overrides.length === 0) return this.enter({ subject, probe: false, ...(lane && { lane }) });
    const now = this.now();
    const decided: Route = route(of(), this.known, now);
    if (decided.action !== 'publish') return this.instead(decided, subject);
    const probe = decided.trace.some(({ code }) => code === 'circuit.probe');
    const pass: Pass = { subject, probe, ...(lane && { lane }) };
    if (!probe) return this.enter(pass);
    const counted = this.health.takeProbe(subject, now);
    return this.sharing ? this.probed(this.sharing, pass, counted, of) : this.enter(pass);
  }

  /** What becomes of a message that may not run. */
  private instead(decided: Route, subject: Subject): Leave {
    return decided.action === 'fallback' ? { degraded: degradedBy(decided, subject, this.known) } : null;
  }

  private enter(pass: Pass): Pass {
    const { subject, lane } = pass;
    if (lane) this.places?.enter({ subject, lane });
    return pass;
  }

  /** All engines together have so many probes, and another may have taken the last. */
  private async probed(
    sharing: ShareHealth,
    pass: Pass,
    counted: readonly Subject[],
    of: () => Routable,
  ): Promise<Leave> {
    if (await sharing.takeProbe(counted)) return this.enter(pass);
    this.health.noProbeLeft(counted);
    return this.instead(route(of(), this.known, this.now()), pass.subject);
  }

  /** From now on what is learnt is told to the other engines, and theirs is heard. */
  shareBy(sharing: ShareHealth): void {
    this.sharing = sharing;
  }

  /** A handler that was let through has ended. `null`: it was cut, and tells nothing. */
  observe(pass: Pass, outcome: AttemptOutcome | null, durationMs: number): void {
    if (!this.watches) return;
    const { subject, probe, lane } = pass;
    if (lane) this.places?.leave({ subject, lane });
    const verdict = outcome === null ? 'nothing' : verdictOf(outcome);
    if (verdict !== 'nothing') this.sharing?.saw(subject, callOf({ verdict, durationMs, probe }), durationMs);
    else if (probe) this.sharing?.returnProbe(chainOf(subject));
    this.health.observe(subject, { verdict, durationMs, probe }, this.now());
  }

  /** Puts other rules in force, from the next decision on. Those that stay keep their counts. */
  follow({ rules, overrides, version }: Orders): void {
    const frozen = frozenBy(overrides, this.known.frozen, this.health.subjects, this.now());
    this.known = { ...this.known, rules, overrides, rulesVersion: version, frozen };
    this.bounding = rules.filter(isBounding);
    const codes = new Set([...rules, ...overrides].map(({ code }) => code));
    for (const code of this.hits.keys()) if (!codes.has(code)) this.hits.delete(code);
  }

  /** Named lanes that messages may be sent to from now on. */
  useLanes(lanes: OpenLanes): void {
    this.known = { ...this.known, lanes };
  }

  /** Groups of engines that there are from now on; `null`: there is but one. */
  useGroups(groups: KnownGroups | null): void {
    const { groups: _, ...known } = this.known;
    this.known = { ...known, ...(groups && { groups }) };
  }

  /** Counts whose words were asked. A transaction that is run again counts them again. */
  decided({ trace, lane }: Route): void {
    this.sent.set(lane, (this.sent.get(lane) ?? 0) + 1);
    for (const { stage, code } of trace) {
      if (stage !== 'rule' && stage !== 'override') continue;
      const name = code.slice(code.indexOf('.') + 1);
      this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
    }
  }

  /** How often a rule or an override was asked of a dispatch that it is about, since this process has it. */
  hitsOf(code: string): number {
    return this.hits.get(code) ?? 0;
  }

  /** How many dispatches this process has sent to a lane. */
  sentTo(lane: LaneName): number {
    return this.sent.get(lane) ?? 0;
  }

  /** What is known of the subjects. */
  report(): readonly SubjectReport[] {
    return this.health.report(this.now());
  }

  /** Ready messages of a lane, as they were just counted. */
  saw(lane: LaneName, depth: number): void {
    if (depth >= POLICY.lane.saturatedAt) this.full.add(lane);
    else if (depth < POLICY.lane.relievedAt) this.full.delete(lane);
  }
}

/** What each frozen subject is like; one that was frozen before stays as it was then. */
function frozenBy(
  overrides: readonly Override[],
  before: ReadonlyMap<Subject, Frozen> | undefined,
  subjects: Snapshot['subjects'],
  at: number,
): ReadonlyMap<Subject, Frozen> {
  const frozen = new Map<Subject, Frozen>();
  for (const { freeze, match, until } of overrides) {
    const { subject } = match;
    if (!freeze || subject === undefined || until <= at) continue;
    const known = subjects.get(subject);
    const { circuit = CLOSED, latency = UNKNOWN_LATENCY } = known ?? {};
    const kept = before?.get(subject);
    const still = kept && kept.until > at ? kept : { circuit: circuitAt(circuit, at), latency, at };
    frozen.set(subject, { ...still, until });
  }
  return frozen;
}

const isBounding = ({ limit, rate, retryShare }: Rule): boolean =>
  limit !== undefined || rate !== undefined || retryShare !== undefined;

const CALM = { state: 'closed' } as const;
