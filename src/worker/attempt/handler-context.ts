import type { JsonObject } from '../../core/json.js';
import type { AttemptOrder, TaskContext } from '../../engine/ports/handlers.js';
import type { Log } from '../../engine/ports/log.js';
import { copyJson } from './plain-json.js';
import { TaskLog } from './task-log.js';

/** What a handler is told. What most handlers never look at is made when one does. */
export class HandlerContext implements TaskContext {
  readonly idempotencyKey: string;
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly transaction?: string;
  readonly with: JsonObject;
  readonly #about: AttemptOrder['context'];
  readonly #log: Log;
  readonly #signal: () => AbortSignal;
  #placed: Log | null = null;

  constructor(about: AttemptOrder['context'], log: Log, signal: () => AbortSignal) {
    this.idempotencyKey = about.idempotencyKey;
    this.instance = about.instance;
    this.flow = about.flow;
    this.version = about.version;
    this.node = about.node;
    this.visit = about.visit;
    this.attempt = about.attempt;
    if (about.transaction !== undefined) this.transaction = about.transaction;
    this.with = copyJson(about.with);
    this.#about = about;
    this.#log = log;
    this.#signal = signal;
  }

  get signal(): AbortSignal {
    return this.#signal();
  }

  get log(): Log {
    this.#placed ??= new TaskLog(this.#log, this.#about);
    return this.#placed;
  }
}
