import type { AuditRow } from '../../api/wire.js';

const WORDS: Readonly<Record<string, string>> = {
  publishDefinition: 'published',
  activateVersion: 'let starts get',
  migrateInstances: 'moved instances to',
  pauseInstance: 'paused',
  resumeInstance: 'resumed',
  cancelInstance: 'cancelled',
  retryInstance: 'retried',
  settleParticipant: 'settled by hand',
  rescheduleNode: 'rescheduled',
  completeTask: 'completed',
  replayQuarantined: 'replayed',
  discardQuarantined: 'discarded',
  publishRules: 'published rules',
  restoreRules: 'restored rules',
  setOverride: 'set the override',
  removeOverride: 'ended the override',
  republish: 'sent every dispatch again',
  createPlay: 'put online the play',
  changePlay: 'changed the play',
  pausePlay: 'paused the play',
  resumePlay: 'resumed the play',
  endPlay: 'ended the play',
};

/** What somebody did, as the middle of a sentence: `Zoë let starts get v3`. */
export function deedOf({ action, detail }: Pick<AuditRow, 'action' | 'detail'>): string {
  const word = WORDS[action] ?? action;
  const version = detail['version'] ?? detail['to'];
  const object = typeof version === 'number' ? `v${version}` : (detail['play'] ?? detail['code'] ?? detail['id']);
  return typeof object === 'string' ? `${word} ${object}` : word;
}

/** What came of it, where there is more to say than that it was done. */
export function cameOf({ status, detail }: Pick<AuditRow, 'status' | 'detail'>): string | null {
  if (status >= 400) return `refused: ${String(detail['refused'] ?? status)}`;
  const { moved, stayed, from } = detail;
  if (typeof moved !== 'number') return null;
  const stay = typeof stayed === 'number' && stayed > 0 ? `, ${stayed} stayed` : '';
  return `${moved} moved${stay}${typeof from === 'number' ? `, of v${from} alone` : ''}`;
}
