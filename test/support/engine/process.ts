import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** The built engine as a process of its own, to be killed. */
export class EngineProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when it takes work. */
  static async start(env: Readonly<Record<string, string>>): Promise<EngineProcess> {
    const child = spawn(process.execPath, [CHILD], { env: { ...plain(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    child.stderr?.on('data', (chunk: Buffer) => (told = (told + chunk).slice(-4_000)));
    await new Promise<void>((up, fail) => {
      child.stdout?.on('data', (chunk: Buffer) => chunk.includes('up') && up());
      child.once('exit', (code) =>
        fail(new Error(`Expected the engine to come up, but it exited with ${code}: ${told}`)),
      );
    });
    return new EngineProcess(child);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }
}

/** This process's environment without any setting of Sluice. */
const plain = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => !entry[0].startsWith('SLUICE_') && entry[1] !== undefined,
    ),
  );
