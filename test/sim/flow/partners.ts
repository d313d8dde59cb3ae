/** Who is behind the tasks. */
export interface Partners {
  /** One handler stands behind all tasks. */
  readonly shared: boolean;
  /** Tasks keep banks apart; each start has one in its input. */
  readonly banks: boolean;
  /** They are down for long, again and again. */
  readonly frail: boolean;
}

export const BANKS = ['north', 'south', 'south'] as const;

/** The name of the handler behind a task. */
export const handlerOf = (id: string, { shared }: Partners): string => (shared ? 'do.all' : `do.${id}`);
