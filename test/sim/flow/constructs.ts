import { allOf, type Block } from './block.js';
import { markedAdded } from './items/added.js';
import { markedIn, markedMore } from './wide/marks.js';

/** The constructs that the blocks of a flow stand for, as often as they are in it. */
export function constructsIn(flow: Block): readonly string[] {
  return allOf(flow).flatMap((block) => {
    switch (block.kind) {
      case 'wide':
        return markedIn(block);
      case 'task': {
        const { by, mutex, undo, more = {} } = block.plan;
        return [
          'task',
          ...markedMore(more),
          ...(by ? [by] : []),
          ...(mutex ? ['mutex'] : []),
          ...(undo === undefined ? [] : ['undo']),
        ];
      }
      case 'wait':
        return [block.person ? 'person' : 'wait', ...(block.timeoutMs === null ? [] : ['timeout'])];
      case 'each':
        return [
          block.flow === null ? 'each' : 'each.call',
          ...(block.until ? ['each.until'] : []),
          ...markedAdded(block),
        ];
      case 'race':
        return [`race.${block.rest ?? 'ignore'}`];
      case 'scope':
        return [`scope.${block.how}`];
      case 'border':
        return [
          `border.${block.ms === null ? 'message' : 'time'}`,
          block.interrupts ? 'border.within' : 'border.beside',
        ];
      case 'call':
        return [block.detach ? 'call.detach' : 'call', ...(block.undo ? ['call.undo'] : [])];
      default:
        return [block.kind];
    }
  });
}

/** All of them. One that no schedule of many draws is not tested. */
export const CONSTRUCTS = [
  ...['and', 'border.beside', 'border.message', 'border.time', 'border.within', 'call', 'call.detach', 'catch'],
  'call.undo',
  ...['each.more', 'each.bad', 'each.last-total', 'each.last-letter'],
  ...['compensate', 'copies', 'each', 'each.call', 'each.until', 'event', 'fails', 'lease', 'loop', 'mutex', 'or'],
  ...['person', 'race.cancel', 'race.hold', 'race.ignore', 'scope.cancels', 'scope.error', 'scope.goes-on', 'seq'],
  ...['task', 'timeout', 'timer', 'undo', 'wait', 'while', 'worker', 'xor'],
  ...['rules', 'rules.and', 'rules.any', 'rules.all', 'rules.none', 'rules.always', 'rules.when', 'rules.flow'],
  ...['rules.result', 'rules.quiet', 'rules.shift', 'rules.window', 'rules.forward', 'rules.inverse', 'rules.park'],
  ...['rules.error', 'rules.doomed', 'steps', 'steps.back', 'steps.checkpoint', 'steps.branches', 'steps.context'],
  ...['steps.merge', 'steps.mix', 'steps.doomed', 'arms', 'arms.holdout', 'arms.forced', 'dates', 'dates.until'],
  ...['dates.for', 'dates.cron', 'merging', 'merging.sum', 'merging.max', 'merging.min', 'merging.list'],
  ...['merging.first', 'merging.last', 'merging.concat', 'merging.union', 'delay.until', 'delay.for', 'delay.ms'],
  ...['delay.when', 'delay.max', 'cache', 'batch', 'fallback'],
  ...['play', 'play.quota', 'play.quota.by', 'play.window', 'play.changed', 'play.paused', 'play.event', 'play.read'],
  ...['tcc.parallel', 'tcc.sequence', 'tcc.within', 'tcc.refused', 'tcc.by-hand'],
] as const;
