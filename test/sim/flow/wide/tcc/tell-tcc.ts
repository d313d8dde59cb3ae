import type { ItemEnd } from '../../items/tell-each.js';
import { BY_HAND, itemFor, partGives, type TccDoes } from './tcc-block.js';

/** What time alone decides, as it is stored; it is judged by itself, commit by commit. */
export interface TccChoices {
  readonly item: (id: string, visit: number, item: number) => ItemEnd;
  /** Whether it has given anything: what had never tried is cancelled without a word. */
  readonly gave: (unit: string) => boolean;
  /** Whether it is done; what was withdrawn, and cancelled, is not. */
  readonly came: (id: string, visit: number) => boolean;
}

interface Telling {
  readonly salt: string;
  readonly fails: Record<string, number>;
  readonly outputs: Record<string, string>;
  readonly choices: TccChoices;
}

/** What its participants have given, and what it came to as a whole. */
export function tellTcc(id: string, visit: number, { participants }: TccDoes, telling: Telling): void {
  const { salt, fails, outputs, choices } = telling;
  let isConfirmed = false;
  for (const [place, plan] of participants.entries()) {
    const gives = (item: number, failed: number | null): void => {
      const unit = `${id}.${visit}.${item}`;
      if (choices.item(id, visit, item) !== 'done' || !choices.gave(unit)) return;
      outputs[unit] = failed === null ? JSON.stringify(BY_HAND) : partGives(id, visit, item, salt);
      if (failed !== null) fails[unit] = failed;
    };
    gives(itemFor(place, 'try'), plan.fails);
    gives(itemFor(place, 'confirm'), plan.settles);
    gives(itemFor(place, 'cancel'), plan.settles);
    isConfirmed ||= choices.item(id, visit, itemFor(place, 'confirm')) !== 'none';
  }
  if (choices.came(id, visit)) outputs[`${id}.${visit}`] = isConfirmed ? 'confirmed' : 'cancelled';
}
