import { readFileSync } from 'node:fs';
import { varsShown } from '../../core/definition/control/merge.js';
import { withoutMajor } from '../../core/definition/custom-kind.js';
import type { Definition } from '../../core/definition/definition.js';
import { handlersIn } from '../../core/definition/handlers.js';
import type { Trigger } from '../../core/definition/starting/trigger.js';
import { coverageDiagram } from '../../core/diagram/coverage-diagram.js';
import type { Json, JsonObject } from '../../core/json.js';
import { type Coverage, coverageOf } from '../../core/testing/coverage.js';
import type { Act, Expectation, FlowTestCase, Happened, VisitedNode } from '../../core/testing/flow-test.js';
import { judge, type Miss } from '../../core/testing/judge.js';
import { unknownNames } from '../../core/testing/unknown-names.js';
import { mockHandler } from '../../engine/intake/work/mock-handlers.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { TaskHandler } from '../../engine/ports/handlers.js';
import { formatProblem } from '../../language/problem.js';
import { readDefinition } from '../../language/read-definition.js';
import { NodeTypes } from '../../worker/plugins/node-types.js';
import { BUILT_IN, runInMemory } from './run-in-memory.js';
import type { TriggerOrder } from './start-by-trigger.js';

/** By handler name or node id (which goes first): a handler, or an answer as in `sluice run --mocks`. */
export type Mocks = Readonly<Record<string, TaskHandler | Json>>;

/** What a case came to. */
export interface Judged {
  /** Empty: everything that was expected has happened. */
  readonly misses: readonly Miss[];
  /** `null` when it could not be run. */
  readonly happened: Happened | null;
}

export interface StartOptions {
  readonly mocks?: Mocks;
  readonly now?: Date | undefined;
  readonly acts?: readonly Act[];
  /** What starts it instead of a start. */
  readonly by?: TriggerOrder | null;
  /** What a play has configured. */
  readonly play?: JsonObject | null;
  /** By subject, how long its circuit is open from the start, in milliseconds. */
  readonly circuits?: FlowTestCase['circuits'] | undefined;
  /** What tasks are given, by name. */
  readonly secrets?: FlowTestCase['secrets'] | undefined;
}

/** What was to start the flow has started nothing. */
class NothingStarted extends Error {}

/**
 * A flow under test: the real engine, on memory and on a clock that jumps from one event to the next, so that thirty
 * days take milliseconds. Edges that its runs took are counted together.
 */
export class TestedFlow {
  private readonly taken: (readonly number[])[] = [];

  /**
   * @param kinds what kinds of node that plugins bring answer by themselves, by the names of handlers.
   * @param triggers what a case may be started by.
   */
  constructor(
    readonly definition: Definition,
    private readonly kinds: ReadonlyMap<string, TaskHandler> = new Map(),
    private readonly triggers: readonly Trigger[] = [],
  ) {}

  /** @throws {Error} when the flow cannot be run at all: its input is refused, or a task is not answered. */
  async start(
    input: JsonObject,
    { mocks = {}, now, acts = [], circuits, secrets, play = null, by = null }: StartOptions = {},
  ): Promise<TestRun> {
    const open = this.unanswered(mocks);
    if (open.length > 0) {
      const names = open.map((name) => `'${name}'`).join(', ');
      throw new Error(`Expected an answer for every task, but there is none for ${names}. Name it in mocks.`);
    }
    const handlers = (clock: Clock): ReadonlyMap<string, TaskHandler> => this.handlers(mocks, clock);
    const answer = await runInMemory(this.definition, {
      input,
      handlers,
      virtual: true,
      startAt: now?.getTime(),
      acts,
      circuits,
      secrets,
      play,
      by,
    });
    if (!answer.ran) throw answer.nothing ? new NothingStarted(answer.message) : new Error(answer.message);
    this.taken.push(answer.happened.edges);
    return new TestRun(answer.happened);
  }

  /** Runs one case and says what did not happen as expected. */
  async judge(one: FlowTestCase): Promise<Judged> {
    const strange = unknownNames(this.definition, one);
    if (strange.length > 0) return { misses: strange, happened: null };
    try {
      const now = one.now === null ? undefined : new Date(one.now);
      const { happened } = await this.start(one.input, {
        mocks: one.mocks,
        now,
        acts: one.acts,
        circuits: one.circuits,
        secrets: one.secrets,
        play: one.play,
        by: this.triggerOf(one),
      });
      return { misses: judge(one.expect, happened), happened };
    } catch (fault) {
      if (fault instanceof NothingStarted && one.expect.starts === false) return { misses: [], happened: null };
      return {
        misses: [{ key: 'status', message: fault instanceof Error ? fault.message : String(fault) }],
        happened: null,
      };
    }
  }

  private triggerOf({ trigger: code, event }: FlowTestCase): TriggerOrder | null {
    if (code === null) return null;
    const trigger = this.triggers.find((one) => one.code === code);
    if (trigger) return { trigger, event };
    const known = this.triggers.map((one) => one.code).join(', ') || 'none';
    throw new Error(`Expected a trigger '${code}' in the *.triggers.yaml beside the test, but there is ${known}.`);
  }

  /** Which edges the runs so far have taken. */
  get coverage(): Coverage {
    return coverageOf(this.definition, this.taken);
  }

  /** The same as a Mermaid flowchart: how many runs took an edge, and red those that none did. */
  get coverageDiagram(): string {
    return coverageDiagram(this.definition, this.coverage);
  }

  private unanswered(mocks: Mocks): readonly string[] {
    const asking = [...this.definition.nodes.values()].filter(({ id }) => !Object.hasOwn(mocks, id));
    const asked = handlersIn({ ...this.definition, nodes: new Map(asking.map((node) => [node.id, node])) });
    const isSaid = (name: string): boolean => Object.hasOwn(mocks, name) || Object.hasOwn(mocks, withoutMajor(name));
    return asked.filter((name) => !isSaid(name) && !this.kinds.has(name) && !BUILT_IN.includes(name));
  }

  private handlers(mocks: Mocks, clock: Clock): ReadonlyMap<string, TaskHandler> {
    const answers = new Map<string, TaskHandler>(
      Object.entries(mocks).map(([name, mock]) => [name, typeof mock === 'function' ? mock : mockHandler(mock, clock)]),
    );
    const missing: TaskHandler = (_input, { node }) => {
      throw new Error(`Expected an answer of '${node}', but there is none. Name it in mocks.`);
    };
    const names = handlersIn(this.definition).filter((name) => !BUILT_IN.includes(name) || answers.has(name));
    return new Map(
      names.map((name) => [
        name,
        (input, context) => {
          const said = answers.get(context.node) ?? answers.get(name) ?? answers.get(withoutMajor(name));
          return (said ?? this.kinds.get(name) ?? missing)(input, context);
        },
      ]),
    );
  }
}

/** What happened in one run. */
export class TestRun {
  constructor(readonly happened: Happened) {}

  get status(): string {
    return this.happened.status;
  }

  get outcome(): string | null {
    return this.happened.outcome;
  }

  get vars(): JsonObject {
    return varsShown(this.happened.vars);
  }

  /** Every node that was entered, in order, as often as it was. */
  get path(): readonly string[] {
    return this.happened.nodes.map(({ node }) => node);
  }

  /** The latest visit to a node; `undefined` when it was not entered. */
  visited(node: string): VisitedNode | undefined {
    return this.happened.nodes.findLast((one) => one.node === node);
  }

  /** Inputs of the calls of a handler, in order. */
  calls(handler: string): readonly JsonObject[] {
    return this.happened.calls.filter((call) => call.handler === handler).map(({ input }) => input);
  }

  /** @throws {Error} with everything that was expected and did not happen. */
  expect(expected: Expectation): this {
    const misses = judge(expected, this.happened);
    if (misses.length > 0) throw new Error(misses.map(({ message }) => message).join('\n'));
    return this;
  }
}

/**
 * A flow to test, out of its file or its text.
 * @param nodeTypes kinds of node that it uses, made by `defineNodeType`; each answers by its `mock`, if it has one.
 * @throws {Error} with every problem of the definition, or of a kind.
 */
export function testFlow(
  source: URL | { readonly text: string },
  { nodeTypes = [] }: { readonly nodeTypes?: readonly unknown[] } = {},
): TestedFlow {
  const types = NodeTypes.of(nodeTypes.map((type, at) => ({ place: `nodeTypes[${at}]`, types: [type] })));
  if (types.refused.length > 0) throw new Error(types.refused.map(({ reason }) => reason).join('\n'));
  const [content, name] = source instanceof URL ? [readFileSync(source), source.pathname] : [source.text, 'flow'];
  const { definition, problems } = readDefinition(content, name, undefined, types.kinds);
  if (definition) return new TestedFlow(definition, types.mocks());
  throw new Error(problems.map((problem) => formatProblem(problem)).join('\n'));
}
