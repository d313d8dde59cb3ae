// The queues of an installation, as docs/messaging.md lists them.
const LANES = ['fast', 'normal', 'slow', 'retry', 'probe'];
const RUNGS_MS = [
  250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000,
];

export const topologyNames = (prefix) => [
  `${prefix}.unrouted`,
  `${prefix}.dead`,
  `${prefix}.start.intake`,
  ...LANES.map((lane) => `${prefix}.lane.${lane}`),
  ...RUNGS_MS.map((ms) => `${prefix}.delay.${ms}`),
];
