import { type BatchHandler, inBatches, type TaskHandler } from '../engine/ports/handlers.js';

/** Registered globally, so that a second copy of this package in an application marks the same way. */
const TASK_NAMES = Symbol.for('sluice.task');
const BATCH_NAMES = Symbol.for('sluice.batch-task');

/** `payment.disburse`: letters, digits and `_ - .`, at most 128; it becomes part of a queue's name. */
const TASK_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

/** A class that is a handler as a whole: `@Task('payment.disburse')` above it makes `execute` the handler. */
export interface TaskClass {
  execute: TaskHandler;
}

/** @throws {TypeError} when the name cannot be a task's. */
export function assertTaskName(name: string): void {
  if (TASK_NAME.test(name)) return;
  throw new TypeError(
    `Expected a task name of letters, digits, "_", "-" and "." (at most 128, a letter first), but got ${JSON.stringify(name)}. ` +
      'Name it like the task in the flow: @Task("payment.disburse").',
  );
}

/**
 * Makes a method of a provider, or a provider class with `execute`, the handler of a task. Found when the
 * application starts; may be given several times for several names.
 *
 * @param name the task as flows name it: `payment.disburse`.
 * @throws {TypeError} when the name is none, or the class has no `execute`.
 */
export function Task(name: string): ClassDecorator & MethodDecorator {
  return marking(name, TASK_NAMES);
}

/**
 * Makes a method of a provider, or a provider class with `execute`, the handler of a task that is asked about several
 * calls at once where a flow says `batch`: it gets a list of `{ input, context }` and answers with as many answers.
 *
 * @param name the task as flows name it: `credit.score`.
 * @throws {TypeError} when the name is none, or the class has no `execute`.
 */
export function BatchTask(name: string): ClassDecorator & MethodDecorator {
  return marking(name, BATCH_NAMES);
}

function marking(name: string, as: symbol): ClassDecorator & MethodDecorator {
  assertTaskName(name);
  return (target: object, member?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (member === undefined) {
      const { prototype } = target as { prototype?: Partial<TaskClass> };
      if (typeof prototype?.execute !== 'function') {
        throw new TypeError(
          `Expected the class under @Task("${name}") to have a method execute(input, context), but it has none. ` +
            'Add it, or put @Task above the method that does the work.',
        );
      }
      mark(target, name, as);
      return;
    }
    if (typeof descriptor?.value !== 'function') {
      throw new TypeError(
        `Expected @Task("${name}") above a class or a method, but ${String(member)} is neither. ` +
          'Decorators see methods only, not arrow functions in fields.',
      );
    }
    mark(descriptor.value as object, name, as);
  };
}

function mark(target: object, name: string, as: symbol): void {
  Object.defineProperty(target, as, { value: [name, ...namesOf(target, as)], configurable: true });
}

/** Only what stands above this very class or method: a subclass of a handler is not the same handler again. */
function namesOf(target: object, as: symbol): readonly string[] {
  return Object.hasOwn(target, as) ? ((target as { readonly [as: symbol]: readonly string[] })[as] ?? []) : [];
}

/** A handler found on an object. `place` is what people are told: `PaymentHandlers.disburse`. */
export interface FoundTask {
  readonly name: string;
  readonly place: string;
  readonly handler: TaskHandler;
}

/** The handlers that an object's class declares with {@link Task}, inherited methods included. */
export function tasksOf(instance: object): readonly FoundTask[] {
  const owner = instance.constructor;
  if (typeof owner !== 'function') return [];
  const execute = (...given: Parameters<TaskHandler>) => (instance as TaskClass).execute(...given);
  const found = foundAs(owner, `${owner.name}.execute`, execute);
  const seen = new Set<string>();
  for (let level = Object.getPrototypeOf(instance) as object | null; level && level !== Object.prototype; ) {
    for (const [member, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      // Accessors are not touched: reading one could run anything.
      if (typeof value !== 'function' || member === 'constructor' || seen.has(member)) continue;
      seen.add(member);
      found.push(...foundAs(value as object, `${owner.name}.${member}`, (value as TaskHandler).bind(instance)));
    }
    level = Object.getPrototypeOf(level) as object | null;
  }
  return found;
}

function foundAs(marked: object, place: string, handler: TaskHandler): FoundTask[] {
  const many = inBatches(handler as unknown as BatchHandler);
  return [
    ...namesOf(marked, TASK_NAMES).map((name) => ({ name, place, handler })),
    ...namesOf(marked, BATCH_NAMES).map((name) => ({ name, place, handler: many })),
  ];
}
