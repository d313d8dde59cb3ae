// What must have happened in an instance, told by recursion over the steps that its flow was made of. It knows no
// edges, events, messages or rows, and shares nothing with the engine.
import { score } from './dice.mjs';

/**
 * @param step the steps of the flow's version.
 * @param input what the instance was started with.
 * @param instance its id; the answers of tasks depend on it.
 * @returns what an instance must look like when it is at rest.
 */
export function foretell(step, input, instance) {
  const visits = new Map();
  const tasks = new Map();
  const joins = new Map();
  const vars = {};
  const incidents = [];

  const visit = (node) => {
    visits.set(node, (visits.get(node) ?? 0) + 1);
    return visits.get(node);
  };
  /** Answers whether the task goes on, and what it gave; a refusal gives nothing. */
  const work = (node, { fails = 0, refused = false } = {}) => {
    const key = `${instance}.${node}.${visit(node)}`;
    const n = refused ? null : score(key);
    tasks.set(key, { n, leastAttempts: fails + 1 });
    if (!refused) vars[node] = n;
    return n;
  };
  const join = (node, arrivals) => {
    visit(node);
    joins.set(node, [...(joins.get(node) ?? []), arrivals]);
  };
  /** All of them, also when an earlier one has stopped: branches do not see one another. */
  const every = (arms) => arms.map(walk).every(Boolean);

  /** Goes through a step; false when it never comes out at its end. */
  const walk = (at) => {
    const { id } = at;
    switch (at.kind) {
      case 'line':
        return at.steps.every(walk);
      case 'task':
        work(id, { fails: at.fails });
        return true;
      case 'doomed':
        if (!input.refuse.includes(id)) return work(id) !== null;
        work(id, { refused: true });
        incidents.push(id);
        return false;
      case 'guarded':
        if (input.refuse.includes(id)) {
          work(id, { refused: true });
          work(`${id}_amends`);
        } else work(id);
        visit(`${id}_met`);
        return true;
      case 'nap':
        visit(id);
        return true;
      case 'choose': {
        visit(`${id}_fork`);
        if (!walk(at.arms[input.pick[id]])) return false;
        visit(`${id}_meet`);
        return true;
      }
      case 'ask': {
        const n = work(id);
        const arm = at.arms.findIndex((_, i) => i === at.arms.length - 1 || n < 300 * (i + 1));
        if (!walk(at.arms[arm])) return false;
        visit(`${id}_meet`);
        return true;
      }
      case 'all': {
        visit(`${id}_fork`);
        if (!every(at.arms)) return false;
        join(`${id}_meet`, at.arms.length);
        return true;
      }
      case 'some': {
        visit(`${id}_fork`);
        const taken = input.some[id].length > 0 ? input.some[id] : [at.arms.length - 1];
        if (!every(taken.map((i) => at.arms[i]))) return false;
        join(`${id}_meet`, taken.length);
        return true;
      }
      case 'again': {
        visit(`${id}_zero`);
        vars[id] = 0;
        for (let round = 1; round <= at.times; round++) {
          visit(`${id}_next`);
          vars[id] = round;
          if (!walk(at.body)) return false;
          visit(`${id}_turn`);
        }
        visit(`${id}_out`);
        return true;
      }
      default:
        throw new Error(`Expected a known kind of step, but it is ${at.kind}.`);
    }
  };

  visit('begin');
  const ends = walk(step);
  if (ends) visit('done');
  return { ends, visits, tasks, joins, vars, incidents };
}
