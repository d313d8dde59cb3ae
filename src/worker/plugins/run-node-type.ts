import { kindHandler, undoHandler } from '../../core/definition/custom-kind.js';
import type { Json, JsonObject } from '../../core/json.js';
import { PermanentError, poll, type TaskContext, type TaskHandler } from '../../engine/ports/handlers.js';
import { compileSchema } from '../../language/structure/kinds/task/custom/check-fields.js';
import { expressionFields } from '../../language/structure/kinds/task/custom/kind-facts.js';
import { literalFields } from '../../language/structure/kinds/task/custom/lower-custom.js';
import type { UsableType } from './check-node-type.js';
import type { NodeTypeContext } from './node-type.js';

/** The handlers of a kind, by name: what does it, and what undoes it. */
export function handlersOfType({ kind, type }: UsableType): ReadonlyMap<string, TaskHandler> {
  const handlers = new Map<string, TaskHandler>();
  const { execute, compensate } = type;
  const names = expressionFields(kind);
  const isChecked = names.length > 0;
  if (execute)
    handlers.set(
      kindHandler(kind),
      guarded(kind, (input, context) => {
        // Within a sequence the input is its whole context.
        const fields = { ...written(kind, context), ...picked(input, names) };
        if (isChecked) expectFields(kind, fields);
        return execute.call(type, fields, told(context));
      }),
    );
  if (compensate)
    handlers.set(
      undoHandler(kind),
      guarded(kind, ({ result = null, ...input }, context) => {
        const fields = { ...written(kind, context), ...input };
        return compensate.call(type, fields, Object.assign(told(context), { result }));
      }),
    );
  return handlers;
}

/** What a kind answers where it is not to do its work; nothing when it does not say. */
export function mocksOfType({ kind, type }: UsableType): ReadonlyMap<string, TaskHandler> {
  const { mock } = type;
  if (mock === undefined) return new Map();
  const answer: TaskHandler = (input, context) => {
    const fields = { ...literalFields(context.with).fields, ...picked(input, expressionFields(kind)) };
    return typeof mock === 'function' ? (mock as (fields: JsonObject) => Json).call(type, fields) : mock;
  };
  const undo: [string, TaskHandler][] = kind.undoes ? [[undoHandler(kind), () => null]] : [];
  return new Map([[kindHandler(kind), answer], ...undo]);
}

/** The members of these names that are there. */
const picked = (input: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (name in input ? [[name, input[name] ?? null]] : [])));

/** The literal fields. What a flow was published with may be newer than what is loaded here. */
function written({ name, version }: UsableType['kind'], context: TaskContext): JsonObject {
  const { fields, version: published } = literalFields(context.with);
  if (published === null || !isNewer(published, version)) return fields;
  const message = `Expected ${name} ${published} or newer, with which the flow was published, but this engine has ${version}. Load the newer plugin.`;
  throw Object.assign(new Error(message), { code: 'PLUGIN_TOO_OLD' });
}

/** Of equal major versions; what a patch changes is no matter. */
function isNewer(published: string, loaded: string): boolean {
  const minor = (version: string): number => Number(version.split('.')[1]);
  return minor(published) > minor(loaded);
}

function expectFields(kind: UsableType['kind'], fields: JsonObject): void {
  const validate = compileSchema(kind.schema);
  if (validate(fields)) return;
  const [fault] = validate.errors ?? [];
  const place = fault?.instancePath.slice(1).replaceAll('/', '.') || kind.name;
  throw new PermanentError(
    'BAD_FIELD',
    `Expected \`${place}\` to be what ${kind.name} wants, but it ${fault?.message}.`,
  );
}

/** What a kind may not have repeated fails for good. */
function guarded({ traits }: UsableType['kind'], handler: TaskHandler): TaskHandler {
  if (traits.retryable) return handler;
  return async (input, context) => {
    try {
      return await handler(input, context);
    } catch (fault) {
      const { code, message } = Object(fault) as { code?: unknown; message?: unknown };
      if ((fault as { name?: unknown } | null)?.name === 'PermanentError' || code === 'PLUGIN_TOO_OLD') throw fault;
      const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'HANDLER_ERROR';
      throw new PermanentError(known, String(message ?? fault));
    }
  };
}

/** The context of a handler, and what else a plugin needs: it imports nothing. */
function told(context: TaskContext): NodeTypeContext {
  const { idempotencyKey, instance, flow, version, node, visit, attempt } = context;
  return {
    idempotencyKey,
    instance,
    flow,
    version,
    node,
    visit,
    attempt,
    get signal() {
      return context.signal;
    },
    get log() {
      return context.log;
    },
    poll,
    fail(code, message) {
      throw new PermanentError(code, message);
    },
  };
}
