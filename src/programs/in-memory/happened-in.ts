import type { Definition } from '../../core/definition/definition.js';
import { PLAY_MEMBER } from '../../core/definition/starting/play.js';
import { ITEMS_FROM } from '../../core/definition/work/each.js';
import type { Happened } from '../../core/testing/flow-test.js';
import { takenIn } from '../../core/testing/taken.js';
import type { InstanceView } from '../../engine/ports/views.js';

/** What a case expects something of, out of what is stored. `entered` are node instances in their order. */
export function happenedIn(
  definition: Definition,
  view: InstanceView,
  entered: readonly string[],
  calls: Happened['calls'],
  tookMs: number,
): Happened {
  const { instance, vars, attempts, incidents } = view;
  const { [PLAY_MEMBER]: _, ...input } = view.input;
  // What is expected of a node is expected of it as a whole; its items are told by the calls.
  const whole = view.nodes.filter(({ visit }) => visit < ITEMS_FROM);
  const nodes = whole.toSorted(
    (a, b) => entered.indexOf(`${a.node}#${a.visit}`) - entered.indexOf(`${b.node}#${b.visit}`),
  );
  return {
    status: instance.status,
    outcome: instance.outcome,
    input,
    vars,
    tookMs,
    calls,
    incidents: incidents.map(({ node, code }) => ({ node, code })),
    edges: takenIn(definition, view),
    nodes: nodes.map(({ node, visit, attempt, polls, lane, output, receipt }) => {
      const earlier = attempts.filter((one) => one.node === node && one.visit === visit && one.how === 'failed');
      const lanes = [...earlier.filter((one) => one.attempt < attempt).map((one) => one.lane ?? ''), lane ?? ''];
      const degraded = receipt?.degraded === true;
      return { node, visit, attempt, polls, output, degraded, lanes: lanes.filter((one) => one !== '') };
    }),
  };
}
