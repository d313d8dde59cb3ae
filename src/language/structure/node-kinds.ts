import { z } from 'zod';
import { merge, milestone, mutex, rest, scope } from './kinds/control.js';
import { due, manual } from './kinds/manual-schema.js';
import { ruleTree } from './kinds/rule-schema.js';
import { by, each, force, holdout, jumps, order, salt, sequence, split, tcc, undo, within } from './kinds/schemas.js';
import {
  batch,
  cache,
  circuit,
  delay,
  duration,
  expression,
  failureCode,
  handlerName,
  id,
  join,
  keep,
  limit,
  literals,
  matching,
  messageName,
  moment,
  outcome,
  rate,
  retry,
  timeout,
  title,
  values,
} from './parts.js';

/** What may stand beside the key that says the kind. */
export const MODIFIERS = {
  title,
  tags: z.array(z.string().min(1).max(64)).max(20).meta({ description: 'Words to find the node by.' }),
  in: values.meta({
    description:
      'What the handler gets, or a person is shown, name by name. Without it a handler gets the whole scope. A task may be given `secret.NAME`.',
  }),
  with: literals.meta({ description: 'Literals for the handler; never evaluated.' }),
  out: values.meta({ description: 'Variables written when the node completes.' }),
  returns: literals.meta({ description: 'JSON Schema of what the handler must answer.' }),
  retry,
  timeout,
  lease: z.literal(true, { error: 'true' }).meta({
    description: 'For handlers that take long: the attempt lives on a lease in the database, not on a delivery.',
  }),
  circuit,
  delay,
  limit,
  rate,
  cache,
  batch,
  remote: z.boolean().meta({
    description:
      'A worker outside does it: the task goes to the queue `sluice.task.<name>`, its answer comes by message.',
  }),
  at: expression.meta({ description: 'The time that rules go by. Without it: when they first ran.' }),
  match: matching,
  detach: z
    .literal(true, { error: 'true' })
    .meta({ description: 'Goes on as soon as the called instance is stored, and hears of it no more.' }),
  keep,
  due,
  each,
  undo,
  by,
  salt,
  holdout,
  force,
  jumps,
  order,
  within,
  visits: z.int().min(1).max(1_000_000).meta({ description: 'Most visits in one instance. Default 1,000.' }),
  join,
  rest,
  merge,
  scope,
  mutex,
  while: milestone,
} as const satisfies Record<string, z.ZodType>;

export type Modifier = keyof typeof MODIFIERS;

interface NodeKindEntry {
  /** The value of the key that says the kind. */
  readonly value: z.ZodType;
  readonly modifiers: readonly Modifier[];
  /** One line for the reference and for editors. */
  readonly docs: string;
}

/** Every kind of node this version runs. A further kind is one more entry here, and its builder in `build-node.ts`. */
export const NODE_KINDS = {
  start: {
    value: z.literal(true, { error: 'true' }),
    modifiers: ['title', 'tags'],
    docs: 'Where an instance begins; exactly one in a flow.',
  },
  end: {
    value: z.union([outcome, z.strictObject({ fail: failureCode })], { error: 'end' }),
    modifiers: ['title', 'tags', 'join', 'visits'],
    docs: 'Where a path ends: the name of the outcome, `terminate`, or `{ fail: CODE }`.',
  },
  task: {
    value: handlerName,
    modifiers: [
      'title',
      'tags',
      'in',
      'with',
      'out',
      'returns',
      'retry',
      'timeout',
      'lease',
      'circuit',
      'delay',
      'limit',
      'rate',
      'cache',
      'batch',
      'remote',
      'each',
      'undo',
      'visits',
      'join',
    ],
    docs: 'Work that a handler does.',
  },
  set: {
    value: values,
    modifiers: ['title', 'tags', 'visits', 'join'],
    docs: 'Writes variables, in the order of the map.',
  },
  gateway: {
    value: z.enum(['exclusive', 'parallel', 'inclusive', 'event'], { error: 'gateway' }),
    modifiers: ['title', 'tags', 'visits', 'join'],
    docs: 'Chooses among its lines: the first that holds, all, every one that holds, or the first event that happens.',
  },
  timer: {
    value: z.union(
      [
        duration,
        z.strictObject({ at: moment }),
        z.strictObject({ for: expression }),
        z.strictObject({ until: expression }),
        z.strictObject({ cron: z.string().max(200), zone: z.string().max(100).optional() }),
      ],
      { error: 'timer' },
    ),
    modifiers: ['title', 'tags', 'visits', 'join'],
    docs: 'Waits: a duration, `{ at: time }`, `{ for: expression }`, `{ until: expression }` or `{ cron: fields, zone: name }`.',
  },
  rules: {
    value: ruleTree,
    modifiers: ['title', 'tags', 'in', 'out', 'at', 'retry', 'timeout', 'each', 'visits', 'join'],
    docs: 'Runs a tree of conditions and handlers in one step; its output says what came of it.',
  },
  call: {
    value: id,
    modifiers: ['title', 'tags', 'in', 'out', 'each', 'detach', 'undo', 'visits', 'join'],
    docs: 'Runs another flow and goes on with what it returns.',
  },
  compensate: {
    value: id,
    modifiers: ['title', 'tags', 'visits', 'join'],
    docs: 'Undoes what tasks and calls with `undo` have done: `all`, or one node.',
  },
  wait: {
    value: messageName,
    modifiers: ['title', 'tags', 'match', 'keep', 'timeout', 'out', 'visits', 'join'],
    docs: 'Waits for a message, by its name and by what must be equal in it.',
  },
  manual: {
    value: manual,
    modifiers: ['tags', 'in', 'due', 'timeout', 'out', 'visits', 'join'],
    docs: 'Waits until a person has done it and filled in its form.',
  },
  split: {
    value: split,
    modifiers: ['title', 'tags', 'by', 'salt', 'holdout', 'force', 'visits', 'join'],
    docs: 'Puts everyone into one arm of an experiment, always the same; `result.arm` says which.',
  },
  sequence: {
    value: sequence,
    modifiers: ['title', 'tags', 'in', 'out', 'returns', 'jumps', 'retry', 'timeout', 'each', 'visits', 'join'],
    docs: 'Runs steps in order in one delivery, each adding to what the others read.',
  },
  tcc: {
    value: tcc,
    modifiers: ['title', 'tags', 'order', 'within', 'out', 'retry', 'timeout', 'visits', 'join'],
    docs: 'Participants that try; when all have, all confirm, else all cancel. Its `_result` says which.',
  },
  join: {
    value: join,
    modifiers: ['title', 'tags', 'visits'],
    docs: 'Waits for several paths and does nothing else.',
  },
} as const satisfies Record<string, NodeKindEntry>;

export type KindName = keyof typeof NODE_KINDS;

/** The language has more words than this version runs; they are refused by name instead of as a misspelling. */
export const KINDS_TO_COME: readonly string[] = ['emit'];

export const MODIFIERS_TO_COME: readonly string[] = 'deadline lane window mock onIncident'.split(' ');

export const isKind = (key: string): key is KindName => Object.hasOwn(NODE_KINDS, key);
export const isModifier = (key: string): key is Modifier => Object.hasOwn(MODIFIERS, key);

export function modifiersOf(kind: KindName): readonly Modifier[] {
  return [...NODE_KINDS[kind].modifiers, ...controlOf(kind, NODE_KINDS[kind])];
}

/** Keys that a kind takes because of how it is entered and left, and not because of what it does. */
const CONTROL = ['rest', 'merge', 'scope', 'mutex', 'while'] as const satisfies readonly Modifier[];

function controlOf(kind: string, { modifiers }: NodeKindEntry): readonly Modifier[] {
  const joins = kind === 'join' || modifiers.includes('join');
  return CONTROL.filter((key) => joins && (key === 'rest' || key === 'merge' || kind !== 'end'));
}

/** The schema of a whole node of a kind. */
export function nodeSchema(kind: KindName): z.ZodObject {
  return SCHEMAS[kind];
}

const SCHEMAS = Object.fromEntries(
  Object.entries(NODE_KINDS).map(([kind, entry]: [string, NodeKindEntry]) => {
    const all = [...entry.modifiers, ...controlOf(kind, entry)];
    const modifiers = all.map((name) => [name, MODIFIERS[name].optional()]);
    const value = entry.value.meta({ description: entry.docs });
    return [kind, z.strictObject({ [kind]: value, ...Object.fromEntries(modifiers) })];
  }),
) as unknown as Readonly<Record<KindName, z.ZodObject>>;
