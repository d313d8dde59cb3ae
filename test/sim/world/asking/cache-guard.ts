import type { CacheOrder, TaskHandler } from '../../../../src/engine/ports/handlers.js';

/** I34, in one process: of equal calls one is made at a time, and no answer is given again when its time is over. */
export class CacheGuard {
  private readonly flying = new Map<string, object>();
  private readonly given = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly wrong: (what: string) => void,
  ) {}

  /** The handler, watched: whoever gives it up keeps nobody from asking again. */
  watching({ key }: CacheOrder, handler: TaskHandler): TaskHandler {
    return async (input, context) => {
      const call = {};
      const end = (): void => {
        if (this.flying.get(key) === call) this.flying.delete(key);
      };
      if (this.flying.has(key)) this.wrong(`two equal calls are made at once: ${key}`);
      this.flying.set(key, call);
      context.signal.addEventListener('abort', end, { once: true });
      try {
        const value = await handler(input, context);
        this.gave(key);
        return value;
      } finally {
        end();
      }
    };
  }

  /** Somebody has answered. */
  gave(key: string): void {
    this.given.set(key, this.now());
  }

  /** An answer is given again. */
  again({ key, ttlMs }: CacheOrder): void {
    const at = this.given.get(key);
    if (at === undefined) this.wrong(`an answer is given again that nobody has given: ${key}`);
    else if (this.now() - at > ttlMs) this.wrong(`an answer is given again after ${this.now() - at} ms: ${key}`);
  }
}
