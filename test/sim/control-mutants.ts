import { edit, type Mutant } from './mutant.js';

const LEAVE = 'core/flow/walk/leave.js';
const JOIN = 'core/flow/walk/join.js';
const GATE = 'core/flow/walk/kinds/gate.js';

/** Faults in what decides whether something is wanted, or may begin, beside something else. */
export const CONTROL_MUTANTS: readonly Mutant[] = [
  {
    name: 'losing-branches-go-on',
    why: 'What came second is done all the same.',
    focus: ['control'],
    edits: [edit('core/flow/walk/enter.js', 'if (draft.graph.losing.has(id))', "if (id === '')")],
  },
  {
    name: 'scope-goes-on',
    why: 'What was given up as a whole works on.',
    focus: ['control'],
    edits: [edit(LEAVE, 'if (draft.graph.cancelling.size > 0)', 'if (draft.graph.cancelling.size < 0)')],
  },
  {
    name: 'scope-leaves-arrivals',
    why: 'What was given up has left something at a join, and the instance never ends.',
    focus: ['control'],
    edits: [edit('core/flow/walk/kinds/cancel.js', 'forgetArrivals(draft, (_, from) => nodes.has(from));', ';')],
  },
  {
    name: 'times-is-once',
    why: 'An edge that brings several brings one.',
    focus: ['control'],
    edits: [edit(LEAVE, 'n < times', 'n < 1')],
  },
  {
    name: 'gathers-one-less',
    why: 'A join of so many arrivals goes on while one is still to come.',
    focus: ['control'],
    edits: [
      edit(
        JOIN,
        '(draft.arrivals[edge.index] ?? 0), 0) < count)',
        '(draft.arrivals[edge.index] ?? 0), 0) < count - 1)',
      ),
    ],
  },
  {
    name: 'late-arrivals-count-again',
    why: 'Who comes late to a join is taken for the next round.',
    focus: ['control'],
    edits: [edit(JOIN, 'absorb(draft, node.id, [...(seen ?? []), ...used], edges);', ';')],
  },
  {
    name: 'mutex-lets-two-in',
    why: 'Two that exclude one another are under way at once.',
    focus: ['control'],
    edits: [edit(GATE, 'return [...excluding].every((id) => !inside.has(id));', 'return true;')],
  },
  {
    name: 'begins-without-its-host',
    why: 'What may be done only beside something is done after it.',
    focus: ['control'],
    edits: [edit(GATE, 'if (milestone !== undefined && !active.has(milestone))', 'if (milestone === null)')],
  },
  {
    name: 'left-out-too-soon',
    why: 'What is to be done beside something is left out before that has begun.',
    focus: ['control'],
    edits: [
      edit(
        GATE,
        'waiting.filter((row) => !may.has(row))',
        'waiting.filter((row) => gateOf(draft, row).milestone !== undefined)',
      ),
    ],
  },
];
