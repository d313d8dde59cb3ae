import { varsShown } from '../../core/definition/control/merge.js';
import { withoutMajor } from '../../core/definition/custom-kind.js';
import { handlersIn, secretsIn } from '../../core/definition/handlers.js';
import { markOf } from '../../core/diagram/marks.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import { mockHandlers } from '../../engine/intake/work/mock-handlers.js';
import type { TaskHandler } from '../../engine/ports/handlers.js';
import type { InstanceView } from '../../engine/ports/views.js';
import { BUILT_IN, type RunOrder, runInMemory } from '../../programs/in-memory/run-in-memory.js';
import { readInput } from '../input/read-input.js';
import { soundDefinition } from '../input/sound-definition.js';
import { Refused, type Terminal } from '../terminal.js';
import { instanceTree } from './show/show.js';
import type { ShownInstance } from './show/shown.js';

export interface RunOptions {
  readonly input?: string;
  readonly mocks?: string;
  readonly play?: string;
  readonly virtual?: boolean;
  readonly json?: boolean;
}

/** Runs one definition to its end without any server. 0: it completed; 1: it failed, or something hangs. */
export async function run(file: string, options: RunOptions, terminal: Terminal): Promise<number> {
  const definition = soundDefinition(file, terminal);
  if (!definition) return 1;
  const input = await readInput(options.input, terminal);
  const mocks = await readInput(options.mocks, terminal);
  const own = terminal.plugins?.mocks() ?? new Map<string, TaskHandler>();
  const asked = handlersIn(definition);
  const handlers: RunOrder['handlers'] = (clock) => answersOf(asked, mockHandlers(mocks, clock), own);
  const isSaid = (name: string): boolean => Object.hasOwn(mocks, name) || Object.hasOwn(mocks, withoutMajor(name));
  const missing = asked.filter((name) => !isSaid(name) && !own.has(name) && !BUILT_IN.includes(name));
  if (missing.length > 0) throw new Refused(unanswered(missing), 2);
  const play = options.play === undefined ? null : await readInput(options.play, terminal);
  // Nothing but mocks runs here: a secret is its name.
  const secrets = Object.fromEntries(secretsIn(definition).map(({ name }) => [name, `secret.${name}`]));
  const answer = await runInMemory(definition, { input, handlers, virtual: options.virtual === true, play, secrets });
  if (!answer.ran) throw new Refused(answer.message);
  const view = shownView(answer.view);
  if (options.json)
    terminal.out(JSON.stringify({ ...view, vars: varsShown(answer.view.vars), tookMs: answer.tookMs }, null, 2));
  else
    terminal.out(
      `${instanceTree(view, terminal)}\ntook ${answer.tookMs} ms${options.virtual ? ' of virtual time' : ''}`,
    );
  return view.status === 'completed' ? 0 : 1;
}

/** What was said goes before what kinds say themselves. */
function answersOf(
  asked: readonly string[],
  said: ReadonlyMap<string, TaskHandler>,
  own: ReadonlyMap<string, TaskHandler>,
): ReadonlyMap<string, TaskHandler> {
  const kinds = asked.flatMap((name): [string, TaskHandler][] => {
    const answer = said.get(withoutMajor(name)) ?? own.get(name);
    return withoutMajor(name) !== name && answer ? [[name, answer]] : [];
  });
  return new Map([...kinds, ...said]);
}

function unanswered(names: readonly string[]): string {
  const template = JSON.stringify(Object.fromEntries(names.map((name) => [name, {}])), null, 2);
  const tasks = names.length === 1 ? 'this task' : 'these tasks';
  return `Expected --mocks to say what ${tasks} answer${names.length === 1 ? 's' : ''}, but it does not. Begin with a file like this:\n${template}`;
}

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** The view as the API would give it, so that it is shown the same way. */
function shownView({ instance, nodes, attempts, incidents, now }: InstanceView): ShownInstance {
  const { state: _state, seq: _seq, ...row } = instance;
  return {
    ...row,
    startedAt: iso(instance.startedAt),
    endedAt: isoOrNull(instance.endedAt),
    incidents: incidents.map((incident) => ({ ...incident, raisedAt: iso(incident.raisedAt) })),
    nodes: nodes.map((node) => ({
      id: nodeInstanceId(instance.id, node.node, node.visit),
      node: node.node,
      visit: node.visit,
      shown: markOf(node, now),
      attempt: node.attempt,
      polls: node.polls,
      lane: node.lane,
      reason: node.reason,
      wakeAt: isoOrNull(node.wakeAt),
      startedAt: iso(node.startedAt),
      endedAt: isoOrNull(node.endedAt),
      output: node.output,
      error: node.error,
      attempts: attempts
        .filter((record) => record.node === node.node && record.visit === node.visit)
        .map((record) => ({ ...record, at: iso(record.at) })),
    })),
  };
}
