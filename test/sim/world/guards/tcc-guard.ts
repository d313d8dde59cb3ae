import { isUndo, itemOf, visitOf } from '../../../../src/core/definition/work/each.js';
import { type Instance, isActive, type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Phase } from '../../../../src/core/flow/tries/tcc/rule.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import { allOf, type Block } from '../../flow/block.js';
import { itemFor, type TccDoes } from '../../flow/wide/tcc/tcc-block.js';

interface Stored {
  readonly instance: Instance;
  /** As they are with the changes. */
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

type Part = (place: number, phase: Phase) => NodeInstance | undefined;

/** I40, at every commit: all who were told to try are confirmed, or all are cancelled, and their node is not over before that. */
export class TccGuard {
  private readonly tccs = new Map<string, TccDoes>();
  /** Visits that were withdrawn while they tried. */
  private readonly withdrawn = new Set<string>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly wrong: (what: string) => void,
  ) {
    for (const [flow, block] of Object.entries(flows))
      for (const one of allOf(block))
        if (one.kind === 'wide' && one.does.kind === 'tcc') this.tccs.set(`${flow} ${one.id}`, one.does);
  }

  see({ instance, nodes }: Stored, { nodes: changed }: Changes): void {
    if (this.tccs.size === 0) return;
    const seen = new Set<string>();
    for (const row of changed) {
      const does = this.tccs.get(`${instance.flow} ${row.node}`);
      const visit = visitOf(row.visit);
      if (!does || isUndo(row.visit) || seen.has(`${row.node}.${visit}`)) continue;
      seen.add(`${row.node}.${visit}`);
      const whole = nodes.get(`${row.node}.${visit}`);
      if (!whole) {
        this.wrong(`${instance.id} ${row.node}.${visit} has participants, and is not there`);
        continue;
      }
      const inside = [...nodes.values()].filter(
        (one) => one.node === row.node && itemOf(one.visit) !== null && visitOf(one.visit) === visit,
      );
      const part: Part = (place, phase) => inside.find((one) => itemOf(one.visit) === itemFor(place, phase));
      const isLate = [...nodes.values()].some(
        (one) => one.node === `${row.node}@within` && one.status === 'done' && one.startedAt >= whole.startedAt,
      );
      const hasConfirms = does.participants.some((_, place) => part(place, 'confirm'));
      const name = `${instance.id} ${row.node}.${visit}`;
      if (whole.status === 'cancelling' && !hasConfirms) this.withdrawn.add(name);
      if (hasConfirms && this.withdrawn.has(name)) this.wrong(`${name} was withdrawn while it tried, and confirms`);
      for (const what of faultsOf(does, whole, part, isLate)) this.wrong(`${name} ${what}`);
    }
  }
}

function faultsOf({ participants }: TccDoes, whole: NodeInstance, part: Part, isLate: boolean): string[] {
  const wrong: string[] = [];
  const places = participants.map((_, place) => place);
  const begun = places.filter((place) => part(place, 'try'));
  const confirmed = places.filter((place) => part(place, 'confirm'));
  const cancelled = places.filter((place) => part(place, 'cancel'));
  const said = (place: number, how: readonly string[]): boolean => {
    const row = part(place, 'try');
    return row?.status === 'done' && how.includes(participants[place]?.says ?? '');
  };
  if (confirmed.length > 0 && cancelled.length > 0) wrong.push(`confirms ${confirmed} and cancels ${cancelled}`);
  if (confirmed.length > 0 && !places.every((place) => said(place, ['yes'])))
    wrong.push('confirms, and not all have said yes');
  if (confirmed.length > 0 && confirmed.length < places.length) wrong.push(`confirms ${confirmed} alone`);
  if (cancelled.length > 0 && `${cancelled}` !== `${begun}`)
    wrong.push(`told ${begun} to try, and cancels ${cancelled}`);
  const isRefused = places.some((place) => said(place, ['no', 'gone']));
  const isWithdrawn = whole.status === 'cancelling' || whole.status === 'cancelled';
  if (cancelled.length > 0 && !isRefused && !isLate && !isWithdrawn) wrong.push('cancels, and nobody has said no');
  if (isActive(whole.status)) return wrong;
  for (const place of begun) {
    const end = part(place, confirmed.length > 0 ? 'confirm' : 'cancel');
    if (end?.status !== 'done') wrong.push(`is ${whole.status}, but its participant ${place} is ${end?.status}`);
  }
  return wrong;
}
