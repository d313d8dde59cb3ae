import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CrashPoint } from '../../../src/engine/ports/checkpoint.js';

const BUILT = fileURLToPath(new URL('../../../dist/src/programs/serve.js', import.meta.url));
const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
const TOKEN = 'a-token-for-tests-only';

/** Those that are alive; a test that fails before its end leaves none behind. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The built application as a process of its own, to be killed. */
export class EngineProcess {
  /** Resolves when it is gone, however it went. */
  readonly ended: Promise<Ending>;
  private readonly stdout: Readable;
  private told = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Its settings. */
    readonly env: Readonly<Record<string, string>>,
  ) {
    const hear = (chunk: Buffer): void => {
      this.told = (this.told + chunk).slice(-8_000);
    };
    this.stdout = child.stdout as Readable;
    this.stdout.on('data', hear);
    child.stderr?.on('data', hear);
    alive.add(child);
    this.ended = once(child, 'exit').then(([code, signal]) => {
      alive.delete(child);
      return { code, signal };
    });
  }

  /** Resolves when it takes work. */
  static async start(env: Readonly<Record<string, string>>): Promise<EngineProcess> {
    if (!existsSync(BUILT))
      throw new Error("Expected the application to be built, but it is not. Run 'npm run build'.");
    const child = spawn(process.execPath, [CHILD], {
      env: { ...plain(), SLUICE_PORT: '0', SLUICE_TOKEN: TOKEN, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const engine = new EngineProcess(child, env);
    const up = new Promise<void>((wake) => {
      child.stdout?.on('data', () => engine.url !== null && wake());
    });
    const ending = await Promise.race([up, engine.ended]);
    if (ending) throw new Error(`Expected the engine to come up, but it exited with ${ending.code}: ${engine.output}`);
    return engine;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Its last lines, of both streams. */
  get output(): string {
    return this.told;
  }

  /** Where its API answers. */
  get url(): string | null {
    return /^up (\S+)\n/m.exec(this.told)?.[1] ?? null;
  }

  /** It will end itself by SIGKILL when it reaches the point for that many times from now. */
  dieAt(point: CrashPoint | 'handling', nth: number): void {
    this.child.send({ end: { by: 'SIGKILL', point, nth } });
  }

  /** It will fall asleep there by SIGSTOP; resolves when it has. */
  async sleepAt(point: CrashPoint | 'handling', nth: number): Promise<void> {
    this.child.send({ end: { by: 'SIGSTOP', point, nth } });
    while (!this.told.includes(`SIGSTOP at ${point}\n`)) await Promise.race([once(this.stdout, 'data'), this.ended]);
  }

  /** Its counters. */
  async tally(): Promise<Readonly<Record<string, number>>> {
    const answer = once(this.child, 'message');
    this.child.send({ tally: true });
    const [{ tally }] = await answer;
    return tally;
  }

  /** Asks its API; answers status, headers and JSON. */
  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; headers: Headers; body: any }> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  }

  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** `kill -9`, or a gentler signal; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ending> {
    if (this.alive) this.child.kill(signal);
    return this.ended;
  }
}

/** This process's environment without any setting of Sluice. */
const plain = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => !entry[0].startsWith('SLUICE_') && entry[1] !== undefined,
    ),
  );
