import type { BindingSpec, Names, QueueSpec, Topology } from '../topology/topology.js';

/** A lane beside the built-in ones. `leaving`: what is delayed for it goes to the lane `normal` instead. */
export interface NamedQueue {
  readonly name: string;
  readonly leaving: boolean;
}

/** The topology with the named lanes of the moment. A lane of a name has the arguments of the built-in ones. */
export class LiveTopology implements Topology {
  readonly prefix: string;
  readonly names: Names;
  readonly exchanges: Topology['exchanges'];
  readonly rungs: Topology['rungs'];
  readonly plugin: Topology['plugin'];
  #named: readonly NamedQueue[] = [];
  /** Of which lanes the other way out is known to be gone. */
  readonly #single = new Map<string, boolean>();

  constructor(private readonly fixed: Topology) {
    this.prefix = fixed.prefix;
    this.names = fixed.names;
    this.exchanges = fixed.exchanges;
    this.rungs = fixed.rungs;
    this.plugin = fixed.plugin;
  }

  get queues(): readonly QueueSpec[] {
    return [...this.fixed.queues, ...this.own.queues];
  }

  get bindings(): readonly BindingSpec[] {
    return [...this.fixed.bindings, ...this.own.bindings];
  }

  /** What is beside the fixed part. */
  get own(): Pick<Topology, 'queues' | 'bindings'> {
    const normal = this.fixed.queues.find(({ name }) => name === this.names.lane('normal'));
    return {
      queues: this.#named.map(({ name }) => ({ name: this.names.lane(name), arguments: normal?.arguments ?? {} })),
      bindings: this.#named.map(({ name, leaving }) => this.#out(name, leaving)),
    };
  }

  /** Answers whether any of it is new. */
  use(named: readonly NamedQueue[]): boolean {
    const before = this.#named;
    this.#named = named;
    for (const name of this.#single.keys()) if (!named.some((one) => one.name === name)) this.#single.delete(name);
    return named.some((lane) => !before.some((one) => one.name === lane.name && one.leaving === lane.leaving));
  }

  /** Ways out of delays that a lane may still have, and should not: a message would come twice. */
  stale(): readonly (NamedQueue & { readonly binding: BindingSpec })[] {
    return this.#named
      .filter(({ name, leaving }) => this.#single.get(name) !== leaving)
      .map((lane) => ({ ...lane, binding: this.#out(lane.name, !lane.leaving) }));
  }

  unbound({ name, leaving }: NamedQueue): void {
    this.#single.set(name, leaving);
  }

  #out(name: string, leaving: boolean): BindingSpec {
    const { names } = this;
    return {
      from: names.dispatch,
      to: names.lane(leaving ? 'normal' : name),
      toKind: 'queue',
      key: names.laneKey(name),
    };
  }
}
