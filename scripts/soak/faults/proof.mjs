// Ways to see that something happened.
import { readdirSync, readFileSync } from 'node:fs';
import { pause } from '../../../test/support/servers/processes.mjs';

/** Asks until it is true; answers whether it became so. */
export async function until(ask, withinMs) {
  for (const end = Date.now() + withinMs; ; await pause(50)) {
    if (await Promise.resolve(ask()).catch(() => false)) return true;
    if (Date.now() > end) return false;
  }
}

function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state, group: Number(group) };
}

/** Whether a process stands still, as the system sees it. */
export const isStopped = (pid) => stat(pid).state === 'T';

/** Whether every process of a group stands still. */
export function isGroupStopped(group) {
  const members = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [stat(name)];
      } catch {
        return [];
      }
    })
    .filter((each) => each.group === group);
  return members.length > 0 && members.every(({ state }) => state === 'T' || state === 'Z');
}
