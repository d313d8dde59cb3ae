/** Moments that come again and again, compiled once per published version. The core knows this type and no grammar. */
export interface CronRule {
  /** As the author wrote it: `0 9 * * 1-5`. */
  readonly text: string;
  /** The zone whose clocks it goes by: `Asia/Shanghai`. */
  readonly zone: string;
  /** The first moment after `at`, both in milliseconds since 1970; `null`: there is none any more. */
  next(at: number): number | null;
}
