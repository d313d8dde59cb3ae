import {
  judgePlay,
  type PinnedPlay,
  type PlayRefusalCode,
  type PlayRules,
} from '../../../core/definition/starting/play.js';
import type { JsonObject } from '../../../core/json.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Catalog } from '../../ports/catalog.js';
import type { Identity } from '../../ports/identity.js';
import type { Store } from '../../ports/store.js';
import type { StartRefusal } from '../refusal.js';
import type { QuotaClaim, TriggerTally } from '../triggers/trigger-store.js';
import type { Triggers } from '../triggers/triggers.js';
import type { PlayRevision } from './play-store.js';
import { isAnothers, type Stands } from './stands.js';

export interface Asking {
  readonly play: string;
  readonly input: JsonObject;
  readonly receipt: string | null;
}

export interface Admission {
  readonly flow: string;
  readonly pinned: PinnedPlay;
  /** Tells what became of the start that was let in. */
  settle(outcome: SettledAs, stands?: Stands): Promise<void>;
}

type SettledAs = 'started' | 'duplicate' | 'refused' | 'later';

export interface AdmitPlayParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly identity: Identity;
  /** Counts what became of starts, under {@link counterOf}. */
  readonly counts: Pick<Triggers, 'count'>;
}

/** Under what name a play counts and takes shares; no trigger can have it. */
export const counterOf = (play: string): string => `@${play}`;

const MOST_COMPILED = 1_000;

/** Decides whether a play starts somebody now, and takes a share of its quota. */
export class AdmitPlay {
  /** By code and revision, which never change. */
  private readonly compiled = new Map<string, PlayRules>();

  constructor(private readonly parts: AdmitPlayParts) {}

  /** @throws {StoreUnavailable} when the database is away; the same may be asked again. */
  async execute({ play: code, input, receipt }: Asking): Promise<Result<Admission, StartRefusal>> {
    const { store, counts } = this.parts;
    const play = await store.plays.find(code);
    if (!play) return err(unknownPlay(code));
    const rules = await this.rulesOf(play);
    if (!rules.ok) return rules;
    const count = (what: keyof TriggerTally, last: number | null = null): void =>
      counts.count(counterOf(code), what, last);
    const at = await store.now();
    const verdict = judgePlay(play, rules.value, input, at);
    const { flow, revision, params } = play;
    const pinned: PinnedPlay = { code, revision, params };
    if (verdict.type === 'failed') {
      count('failed');
      return err({ code: 'PLAY_FAILED', message: verdict.message });
    }
    if (verdict.type === 'passed') {
      // What was let in once is let in again: it is the same start, and its instance is there.
      if (receipt !== null && (await store.plays.startedAs(flow, receipt)) !== null)
        return ok(admitted(flow, pinned, at, count));
      count('passed');
      return err(verdict);
    }
    if (!play.quota) return ok(admitted(flow, pinned, at, count));
    const claim = this.claimOf(code, verdict.share, receipt);
    const claimed = await store.triggers.claim(claim, play.quota.max);
    if (claimed === 'over') {
      count('over');
      return err(usedUp(code));
    }
    const giveBack = async (as: SettledAs, stands?: Stands): Promise<void> => {
      const isUnused = as === 'duplicate' ? isAnothers(stands, claimed, at) : as !== 'started' && claimed === 'taken';
      // Nothing was started, so nothing of the quota is used.
      if (isUnused) await store.triggers.release(claim);
    };
    return ok(admitted(flow, pinned, at, count, giveBack));
  }

  private claimOf(code: string, share: string, receipt: string | null): QuotaClaim {
    const { identity } = this.parts;
    const hash = (text: string): string => identity.sha256(new TextEncoder().encode(text));
    return { trigger: counterOf(code), identity: hash(receipt ?? identity.next()), share: hash(share) };
  }

  private async rulesOf(play: PlayRevision): Promise<Result<PlayRules, StartRefusal>> {
    const { code, revision, flow, audience, quota } = play;
    const published = await this.parts.catalog.get(flow);
    if (!published)
      return err({
        code: 'UNKNOWN_FLOW',
        message: `Expected the flow '${flow}' of the play '${code}', but there is none.`,
      });
    const name = `${code}@${revision}@${published.definition.version}`;
    const known = this.compiled.get(name);
    if (known) return ok(known);
    const compiled = published.plays?.compile({ audience, by: quota?.by ?? null });
    if (!compiled) return err(takesNoPlays(flow, code));
    if (!compiled.ok)
      return err({ code: 'PLAY_FAILED', message: compiled.error[0]?.message ?? 'Expected a play that can be read.' });
    if (this.compiled.size >= MOST_COMPILED) this.compiled.clear();
    this.compiled.set(name, compiled.value);
    return compiled;
  }
}

function admitted(
  flow: string,
  pinned: PinnedPlay,
  at: number,
  count: (what: keyof TriggerTally, at?: number | null) => void,
  giveBack?: Admission['settle'],
): Admission {
  return {
    flow,
    pinned,
    async settle(outcome, stands) {
      await giveBack?.(outcome, stands);
      if (outcome === 'later') return;
      if (outcome === 'refused') count('failed');
      else if (outcome === 'started') count('started', at);
      else count('duplicate');
    },
  };
}

export const takesNoPlays = (flow: string, code: string): StartRefusal => ({
  code: 'NOT_PLAYABLE',
  message: `Expected '${flow}' to say under \`play\` what '${code}' may configure, but its newest version does not.`,
});

export const unknownPlay = (code: string): StartRefusal => ({
  code: 'UNKNOWN_PLAY',
  message: `Expected a play '${code}', but there is none. Create it, or check the code.`,
});

const usedUp = (code: string): StartRefusal & { readonly code: PlayRefusalCode } => ({
  code: 'PLAY_USED_UP',
  message: `Expected something to be left of the quota of the play '${code}', but it is used up.`,
});
