import { taskAt } from '../../../core/definition/handlers.js';
import type { TccPart } from '../../../core/flow/tries/tcc/rule.js';
import { err, type Result } from '../../../core/result.js';
import type { CommitEvents } from '../../commit/commit-events.js';
import type { Catalog } from '../../ports/catalog.js';
import type { LiveState, Views } from '../../ports/views.js';
import { operate, type Refusal } from '../operate-instance.js';

export interface SettleCommand {
  readonly instance: string;
  readonly node: string;
  /** Its name; left out: the only one that could not be settled. */
  readonly participant?: string;
  /** That of its node instance, as incidents tell it; left out: whichever it is. */
  readonly visit?: number;
  readonly by: string;
  /** How it was settled; for everyone who asks. */
  readonly reason: string;
}

export type SettleRefusal = Refusal | { readonly reason: 'several-to-settle'; readonly message: string };

interface Found extends TccPart {
  readonly visit: number;
}

/**
 * Declares that what a participant was to confirm, or to cancel, is done: a person has seen to it in the partner's own way,
 * after the attempts to ask the partner were used up. Nobody is asked any more, and the others are not touched.
 */
export class SettleParticipant {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
    private readonly catalog: Catalog,
  ) {}

  async execute(command: SettleCommand): Promise<Result<null, SettleRefusal>> {
    const { instance, node, by, reason } = command;
    const found = await this.meant(command);
    if (found.length > 1) {
      const names = found.map(({ name, phase }) => `'${name}' (${phase})`).join(' and ');
      const message = `Expected one participant of '${node}' that could not be settled, but there are ${names}. Name the one that is.`;
      return err({ reason: 'several-to-settle', message });
    }
    const visit = found[0]?.visit ?? command.visit ?? 1;
    const event = { type: 'part.settled', at: 0, node, visit, by, reason } as const;
    return operate({ commits: this.commits, views: this.views }, instance, event);
  }

  /** Those that could not be settled and are meant; under the lock it is asked again. */
  private async meant({ instance, node, participant, visit }: SettleCommand): Promise<readonly Found[]> {
    const state = (await this.views.states([instance])).items[0];
    const all = state ? await this.stuckAt(state, node) : [];
    return all.filter(
      (one) => (participant === undefined || one.name === participant) && (visit === undefined || one.visit === visit),
    );
  }

  private async stuckAt({ instance: { flow, version }, nodes }: LiveState, node: string): Promise<readonly Found[]> {
    const task = (await this.catalog.get(flow, version))?.definition.nodes.get(node);
    if (task?.kind !== 'task') return [];
    return nodes.flatMap(({ node: of, visit, status }) => {
      const part = of === node && status === 'incident' ? taskAt(task, visit).part : undefined;
      return part && part.phase !== 'try' ? [{ ...part, visit }] : [];
    });
  }
}
