import { type Cancel, Clock } from '../../../src/engine/ports/clock.js';

export interface Alarm {
  readonly at: number;
  readonly wake: () => void;
}

/** The one clock of a world, which is the database's too. It moves only when a step moves it. */
export class WorldClock extends Clock {
  at = Date.UTC(2026, 0, 1);

  override now(): number {
    return this.at;
  }

  override schedule(): Cancel {
    throw new Error('Expected nothing of the world to wait on its clock: engines have their own.');
  }
}

/** The clock of one engine process. What falls due is woken by a step, as late as the schedule likes. */
export class EngineClock extends Clock {
  readonly alarms: Alarm[] = [];

  constructor(
    private readonly world: WorldClock,
    private readonly skewMs: number,
  ) {
    super();
  }

  override now(): number {
    return this.world.at + this.skewMs;
  }

  override schedule(ms: number, wake: () => void): Cancel {
    const alarm = { at: this.world.at + Math.ceil(Math.max(0, ms)), wake };
    let place = this.alarms.length;
    while (place > 0 && (this.alarms[place - 1] as Alarm).at > alarm.at) place--;
    this.alarms.splice(place, 0, alarm);
    return () => {
      const at = this.alarms.indexOf(alarm);
      if (at >= 0) this.alarms.splice(at, 1);
    };
  }

  get isDue(): boolean {
    return this.alarms[0] !== undefined && this.alarms[0].at <= this.world.at;
  }
}
