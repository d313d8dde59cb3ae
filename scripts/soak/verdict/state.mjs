// Invariants of the instances as a whole. Each answers with what broke it, one line each.
const ACTIVE = ['ready', 'waiting', 'incident', 'cancelling'];
const nodesOf = ({ rows }, id) => rows.nodes.get(id) ?? [];
const isOver = ({ status }) => ['completed', 'failed', 'cancelled'].includes(status);
const each = (facts, find) =>
  facts.rows.instances.flatMap((instance) => find(instance).map((text) => `${instance.id} ${text}`));

/** Every accepted start has exactly one instance; rivals for a key may follow one another, but never overlap. */
export function I1({ rows, accepted, plan }) {
  const byKey = groupByKey(rows.instances);
  const linesOf = new Map();
  for (const line of accepted) linesOf.set(line.key, [...(linesOf.get(line.key) ?? []), line]);
  const broken = [];
  for (const [key, lines] of linesOf) {
    const found = (byKey.get(key) ?? []).toSorted((a, b) => a.started_at - b.started_at);
    const most = plan.get(key).how === 'rivals' ? 2 : 1;
    if (found.length < 1 || found.length > most) broken.push(`${key} has ${found.length} instances`);
    const [first, second] = found;
    const overlapMs = second ? (first.ended_at ?? Number.POSITIVE_INFINITY) - second.started_at : 0;
    if (overlapMs > 0) broken.push(`${key} has two instances at the same time, for ${overlapMs} ms`);
    for (const { id, version, receipt } of lines.filter((line) => line.id !== null)) {
      const row = found.find((one) => one.id === id);
      if (!row) broken.push(`${key}: ${receipt} was answered with ${id}, which is not there`);
      else if (row.version !== version)
        broken.push(`${key}: ${receipt} was answered with version ${version}, but ${id} is of ${row.version}`);
    }
  }
  for (const { id, business_key: key } of rows.instances)
    if (!linesOf.has(key)) broken.push(`${id} has the key ${key}, which nobody started`);
  return broken;
}

function groupByKey(instances) {
  const groups = new Map();
  for (const row of instances) groups.set(row.business_key, [...(groups.get(row.business_key) ?? []), row]);
  return groups;
}

/** Every instance is over, or has exactly the incidents that the oracle tells. */
export const I2 = (facts) =>
  each(facts, ({ id, status, outcome }) => {
    const told = facts.told.get(id);
    if (!told) return ['is of no known flow'];
    const open = (facts.rows.incidents.get(id) ?? []).filter(({ open_at }) => open_at !== null);
    const wanted = told.incidents.map((node) => `${node} PERMANENT_FAILURE`).sort();
    const found = open.map(({ node, code }) => `${node} ${code}`).sort();
    if (wanted.join() !== found.join()) return [`has the incidents [${found}] instead of [${wanted}]`];
    if (told.ends)
      return status === 'completed' && outcome === 'done' ? [] : [`is ${status} ${outcome} instead of completed`];
    return status === 'incident' ? [] : [`is ${status} instead of incident`];
  });

/** One end per instance, nothing completes after it, and at most one end is told to the outside. */
export function I3(facts) {
  const told = new Map();
  for (const { messageId, body } of facts.ends)
    told.set(body.instance, (told.get(body.instance) ?? new Set()).add(messageId));
  return each(facts, (instance) => {
    const ends = told.get(instance.id)?.size ?? 0;
    if (!isOver(instance)) return ends > 0 || instance.ended_at !== null ? ['was told as ended, but is not'] : [];
    const last = Math.max(
      ...nodesOf(facts, instance.id).map(({ ended_at }) => ended_at ?? Number.POSITIVE_INFINITY),
      ...(facts.rows.attempts.get(instance.id) ?? []).map(({ ended_at }) => ended_at),
    );
    return [
      ...(ends > 1 ? [`was told as ended in ${ends} ways`] : []),
      ...(last > instance.ended_at ? [`ended at ${instance.ended_at}, but has work of ${last}`] : []),
    ];
  });
}

/** `active` and `incidents` equal the rows, also in the samples taken while faults were under way. */
export const I6 = (facts) => [
  ...facts.samples,
  ...each(facts, (instance) => {
    const rows = nodesOf(facts, instance.id);
    const active = rows.filter(({ status }) => ACTIVE.includes(status)).length;
    const incidents = rows.filter(({ status }) => status === 'incident').length;
    return [
      ...(active !== instance.active ? [`says ${instance.active} active, but has ${active}`] : []),
      ...(incidents !== instance.incidents ? [`says ${instance.incidents} incidents, but has ${incidents}`] : []),
      ...(isOver(instance) && active !== 0 ? [`is over with ${active} active`] : []),
    ];
  }),
];

/** When all is quiet, nothing is left for a sweep. */
export const I10 = (facts) =>
  each(facts, ({ id }) =>
    nodesOf(facts, id)
      .filter(({ status, queue }) => status === 'ready' || status === 'waiting' || queue !== null)
      .map(
        ({ node, visit, status, queue, wake_at }) =>
          `${node}.${visit} is ${status} on queue ${queue}, due at ${wake_at}`,
      ),
  );

/** No orphans: rows have their instance, instances their input, keys are held by who lives, and who lives has something to do. */
export function I11({ rows }) {
  const live = new Map(rows.instances.map((instance) => [instance.id, !isOver(instance)]));
  const held = new Set(rows.liveKeys.map(({ instance }) => instance));
  return [
    ...['nodes', 'attempts', 'vars', 'incidents'].flatMap((name) =>
      [...rows[name].keys()].filter((id) => !live.has(id)).map((id) => `${id} has ${name}, but is not there`),
    ),
    ...rows.instances.flatMap(({ id, active }) => [
      ...(rows.inputs.has(id) ? [] : [`${id} has no input`]),
      ...(live.get(id) && active === 0 ? [`${id} lives with nothing to do`] : []),
      ...(live.get(id) && !held.has(id) ? [`${id} lives without its key`] : []),
    ]),
    ...[...held].filter((id) => !live.get(id)).map((id) => `${id} holds a key, but does not live`),
  ];
}
