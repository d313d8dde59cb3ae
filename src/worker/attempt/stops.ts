/** Something under way that is told to stop. */
export interface Stoppable {
  stop(): void;
}

/**
 * One listener per stop signal, however many attempts are under way: hundreds share the engine's, and each listener
 * of their own would be searched for when it is taken off.
 */
export class Stops {
  private readonly bySignal = new WeakMap<AbortSignal, Set<Stoppable>>();

  add(signal: AbortSignal, one: Stoppable): void {
    const known = this.bySignal.get(signal);
    if (known) {
      known.add(one);
      return;
    }
    const all = new Set([one]);
    this.bySignal.set(signal, all);
    const stopAll = (): void => {
      for (const each of [...all]) each.stop();
    };
    signal.addEventListener('abort', stopAll, { once: true });
  }

  delete(signal: AbortSignal, one: Stoppable): void {
    this.bySignal.get(signal)?.delete(one);
  }
}
