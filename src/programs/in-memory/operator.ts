import type { Act } from '../../core/testing/flow-test.js';
import type { Engine } from '../../engine/engine.js';
import { CompleteManual } from '../../engine/operate/complete-manual.js';
import type { Catalog } from '../../engine/ports/catalog.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { Views } from '../../engine/ports/views.js';

/** Does to one instance what a person would, each thing at its time. */
export class Operator {
  /** What is still to be done. */
  planned = 0;
  /** Why something could not be done. */
  readonly refused: string[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly read: { readonly views: Views; readonly catalog: Catalog },
    private readonly instance: string,
    private readonly by: string,
  ) {}

  plan({ afterMs, act }: Act, clock: Clock): void {
    this.planned += 1;
    clock.schedule(afterMs, () => {
      void this.perform(act)
        .catch((fault: unknown) => this.refused.push(String(fault)))
        .finally(() => {
          this.planned -= 1;
        });
    });
  }

  private async perform(act: Act['act']): Promise<void> {
    const { engine, instance, by } = this;
    if (act.type === 'send') {
      const sent = await engine.beside.messaging.send.execute({ name: act.message, payload: act.payload });
      if (!sent.ok) this.refused.push(sent.error.message);
      return;
    }
    if (act.type === 'complete') {
      const complete = new CompleteManual(engine.commits, this.read.views, this.read.catalog);
      const whoever = { name: by, roles: ['admin'], groups: [] };
      const done = await complete.execute({ instance, node: act.node, output: act.output, by: whoever });
      if (!done.ok) this.refused.push(done.error.message);
      return;
    }
    const answer = await (act.type === 'cancel'
      ? engine.cancelInstance.execute({ instance, by })
      : engine.retryIncidents.execute({ instance, only: await this.incidentAt(act.node), by }));
    if (!answer.ok) this.refused.push(answer.error.message);
  }

  /** The latest visit to a node; without a node all incidents are meant. */
  private async incidentAt(node: string | null): Promise<{ node: string; visit: number } | null> {
    if (node === null) return null;
    const view = await this.read.views.instance(this.instance);
    const visits = view?.nodes.filter((row) => row.node === node).map(({ visit }) => visit) ?? [];
    return { node, visit: Math.max(1, ...visits) };
  }
}
