// The report of a run as Markdown.

/** What a soak of this kind cannot show. */
const LIMITS = [
  '`kill -9` is no power cut: what the operating system had in its cache survives it.',
  'Everything ran on one machine: nothing is said about partitions between replicas, or about a failover.',
  'Clocks agreed, and no disk was full.',
  'A loss of less than the bound above may still be there.',
];

const sentences = {
  I1: 'every accepted start has exactly one instance',
  I2: 'every instance is over, or has exactly the incidents that were foretold',
  I3: 'one end per instance; nothing completes after it',
  I4: 'every effect is applied once per key',
  I5: 'the keys in the books are exactly the done tasks',
  I6: '`active` equals the active rows, also while faults were under way',
  I7: 'the nodes visited are those foretold',
  I8: 'each join fires once per round, after its arrivals',
  I9: 'variables and outputs are those foretold',
  I10: 'when all is quiet, nothing is left for a sweep',
  I11: 'no orphans',
  I12: 'attempts stay within their policy',
  I13: 'the broker ends empty; the quarantine holds what was put there',
  I14: 'visits and attempts without gap or repetition',
  I15: 'unplanned calls stay near one for an effect',
  I16: 'at rest within two minutes after the last fault',
  I17: 'engines end as planned; memory stays bounded',
  I18: 'no secret in a log',
};

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;
const spread = (of) => (of ? `${seconds(of.p50)} · ${seconds(of.p99)} · ${seconds(of.max)}` : 'none');
const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

/** @param report what `reportOf` made. */
export function pageOf(report) {
  const { faults, invariants, ledger, paths, machine, servers } = report;
  const listed = invariants.filter(({ violations }) => violations > 0);
  return `# Soak of ${report.instances} instances and ${faults.requested} faults, seed ${report.seed}

${report.passed ? '**Passed.**' : `**Failed**: ${report.violations} violations${faults.never.length > 0 ? `; never confirmed: ${faults.never.join(', ')}` : ''}.`} ${report.confidence}

${table(
  ['', ''],
  [
    ['began', report.began],
    ['took', seconds(report.tookMs)],
    ['sources', `${report.git.sha}${report.git.clean ? '' : ' with changes'}`],
    ['servers', `${servers.database}, ${servers.broker} (${servers.source})`],
    ['machine', `${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}`],
    [
      'command',
      `\`npm run soak -- --instances ${report.wanted} --faults ${faults.requested} --seed ${report.seed} --gap ${report.gapMs}\``,
    ],
    [
      'starts accepted',
      `${report.starts.accepted} (${report.starts.http} HTTP, ${report.starts.amqp} AMQP), tried again ${report.starts.triedAgain} times`,
    ],
    ['node instances', `${report.nodeInstances}, of them ${report.taskNodes} tasks`],
    ['instances left with a foretold incident', report.waiting],
    ['dispatches quarantined while a fault had deleted their queue (and sent again)', report.homeless],
    ['from start to end, p50 · p99 · max', spread(report.durationMs)],
    ['from the end of a fault to the end of the last instance that it met, p50 · p99 · max', spread(report.recoveryMs)],
    ['at rest after the last fault', seconds(report.restMs)],
  ],
)}

## Invariants

${table(
  ['', 'invariant', 'result'],
  invariants.map(({ id, violations }) => [
    id,
    sentences[id],
    violations === 0 ? 'holds' : `**${violations} violations**`,
  ]),
)}
${listed.map(({ id, first }) => `\n### ${id}\n\n${first.map((text) => `- \`${text.replaceAll('`', "'").replaceAll('\n', ' ')}\``).join('\n')}\n`).join('')}
## Faults

${table(
  ['fault', 'requested', 'confirmed'],
  Object.entries(faults.kinds)
    .sort()
    .map(([kind, { requested, confirmed }]) => [kind, requested, confirmed]),
)}

A fault is confirmed when something outside of it shows that it happened. ${faults.unsupported.length > 0 ? `**Left out, because it cannot be done to these servers: ${faults.unsupported.join(', ')}.**` : 'None was left out.'}

## Was the path taken?

${table(
  ['path', 'times'],
  Object.entries(paths).map(([name, count]) => [
    name,
    count > 0 ? `at least ${count}` : count === null ? '**not visible here**' : '**path not exercised**',
  ]),
)}

Counts end up to a second before an engine was killed.

## Calls

${ledger.calls} calls for ${ledger.applied} effects: ${ledger.callsPerEffect} for one. The ledger was slow ${ledger.slow} times, failed ${ledger.failed}, applied and cut ${ledger.cut}, hung ${ledger.hung}, refused ${ledger.refused}. Without what it planned itself: ${ledger.unplannedCallsPerEffect} for one.

## Engines

${table(
  ['engine', 'lives', 'starts refused while a server was away', 'most memory'],
  report.engines.map(({ name, lives, failedStarts, mostMiB }) => [name, lives, failedStarts, `${mostMiB} MiB`]),
)}

## Limits

${LIMITS.map((text) => `- ${text}`).join('\n')}
`;
}
