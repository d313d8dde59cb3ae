/** A signal to stop for one attempt alone, which stops with the engine too. */
export interface OwnStop {
  readonly signal: AbortSignal;
  /** It was told to stop by itself, and not with the engine. */
  readonly isTold: boolean;
  tell(why: Error): void;
  /** It is over: nothing holds it any more. */
  end(): void;
}

/**
 * One listener at the engine's signal for all attempts. Not `AbortSignal.any`: whatever listens to such a signal is kept as
 * long as the engine's is, which is for ever.
 */
export class OwnStops {
  private readonly under = new WeakMap<AbortSignal, Set<AbortController>>();

  begin(stop: AbortSignal): OwnStop {
    const own = new AbortController();
    const all = this.allOf(stop);
    all.add(own);
    if (stop.aborted) own.abort(stop.reason);
    let isTold = false;
    return {
      signal: own.signal,
      get isTold() {
        return isTold;
      },
      tell: (why) => {
        isTold = true;
        own.abort(why);
      },
      end: () => all.delete(own),
    };
  }

  private allOf(stop: AbortSignal): Set<AbortController> {
    const known = this.under.get(stop);
    if (known) return known;
    const all = new Set<AbortController>();
    this.under.set(stop, all);
    const stopAll = (): void => {
      for (const own of [...all]) own.abort(stop.reason);
    };
    stop.addEventListener('abort', stopAll, { once: true });
    return all;
  }
}
