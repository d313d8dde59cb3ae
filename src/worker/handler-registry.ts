import { Handlers, type TaskHandler } from '../engine/ports/handlers.js';
import { assertTaskName } from './task.decorator.js';

/** What a plugin's kind of node is called beside its name: `acme.reserve@1`, `acme.reserve@1.undo`. */
const OF_KIND = /@\d+(?:\.undo)?$/;

interface Registered {
  readonly handler: TaskHandler;
  readonly place: string;
}

/** The handlers of this process, by task name. Filled from `@Task`, or by hand where there is no Nest. */
export class HandlerRegistry extends Handlers {
  private readonly byName = new Map<string, Registered>();

  /**
   * @param name the task as flows name it: `payment.disburse`.
   * @param place where the handler is, for people who must find it.
   * @throws {TypeError} when the name is none, or taken.
   */
  register(name: string, handler: TaskHandler, place = `register("${name}")`): this {
    assertTaskName(name.replace(OF_KIND, ''));
    if (typeof handler !== 'function')
      throw new TypeError(
        `Expected a function as the handler of "${name}", but it is ${handler === null ? 'null' : `a ${typeof handler}`}.`,
      );
    const other = this.byName.get(name);
    if (other) {
      throw new TypeError(
        `Expected one handler for the task "${name}", but ${other.place} and ${place} both are. ` +
          'Remove or rename one of the two: which one ran would depend on the order of imports.',
      );
    }
    this.byName.set(name, { handler, place });
    return this;
  }

  find(name: string): TaskHandler | undefined {
    return this.byName.get(name)?.handler;
  }

  /** Sorted, so that equal processes announce equal lists. */
  names(): readonly string[] {
    return [...this.byName.keys()].sort();
  }
}
