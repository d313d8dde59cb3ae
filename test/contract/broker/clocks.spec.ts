import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';

describe('the virtual clock', () => {
  it('stands still until it is moved', () => {
    const clock = new VirtualClock(1_000);
    clock.schedule(0, () => {
      throw new Error('ran by itself');
    });
    expect(clock.now()).toBe(1_000);
  });

  it('runs what falls due in order of time, then of scheduling, at its own time', () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const at = (name: string) => () => ran.push(`${name}@${clock.now()}`);
    clock.schedule(20, at('b1'));
    clock.schedule(10, at('a'));
    clock.schedule(20, at('b2'));
    clock.schedule(31, at('late'));
    clock.advance(30);
    expect(ran).toEqual(['a@10', 'b1@20', 'b2@20']);
    expect(clock.now()).toBe(30);
  });

  it('runs what is scheduled on the way, if it is due', () => {
    const clock = new VirtualClock(0);
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.schedule(10, again);
    };
    clock.schedule(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('takes a scheduled call back', () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    const cancel = clock.schedule(5, () => ran.push('cancelled'));
    clock.schedule(5, () => ran.push('kept'));
    cancel();
    cancel();
    clock.advance(5);
    cancel();
    expect(ran).toEqual(['kept']);
  });

  it('jumps to the next alarm and says when there is none', () => {
    const clock = new VirtualClock(100);
    clock.schedule(86_400_000, () => {});
    expect(clock.nextAt()).toBe(86_400_100);
    expect(clock.runNext()).toBe(true);
    expect(clock.now()).toBe(86_400_100);
    expect(clock.runNext()).toBe(false);
    expect(clock.nextAt()).toBeNull();
  });

  it('refuses to go back', () => {
    expect(() => new VirtualClock().advance(-1)).toThrow('Expected a time of 0 ms or more');
  });
});

describe('the clock of the machine', () => {
  it('wakes once, not early, and can be taken back', async () => {
    const clock = new SystemClock();
    const before = clock.now();
    const wokenAt: number[] = [];
    clock.schedule(30, () => wokenAt.push(clock.now()));
    clock.schedule(10, () => wokenAt.push(-1))();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(wokenAt).toHaveLength(1);
    expect((wokenAt[0] ?? 0) - before).toBeGreaterThanOrEqual(29);
  });

  it('does not wake at once when asked to wait for longer than a timer of Node can', async () => {
    let woken = false;
    const cancel = new SystemClock().schedule(2 ** 31 + 5, () => {
      woken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    cancel();
    expect(woken).toBe(false);
  });
});
