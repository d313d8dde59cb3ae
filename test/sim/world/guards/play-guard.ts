import { type PinnedPlay, PLAY_MEMBER } from '../../../../src/core/definition/starting/play.js';
import type { Instance } from '../../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../../src/core/json.js';
import type { PlayRevision, PlayStore } from '../../../../src/engine/start/plays/play-store.js';
import type { PlayPlan } from '../../flow/wide/plays/play-plan.js';
import { canonical } from '../../flow/wide/wide-block.js';
import type { StartPlan } from '../start-plan.js';

/** What was so when somebody first asked. */
interface Asked {
  readonly at: number;
  readonly revision: number;
}

/**
 * I42: an instance is started by one revision of its play, which was the newest at some time between its first asking and
 * its beginning, live and open; and a play starts no more than its quota says, over all engines.
 */
export class PlayGuard {
  /** Every revision that was kept, by code, oldest first. */
  private readonly kept = new Map<string, PlayRevision[]>();
  private readonly asked = new Map<string, Asked>();
  /** What began by which revision. */
  private readonly pinned = new Map<string, PlayRevision>();
  private readonly started = new Map<string, number>();
  /** How many turns of an operator each play has had. */
  private readonly turned = new Map<string, number>();

  constructor(
    readonly plans: readonly PlayPlan[],
    private readonly now: () => number,
    private readonly wrong: (what: string) => void,
  ) {}

  of(flow: string): PlayPlan | undefined {
    return this.plans.find((plan) => plan.flow === flow);
  }

  /** The same store, whose changes are noticed. */
  watching(inner: PlayStore): PlayStore {
    const note = (kept: PlayRevision | null): PlayRevision | null => {
      if (kept) this.kept.set(kept.code, [...(this.kept.get(kept.code) ?? []), kept]);
      return kept;
    };
    return new Proxy(inner, {
      get: (_, name: keyof PlayStore) => {
        if (name === 'create')
          return async (play: Parameters<PlayStore['create']>[0]) => note(await inner.create(play));
        if (name === 'change')
          return async (...given: Parameters<PlayStore['change']>) => note(await inner.change(...given));
        return inner[name].bind(inner);
      },
    });
  }

  /** Somebody asks for a start. */
  asks({ play, receipt }: StartPlan): void {
    if (play === undefined || this.asked.has(receipt)) return;
    this.asked.set(receipt, { at: this.now(), revision: this.revisionsOf(play).length });
  }

  begins({ id, flow, state }: Instance, input: JsonObject): void {
    const plan = this.of(flow);
    const pinned = input[PLAY_MEMBER] as unknown as PinnedPlay | undefined;
    if (!plan || state.caller) {
      if (pinned !== undefined) this.wrong(`${id} of ${flow} has a play, and nobody plays that`);
      return;
    }
    const revision = this.revisionsOf(plan.code)[(pinned?.revision ?? 0) - 1];
    if (!pinned || !revision || pinned.code !== plan.code || canonical(pinned.params) !== canonical(revision.params)) {
      this.wrong(`${id} has ${canonical(pinned)} of the play ${plan.code}, which never was so`);
      return;
    }
    this.pinned.set(id, revision);
    const asked = this.asked.get(String(input['receipt'])) ?? { at: 0, revision: 1 };
    const { state: was, window } = revision;
    if (revision.revision < asked.revision)
      this.wrong(
        `${id} began by revision ${revision.revision}, and ${asked.revision} was there before it was asked for`,
      );
    if (was !== 'live') this.wrong(`${id} began by revision ${revision.revision}, which is ${was}`);
    if (window && (asked.at > window.toMs || this.now() < window.fromMs))
      this.wrong(`${id} was asked for at ${asked.at} and began at ${this.now()}, outside of the window`);
    const share = shareOf(plan, input);
    const count = this.startedOf(share) + 1;
    this.started.set(share, count);
    if (plan.quota && count > plan.quota.max)
      this.wrong(`${id} is number ${count} of ${share}, which has a quota of ${plan.quota.max}`);
  }

  /** By which revision an instance began. */
  revisionOf(id: string): PlayRevision | undefined {
    return this.pinned.get(id);
  }

  /** What the tasks of an instance read of its play. */
  prizeOf(id: string): string {
    return String(this.pinned.get(id)?.params['prize'] ?? '');
  }

  /** The number of the operator's next turn, and what it is; `undefined`: there is none. */
  turn(which: number): { readonly number: number; readonly plan: PlayPlan } | undefined {
    const plan = this.plans[which];
    const number = this.turned.get(plan?.code ?? '') ?? 0;
    return plan && number < plan.turns.length ? { number, plan } : undefined;
  }

  takeTurn({ code }: PlayPlan): void {
    this.turned.set(code, (this.turned.get(code) ?? 0) + 1);
  }

  /** Whether a start that was asked for could be refused, by what its play was since then. */
  mayRefuse({ play, receipt, input }: StartPlan, hasKeys: boolean): boolean {
    const plan = this.plans.find(({ code }) => code === play);
    const { at, revision } = this.asked.get(receipt) ?? { at: 0, revision: 1 };
    const all = this.revisionsOf(play ?? '');
    const closed = ({ state, window }: PlayRevision): boolean =>
      state !== 'live' || (window !== null && (at < window.fromMs || this.now() > window.toMs));
    if (all.slice(Math.max(0, revision - 1)).some(closed)) return true;
    if (!plan?.quota) return false;
    // A share may have been for whoever was refused in the end, or for whom there was an instance.
    return hasKeys || all.some(closed) || this.startedOf(shareOf(plan, input)) >= plan.quota.max;
  }

  private startedOf(share: string): number {
    return this.started.get(share) ?? 0;
  }

  private revisionsOf(code: string): readonly PlayRevision[] {
    return this.kept.get(code) ?? [];
  }
}

const shareOf = ({ code, quota }: PlayPlan, input: JsonObject): string =>
  quota?.by ? `${code} of ${String(input[quota.by])}` : code;
