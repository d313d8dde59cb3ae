import { isHeldBack } from '../../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../../src/core/json.js';
import { StoreUnavailable } from '../../../../src/engine/ports/store.js';
import { allOf, type Block } from '../../flow/block.js';
import { letterFor } from '../../flow/oracle.js';
import type { History } from '../history.js';
import type { Process } from '../process.js';

/** What a person is to do, or has done. */
interface Duty {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  readonly receipt: string;
  readonly output?: JsonObject;
}

/** People who complete what is asked of them, and no two of them with the same words. */
export class Persons {
  /** What they were told has been taken, by visit: as their first word, or as one that was there before. */
  readonly told = new Map<string, { taken: number; readonly outputs: Set<string> }>();
  readonly done: Duty[] = [];
  /** What was refused without a reason. */
  readonly refusals: string[] = [];
  private readonly asking = new Map<string, Process>();
  private readonly duties: ReadonlySet<string>;
  private words = 0;

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly history: History,
  ) {
    this.duties = new Set(
      Object.entries(flows).flatMap(([flow, block]) =>
        allOf(block).flatMap((one) => (one.kind === 'wait' && one.person && one.answered ? [`${flow} ${one.id}`] : [])),
      ),
    );
  }

  /** Everything that waits for a person. */
  get all(): readonly Duty[] {
    if (this.duties.size === 0) return [];
    return [...this.history.courses.values()].flatMap(({ instance, nodes, receipt }) =>
      [...nodes.values()]
        .filter(
          (row) => row.status === 'waiting' && !isHeldBack(row) && this.duties.has(`${instance.flow} ${row.node}`),
        )
        .map(({ node, visit }) => ({ instance: instance.id, node, visit, receipt })),
    );
  }

  /** That of it which nobody is just completing. */
  get open(): readonly Duty[] {
    return this.all.filter((duty) => this.asking.get(nameOf(duty))?.dead !== false);
  }

  async complete(process: Process, duty: Duty): Promise<void> {
    const { instance, node, visit, receipt } = duty;
    const output = duty.output ?? { value: letterFor(node, receipt), word: ++this.words };
    const name = nameOf(duty);
    if (!duty.output) this.asking.set(name, process);
    try {
      const answer = await process.completeManual.execute({ instance, node, visit, output, by: PERSON });
      if (answer.ok) {
        const told = this.told.get(name) ?? { taken: 0, outputs: new Set() };
        this.told.set(name, told);
        told.outputs.add(JSON.stringify(output));
        if (!answer.value.duplicate) told.taken++;
        if (!duty.output) this.done.push({ ...duty, output });
      } else if (duty.output || !TOO_LATE.includes(answer.error.reason))
        this.refusals.push(`${name}: ${answer.error.message}`);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) this.refusals.push(`${name}: ${String(fault)}`);
    }
    if (this.asking.get(name) === process) this.asking.delete(name);
  }
}

/** Whatever is for whom: this person may. */
const PERSON = { name: 'a person', roles: ['admin'], groups: [] };

const nameOf = ({ instance, node, visit }: Duty): string => `${instance}.${node}.${visit}`;

/** Somebody else, time, or whoever cancelled it was faster. */
const TOO_LATE: readonly string[] = ['node-instance-over', 'instance-over', 'stale-attempt'];
