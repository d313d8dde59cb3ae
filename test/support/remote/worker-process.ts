import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PYTHON_WORKER = fileURLToPath(new URL('../../../docs/examples/worker.py', import.meta.url));
const NODE_WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** Those that are alive; a test that fails before its end leaves none behind. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A remote worker as a process of its own, to be killed. */
export class WorkerProcess {
  /** Its last lines. */
  output = '';
  readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    alive.add(child);
    const hear = (chunk: Buffer): void => {
      this.output = (this.output + chunk).slice(-4_000);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.ended = new Promise((wake) => {
      child.once('exit', () => {
        alive.delete(child);
        wake();
      });
    });
  }

  /** The worker of the documentation. */
  static python(python: string, url: string, task: string): WorkerProcess {
    return new WorkerProcess(spawn(python, [PYTHON_WORKER, url, task], { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /**
   * One that tells a ledger of each task before it works on it, and works for a while.
   * @param env see the head of worker.mjs
   */
  static node(env: Readonly<Record<string, string>>): WorkerProcess {
    const surroundings = { PATH: process.env.PATH ?? '', ...env };
    return new WorkerProcess(
      spawn(process.execPath, [NODE_WORKER], { env: surroundings, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  get alive(): boolean {
    return alive.has(this.child);
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
