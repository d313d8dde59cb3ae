import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../cli/support/call.js';

const FLOW = `flow: report
input: { type: object, required: [day], properties: { day: { type: string } } }
nodes:
  begin: { start: true }
  night: { timer: 8h }
  done: { end: sent }
edges: [begin -> night -> done]
`;
const TRIGGERS = `triggers:
  - { code: nightly, cron: "30 2 * * *", zone: Europe/Berlin, start: report, input: { day: event.local } }
  - { code: over, cron: "30 2 * * *", start: report, input: { day: event.at }, window: { to: "2020-01-01T00:00:00Z" } }
  - { code: asked, on: report.asked, when: event.day != "", start: report, input: { day: event.day } }
`;

describe('cases that a trigger starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-triggered-'));
  beforeAll(() => {
    writeFileSync(join(folder, 'report.flow.yaml'), FLOW);
    writeFileSync(join(folder, 'all.triggers.yaml'), TRIGGERS);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const test = (cases: string) => {
    writeFileSync(join(folder, 'report.flow.test.yaml'), `cases:\n${cases}`);
    return call(['test', folder]);
  };

  it('begin when its clock ticks, on virtual time, also in the night that has 23 hours', async () => {
    const { code, out } = await test(`  a usual night:
    now: "2026-11-22T12:00:00Z"
    trigger: nightly
    expect: { outcome: sent, input: { day: "2026-11-23T02:30:00" }, took: 8h }
  a short night:
    now: "2027-03-27T12:00:00Z"
    trigger: nightly
    expect: { input: { day: "2027-03-28T03:00:00" } }
  a campaign that is over:
    trigger: over
    expect: { starts: false }
`);
    expect(out).toContain('3 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('begin with what it makes of a message, or not at all', async () => {
    const { out } = await test(`  asked for a day:
    trigger: asked
    event: { day: monday }
    expect: { input: { day: monday }, starts: true }
  asked for none:
    trigger: asked
    event: { day: "" }
    expect: { starts: false }
`);
    expect(out).toContain('2 passed, 0 failed');
  });

  it('fail when it starts nothing, when it starts something, and when there is no such trigger', async () => {
    const { code, out } = await test(`  nothing:
    trigger: asked
    event: { day: "" }
    expect: { outcome: sent }
  something:
    trigger: asked
    event: { day: monday }
    expect: { starts: false }
  another:
    trigger: asked
    event: { day: monday }
    expect: { input: { day: tuesday } }
  unfit:
    trigger: asked
    event: { day: 7 }
    expect: { outcome: sent }
  unknown:
    trigger: nobody
    expect: { outcome: sent }
`);
    expect(code).toBe(1);
    expect(out).toContain('0 passed, 5 failed');
    for (const told of [
      'but it passed',
      'but an instance was',
      'Expected input.day',
      'quarantine',
      "a trigger 'nobody'",
    ])
      expect(out).toContain(told);
  });
});
