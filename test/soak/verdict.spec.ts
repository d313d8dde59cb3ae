import { expect, it } from 'vitest';

// A world of one instance that keeps every promise, and for each invariant the smallest thing that breaks it.
const ID = '01a2009e-0000-7000-8000-000000000001';
const load = (path: string): Promise<any> => import(new URL(`../../scripts/soak/${path}.mjs`, import.meta.url).href);
const [{ judge, INVARIANTS }, { foretell }] = await Promise.all([load('verdict/judge'), load('oracle')]);

const STEP = {
  kind: 'all',
  id: 'both',
  arms: [
    { kind: 'task', id: 'left', fails: 1 },
    { kind: 'task', id: 'right', fails: 0 },
  ],
};

function world(): any {
  const told = foretell(STEP, { refuse: [] }, ID);
  const row = (node: string, more: object = {}) => ({
    instance: ID,
    node,
    visit: 1,
    status: 'done',
    attempt: 1,
    queue: null,
    polls: 0,
    via: '0',
    ended_at: 20,
    error: null,
    output: null,
    ...more,
  });
  const answer = (node: string) => JSON.stringify({ n: told.tasks.get(`${ID}.${node}.1`).n });
  return {
    rows: {
      instances: [
        {
          id: ID,
          flow: 'f',
          version: 1,
          business_key: 'k',
          status: 'completed',
          outcome: 'done',
          active: 0,
          incidents: 0,
          started_at: 1,
          ended_at: 20,
        },
      ],
      nodes: new Map([
        [
          ID,
          [
            row('begin'),
            row('both_fork'),
            row('both_meet', { via: '3,4' }),
            row('done'),
            row('left', { attempt: 2, output: answer('left') }),
            row('right', { output: answer('right') }),
          ],
        ],
      ]),
      attempts: new Map([[ID, [{ instance: ID, node: 'left', visit: 1, attempt: 1, ended_at: 5 }]]]),
      vars: new Map([[ID, Object.entries(told.vars).map(([name, value]) => ({ name, value: JSON.stringify(value) }))]]),
      incidents: new Map(),
      inputs: new Set([ID]),
      liveKeys: [],
      quarantine: [],
    },
    faults: [],
    began: 0,
    plan: new Map([['k', { how: 'once' }]]),
    accepted: [{ key: 'k', receipt: 'k', id: ID, version: 1 }],
    rubbish: [],
    told: new Map([[ID, told]]),
    books: new Map(['left', 'right'].map((node) => [`${ID}.${node}.1`, { first: 1 }])),
    ledger: { applied: 2, again: 0, planned: 0 },
    queues: { 'sluice.lane.normal': 0 },
    ends: [{ messageId: `${ID}:completed`, body: { instance: ID } }],
    samples: [],
    rest: { atRest: true, tookMs: 1_000 },
    engines: [{ name: 'engine-1', unplanned: [], rss: [{ bytes: 1 }], log: () => 'all is well' }],
    secrets: ['marker-1'],
  };
}

const nodes = (of: any): any[] => of.rows.nodes.get(ID);
const only = (of: any, node: string): any => nodes(of).find((row) => row.node === node);

const BREAKS: Readonly<Record<string, (of: any) => void>> = {
  I1: (of) => of.accepted.push({ key: 'lost', receipt: 'lost', id: null, version: null }) && of.plan.set('lost', {}),
  I2: (of) => (of.rows.instances[0].outcome = 'other'),
  I3: (of) => (only(of, 'right').ended_at = 21),
  I4: (of) => (of.books.get(`${ID}.left.1`).first = 2),
  I5: (of) => of.books.delete(`${ID}.left.1`),
  I6: (of) => (of.rows.instances[0].active = 1),
  I7: (of) => nodes(of).splice(3, 1),
  I8: (of) => (only(of, 'both_meet').via = '3'),
  I9: (of) => (of.rows.vars.get(ID)[0].value = '-1'),
  I10: (of) => (only(of, 'done').queue = 2),
  I11: (of) => of.rows.liveKeys.push({ flow: 'f', instance: ID }),
  I12: (of) => (only(of, 'right').attempt = 40),
  I13: (of) => (of.queues['sluice.lane.normal'] = 1),
  I14: (of) => of.rows.attempts.delete(ID),
  I15: (of) => (of.ledger.again = 5),
  I16: (of) => (of.rest.tookMs = 121_000),
  I17: (of) => of.engines[0].unplanned.push({ code: 1, signal: null, log: '' }),
  I18: (of) => (of.engines[0].log = () => 'token=marker-1'),
};

it('finds nothing in a world that keeps every promise', () => {
  const found = judge(world()).filter(({ violations }: any) => violations > 0);
  expect(found).toEqual([]);
});

it.each(INVARIANTS as string[])('%s finds what breaks it', (id) => {
  const broken = world();
  BREAKS[id]?.(broken);
  expect(judge(broken).find((one: any) => one.id === id).violations).toBeGreaterThan(0);
});
