import { type Asker, mayComplete } from '../../core/definition/control/may-complete.js';
import type { ManualNode } from '../../core/definition/nodes/waiting-nodes.js';
import type { NodeInstance } from '../../core/flow/instance.js';
import { type Json, type JsonObject, jsonBytes } from '../../core/json.js';
import { err, ok, type Result } from '../../core/result.js';
import { differsAt } from '../../core/testing/resembles.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Catalog, InputViolation } from '../ports/catalog.js';
import type { ManualTaskView, Page, Views } from '../ports/views.js';
import { operate, type Refusal } from './operate-instance.js';

/** As of any other node. */
const MAX_OUTPUT_BYTES = 64 * 1024;

export interface CompleteCommand {
  readonly instance: string;
  readonly node: string;
  /** Left out: the newest. */
  readonly visit?: number;
  /** What the form asks for. */
  readonly output: JsonObject;
  /** Who completes it; the name is stored with what was done. */
  readonly by: Asker;
}

export interface Completed {
  readonly visit: number;
  /** It was completed before, with the very same output. */
  readonly duplicate: boolean;
}

export type CompleteRefusal =
  | Refusal
  | { readonly reason: 'not-manual' | 'not-theirs'; readonly message: string }
  | {
      readonly reason: 'invalid-output';
      readonly message: string;
      readonly violations: readonly InputViolation[];
    };

/** Takes what a person gave for a manual node, if its form allows it. Given twice, it counts once. */
export class CompleteManual {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
    private readonly catalog: Catalog,
  ) {}

  async execute(command: CompleteCommand): Promise<Result<Completed, CompleteRefusal>> {
    const { instance, node, output, by } = command;
    const state = (await this.views.states([instance])).items[0];
    const published = state && (await this.catalog.get(state.instance.flow, state.instance.version));
    const manual = published?.definition.nodes.get(node);
    if (manual && manual.kind !== 'manual') {
      const message = `Expected a node that a person completes, but '${node}' is a ${manual.kind}.`;
      return err({ reason: 'not-manual', message });
    }
    if (manual) {
      const refusal = faultsOf(manual, output, published?.checkForm?.(node, output) ?? []);
      if (refusal) return err(refusal);
    }
    const visit = command.visit ?? newestOf(state?.nodes ?? [], node);
    const forbidden = manual && (await this.forbids({ instance, node, visit }, manual, by));
    if (forbidden) return err({ reason: 'not-theirs', message: forbidden });
    const event = { type: 'manual.completed', at: 0, node, visit, output, by: by.name } as const;
    const answer = await operate({ commits: this.commits, views: this.views }, instance, event);
    if (answer.ok) return ok({ visit, duplicate: false });
    const wasDone = answer.error.reason === 'node-instance-over' || answer.error.reason === 'instance-over';
    if (wasDone && (await this.isStored({ instance, node, visit }, output))) return ok({ visit, duplicate: true });
    return answer;
  }

  /** Why somebody may not complete it; whose it is does not change as long as it is to be done. */
  private async forbids(
    of: { instance: string; node: string; visit: number },
    { id, title }: ManualNode,
    by: Asker,
  ): Promise<string | null> {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const asked = { instance: of.instance, limit: 200, ...(cursor !== '' && { cursor }) };
      const page: Page<ManualTaskView> = await this.views.manualTasks(asked);
      const task = page.items.find(({ node, visit }) => node === of.node && visit === of.visit);
      if (task && !mayComplete(task.assignee, by)) return forbidden(task.assignee, title ?? id, by);
      cursor = task ? null : page.next;
    }
    return null;
  }

  /** Whoever did not hear the answer may ask again. */
  private async isStored(of: { instance: string; node: string; visit: number }, output: Json): Promise<boolean> {
    const view = await this.views.instance(of.instance);
    const row = view?.nodes.find(({ node, visit }) => node === of.node && visit === of.visit);
    return row?.status === 'done' && row.error === null && isSame(row.output, output);
  }
}

function forbidden(assignee: string | null, title: string, { name }: Asker): string {
  if (assignee === null) return `Expected an operator to complete '${title}', but ${name} is none. Ask one.`;
  return `Expected ${assignee}, or somebody of that group, to complete '${title}', but ${name} is neither. Ask them, or an admin.`;
}

const isSame = (a: Json, b: Json): boolean => differsAt(a, b) === null && differsAt(b, a) === null;

function faultsOf(
  { id, title }: ManualNode,
  output: JsonObject,
  violations: readonly InputViolation[],
): CompleteRefusal | null {
  const bytes = jsonBytes(output);
  if (bytes > MAX_OUTPUT_BYTES) {
    const message = `Expected an output of at most ${MAX_OUTPUT_BYTES} bytes as JSON, but it has ${bytes}. Store it elsewhere and give a reference.`;
    return { reason: 'invalid-output', message, violations: [] };
  }
  if (violations.length === 0) return null;
  const faults = violations.length === 1 ? 'there is 1 fault' : `there are ${violations.length} faults`;
  const message = `Expected what the form of '${title ?? id}' allows, but ${faults}: ${violations[0]?.message ?? ''}`;
  return { reason: 'invalid-output', message, violations };
}

/** The newest visit that waits for somebody, else the newest. */
function newestOf(nodes: readonly NodeInstance[], node: string): number {
  const visits = nodes.filter((row) => row.node === node);
  const open = visits.filter(({ status }) => status === 'waiting');
  return Math.max(1, ...(open.length > 0 ? open : visits).map(({ visit }) => visit));
}
