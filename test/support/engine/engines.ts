import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineProcess } from './process.js';
import { QUICK, Stage } from './stage.js';

/** Engine processes on a stage of their own, with definitions of their own. */
export class Engines {
  private alive: EngineProcess[] = [];

  private constructor(
    readonly stage: Stage,
    /** Where their definitions lie. */
    readonly folder: string,
  ) {}

  /** @param files of definitions, by name. */
  static async open(files: Readonly<Record<string, string>>): Promise<Engines> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-engines-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return new Engines(await Stage.open(), folder);
  }

  /** One more. */
  async up(tuning: object = QUICK, settings: Readonly<Record<string, string>> = {}): Promise<EngineProcess> {
    const env = this.stage.env(tuning, { SLUICE_DEFINITIONS: this.folder, ...settings });
    const engine = await EngineProcess.start(env);
    this.alive.push(engine);
    return engine;
  }

  /** Kills all that are up. */
  async kill(): Promise<void> {
    for (const engine of this.alive) await engine.kill();
    this.alive = [];
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
    await this.stage.close();
  }
}
