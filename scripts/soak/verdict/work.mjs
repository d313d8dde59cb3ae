// Invariants of the work in the instances: against the ledger's books and against the oracle.
import { MOST_RETRIES, RETRY_MS } from '../flows.mjs';

/** How much earlier than planned a retry may seem to come: clocks are read in milliseconds by two processes. */
const EARLY_MS = 20;

const keyOf = ({ instance, node, visit }) => `${instance}.${node}.${visit}`;
const rowsOf = ({ rows }, id) => rows.nodes.get(id) ?? [];
/** For each instance that the oracle knows: what it tells, and the rows. */
const each = (facts, find) =>
  [...facts.told].flatMap(([id, told]) => find(told, rowsOf(facts, id), id).map((text) => `${id} ${text}`));

/** Every effect is applied once, and the books know no key that no node instance has. */
export const I4 = (facts) => {
  const known = new Set([...facts.rows.nodes.values()].flat().map(keyOf));
  return [...facts.books].flatMap(([key, { first }]) => [
    ...(first > 1 ? [`${key} was applied ${first} times`] : []),
    ...(known.has(key) ? [] : [`${key} was asked for, but there is no such node instance`]),
  ]);
};

/** The keys with an effect are exactly the done task nodes that were not refused. */
export const I5 = (facts) =>
  each(facts, (told, rows) =>
    rows
      .filter((row) => told.tasks.has(keyOf(row)))
      .flatMap((row) => {
        const done = row.status === 'done' && row.error === null;
        const applied = facts.books.get(keyOf(row))?.first ?? 0;
        return done === applied > 0
          ? []
          : [`${row.node}.${row.visit} is ${row.status}, and was applied ${applied} times`];
      }),
  );

/** The nodes visited are those that the oracle tells. */
export const I7 = (facts) =>
  each(facts, (told, rows) => {
    const found = new Map();
    for (const { node } of rows) found.set(node, (found.get(node) ?? 0) + 1);
    return [...new Set([...found.keys(), ...told.visits.keys()])]
      .filter((node) => (found.get(node) ?? 0) !== (told.visits.get(node) ?? 0))
      .map((node) => `visited ${node} ${found.get(node) ?? 0} times instead of ${told.visits.get(node) ?? 0}`);
  });

/** Each join fires once per round, after the arrivals that it asks for. */
export const I8 = (facts) =>
  each(facts, (told, rows) =>
    [...told.joins].flatMap(([node, rounds]) => {
      const found = rows
        .filter((row) => row.node === node)
        .sort((a, b) => a.visit - b.visit)
        .map(({ via }) => new Set(String(via).split(',')).size);
      return found.join() === rounds.join() ? [] : [`${node} fired with [${found}] arrivals instead of [${rounds}]`];
    }),
  );

/** Variables and outputs equal the oracle's. */
export const I9 = (facts) =>
  each(facts, (told, rows, id) => {
    const vars = Object.fromEntries(
      (facts.rows.vars.get(id) ?? []).map(({ name, value }) => [name, JSON.parse(value)]),
    );
    const names = new Set([...Object.keys(vars), ...Object.keys(told.vars)]);
    return [
      ...[...names]
        .filter((name) => vars[name] !== told.vars[name])
        .map((name) => `${name} is ${vars[name]} instead of ${told.vars[name]}`),
      ...rows.flatMap((row) => {
        const task = told.tasks.get(keyOf(row));
        if (!task) return [];
        const output = row.output === null ? null : JSON.parse(row.output).n;
        return output === task.n ? [] : [`${row.node}.${row.visit} gave ${output} instead of ${task.n}`];
      }),
    ];
  });

/** Attempts stay within their policy, and none comes before its delay has passed. */
export const I12 = (facts) =>
  each(facts, (told, rows, id) => {
    const ended = new Map();
    for (const row of facts.rows.attempts.get(id) ?? []) ended.set(keyOf(row), [...(ended.get(keyOf(row)) ?? []), row]);
    return rows.flatMap((row) => {
      const task = told.tasks.get(keyOf(row));
      const name = `${row.node}.${row.visit}`;
      const most = task ? MOST_RETRIES + 1 : 1;
      const least = task?.leastAttempts ?? 0;
      const early = (ended.get(keyOf(row)) ?? []).flatMap((next, at, all) => {
        if (at === 0) return [];
        const delayMs = RETRY_MS[Math.min(at - 1, RETRY_MS.length - 1)];
        const tookMs = next.ended_at - all[at - 1].ended_at;
        return tookMs < delayMs - EARLY_MS
          ? [`${name} ended attempt ${next.attempt} ${tookMs} ms after the last, before its delay of ${delayMs} ms`]
          : [];
      });
      return [
        ...(row.attempt > most || row.attempt < least
          ? [`${name} has ${row.attempt} attempts, not ${least} to ${most}`]
          : []),
        ...(row.polls > 0 ? [`${name} has polls, but nothing polls`] : []),
        ...early,
      ];
    });
  });

/** Visits are counted without gap or repetition, and so are the attempts of each. */
export const I14 = (facts) =>
  each(facts, (told, rows, id) => {
    const attempts = new Map();
    for (const row of facts.rows.attempts.get(id) ?? [])
      attempts.set(keyOf(row), [...(attempts.get(keyOf(row)) ?? []), row.attempt]);
    const last = new Map();
    return rows.flatMap((row) => {
      const name = `${row.node}.${row.visit}`;
      const expected = (last.get(row.node) ?? 0) + 1;
      last.set(row.node, row.visit);
      const task = told.tasks.get(keyOf(row));
      const count = task ? (task.n === null ? row.attempt : row.attempt - 1) : 0;
      const found = attempts.get(keyOf(row)) ?? [];
      return [
        ...(row.visit === expected ? [] : [`has ${name} after visit ${expected - 1}`]),
        ...(found.length === count && found.every((attempt, at) => attempt === at + 1)
          ? []
          : [`${name} is at attempt ${row.attempt}, but the attempts [${found}] are told as ended`]),
      ];
    });
  });
