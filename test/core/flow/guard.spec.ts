import { describe, it } from 'vitest';
import { end, flow, start, task, timer } from '../../support/build-definition.js';
import { cancelled, completed, failed, fired, given, retried, started } from '../../support/flow-spec.js';

describe('what arrives twice or late is rejected', () => {
  const line = flow({ begin: start(), a: task({ retry: { remote: [1], max: 9 } }), t: timer({ ms: 5 }), done: end() }, [
    'begin -> a -> t -> done',
  ]);
  it.each([
    { what: 'a second start', after: [started()], late: started(), reason: 'already-started' },
    { what: 'a start of what is over', after: [started(), cancelled], late: started(), reason: 'already-started' },
    {
      what: 'a second completion',
      after: [started(), completed('a')],
      late: completed('a'),
      reason: 'node-instance-over',
    },
    {
      what: 'a failure after the completion',
      after: [started(), completed('a')],
      late: failed('a'),
      reason: 'node-instance-over',
    },
    {
      what: 'a second failure of an attempt',
      after: [started(), failed('a')],
      late: failed('a'),
      reason: 'stale-attempt',
    },
    {
      what: 'a completion of an attempt that failed',
      after: [started(), failed('a')],
      late: completed('a'),
      reason: 'stale-attempt',
    },
    {
      what: 'a completion of an attempt that became an incident',
      after: [started(), failed('a', 'X', { permanent: true })],
      late: completed('a'),
      reason: 'stale-attempt',
    },
    {
      what: 'a timer that fires twice',
      after: [started(), completed('a'), fired('t')],
      late: fired('t'),
      reason: 'instance-over',
    },
    { what: 'a timer that was never set', after: [started()], late: fired('t'), reason: 'unknown-node-instance' },
    { what: 'a timer event for a task', after: [started()], late: fired('a'), reason: 'unknown-node-instance' },
    {
      what: 'a completion of a timer',
      after: [started(), completed('a')],
      late: completed('t'),
      reason: 'unknown-node-instance',
    },
    {
      what: 'word of a visit that never was',
      after: [started()],
      late: completed('a', {}, { visit: 2 }),
      reason: 'unknown-node-instance',
    },
    {
      what: 'word of a node that is in no flow',
      after: [started()],
      late: completed('nobody'),
      reason: 'unknown-node-instance',
    },
    { what: 'a retry of what is no incident', after: [started()], late: retried('a'), reason: 'nothing-to-retry' },
    { what: 'a retry without incidents', after: [started()], late: retried(), reason: 'nothing-to-retry' },
    { what: 'a retry of what never was', after: [started()], late: retried('t'), reason: 'unknown-node-instance' },
    {
      what: 'a second retry',
      after: [started(), failed('a', 'X', { permanent: true }), retried('a')],
      late: retried('a'),
      reason: 'nothing-to-retry',
    },
  ] as const)('$what: $reason', ({ after, late, reason }) => {
    given(line)
      .after(...after)
      .when(late)
      .rejects(reason);
  });
});
