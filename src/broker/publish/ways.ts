import type { LaneName } from '../../core/routing/lane.js';
import type { Names } from '../topology/topology.js';
import type { Way } from './frames.js';

/** Events have as many ways as flows have kinds of news; those that are asked for again are remembered anew. */
const MOST_EVENTS = 1_000;

/** The ways of what an engine sends, each made once. */
export class Ways {
  readonly #lanes = new Map<LaneName, Way>();
  readonly #rungs = new Map<string, Way>();
  readonly #events = new Map<string, Way>();

  /** @param persistent whether lanes keep what is in them when the broker restarts; if not, it is in the database. */
  constructor(
    private readonly names: Names,
    private readonly persistent: boolean,
  ) {}

  /** Straight into the queue: an alternate exchange would take, and confirm, what has no lane to go to. */
  toLane(lane: LaneName): Way {
    const { names, persistent } = this;
    return known(this.#lanes, lane, () => ({
      exchange: '',
      routingKey: names.lane(lane),
      persistent,
      mandatory: true,
    }));
  }

  toRung(ms: number, lane: LaneName): Way {
    const { names } = this;
    const way = () => ({
      exchange: names.rung(ms),
      routingKey: names.laneKey(lane),
      persistent: true,
      mandatory: true,
    });
    return known(this.#rungs, `${ms} ${lane}`, way);
  }

  ofEvent(routingKey: string): Way {
    if (this.#events.size >= MOST_EVENTS) this.#events.clear();
    const way = () => ({ exchange: this.names.events, routingKey, persistent: true, mandatory: false });
    return known(this.#events, routingKey, way);
  }
}

function known<K>(ways: Map<K, Way>, key: K, make: () => Way): Way {
  const there = ways.get(key);
  if (there !== undefined) return there;
  const way = make();
  ways.set(key, way);
  return way;
}
