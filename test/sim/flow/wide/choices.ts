/** What only the stored tells of such blocks, and is judged by itself. */
export interface WideChoices {
  /** The arm of a visit to an experiment, `null` for who is held out; absent: it has come to none. */
  readonly arm: (id: string, visit: number) => string | null | undefined;
  /** What has come to a list after it was read, in order. */
  readonly cameTo: (id: string, visit: number) => readonly string[];
  /** Whether a visit gave what it gives while its circuit keeps it back. */
  readonly degraded: (unit: string) => boolean;
  /** What its play says that started it. */
  readonly prize: () => string;
}

export const NO_WIDE_CHOICES: WideChoices = {
  arm: () => null,
  cameTo: () => [],
  degraded: () => false,
  prize: () => '',
};
