import type { JsonObject } from '../../../../src/core/json.js';
import { StoreUnavailable } from '../../../../src/engine/ports/store.js';
import { allOf, answeredIn, type Block, borderOf, type EachBlock, flowsFrom } from '../../flow/block.js';
import { fingerprint } from '../../flow/dice.js';
import { broughtBy, growingIn } from '../../flow/items/added.js';
import { letterFor } from '../../flow/oracle.js';
import type { History } from '../history.js';
import type { Lanes } from '../lanes.js';
import type { Process } from '../process.js';
import type { Scenario } from '../scenario.js';

/** Somebody who writes to one node of the instances of one start, and repeats a letter until it is taken in. */
class Writer {
  /** Letters that were begun. */
  begun = 0;
  /** Letters that are taken in: a broker or an engine has said so. */
  accepted = 0;
  refusal: string | null = null;
  private asking: Process | null = null;

  constructor(
    readonly receipt: string,
    readonly node: string,
    private readonly lanes: Lanes,
    /** The list that its letters are for, if they are for one. */
    readonly list: EachBlock | null,
  ) {}

  get waits(): boolean {
    return this.asking !== null && !this.asking.dead;
  }

  get isEarly(): boolean {
    return fingerprint(`${this.receipt} ${this.node}`) < '8';
  }

  /** Every second letter goes by the broker. */
  get byBroker(): boolean {
    return (this.begun + this.node.length) % 2 === 0;
  }

  /** The letter under way once more, or the next. */
  async send(process: Process | null): Promise<void> {
    if (this.begun === this.accepted) this.begun++;
    await this.put(process, this.begun, this.letter(this.begun));
  }

  /** The last one, which is there already. */
  async repeat(process: Process | null): Promise<void> {
    await this.put(process, this.accepted, this.letter(this.accepted));
  }

  private letter(number: number): JsonObject {
    const { list, receipt, node } = this;
    return list ? broughtBy(list, receipt, number) : { value: letterFor(node, receipt) };
  }

  /** A letter for nobody, by the broker: one member of what it is matched by is another's. */
  async stray(count: number): Promise<void> {
    const [receipt, node] = count % 2 === 0 ? ['nobody', this.node] : [this.receipt, 'nowhere'];
    await this.put(null, 0, { value: 'astray', receipt, node, count });
  }

  private async put(process: Process | null, number: number, more: JsonObject): Promise<void> {
    const payload: JsonObject = { receipt: this.receipt, node: this.node, ...more };
    const id = `${this.receipt} ${this.node} ${number === 0 ? `stray ${String(more['count'])}` : number}`;
    if (process === null) {
      this.lanes.letter({
        body: new TextEncoder().encode(JSON.stringify(payload)),
        messageId: id,
        contentType: 'application/json',
        contentEncoding: null,
        headers: {},
        exchange: 'sluice.messages',
        routingKey: 'letter',
      });
      this.accepted = Math.max(this.accepted, number);
      return;
    }
    if (number > 0) this.asking = process;
    try {
      const answer = await process.engine.beside.messaging.send.execute({ name: 'letter', payload, id });
      if (!answer.ok) this.refusal = answer.error.message;
      else this.accepted = Math.max(this.accepted, number);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) this.refusal = String(fault);
    }
    if (this.asking === process) this.asking = null;
  }
}

/** Letters that go to one node beside which something is done for each. */
const ENOUGH = 2;

/** All who write letters: for each start and each node that waits for an answer, one. */
export class Letters {
  readonly writers: readonly Writer[];
  /** Nodes that go on whatever is written to them. */
  private readonly beside: ReadonlySet<string>;

  constructor(
    { starts, flows }: Pick<Scenario, 'starts' | 'flows'>,
    lanes: Lanes,
    private readonly history: History,
  ) {
    this.beside = new Set(
      Object.values(flows)
        .flatMap(allOf)
        .flatMap((one) => (one.kind === 'border' && !one.interrupts ? [borderOf(one.host.id)] : [])),
    );
    const lists = new Map([...growingIn(flows)].map(([name, list]) => [borderOf(name), list]));
    this.writers = starts.flatMap(({ flow, receipt }) =>
      flowsFrom(flow, flows).flatMap((name) =>
        answeredIn(flows[name] as Block).map(
          (node) => new Writer(receipt, node, lanes, lists.get(`${name} ${node}`) ?? null),
        ),
      ),
    );
  }

  /** Whether a letter is written that nobody has used. */
  isOnItsWay(receipt: string, node: string): boolean {
    const { received } = this.history.mailOf(receipt, node);
    return this.writers.some((one) => one.receipt === receipt && one.node === node && one.accepted > received);
  }

  /** Whether somebody still has to write: one letter each, and as many more as there are who wait and nothing lies there. */
  isWanted(writer: Writer): boolean {
    if (writer.refusal !== null || writer.waits) return false;
    if (writer.begun > writer.accepted) return true;
    const { waiting, received } = this.history.mailOf(writer.receipt, writer.node);
    // Some write before anybody waits.
    if (writer.accepted === 0 && writer.isEarly) return true;
    const goesOn = writer.list ? writer.list.added?.last === null : this.beside.has(writer.node);
    if (goesOn && writer.accepted >= ENOUGH) return false;
    return waiting > writer.accepted - received;
  }
}
