const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const DURATION_PATTERN = /^(0|[1-9][0-9]{0,10})(ms|s|m|h|d)$/;
/** 365 days. */
export const MAX_DURATION_MS = 365 * 86_400_000;

/** `500ms`, `30s`, `5m`, `2h`, `1d` in milliseconds; `null` for anything else, or for more than 365 days. */
export function parseDuration(text: string): number | null {
  const parts = DURATION_PATTERN.exec(text);
  if (!parts) return null;
  const ms = Number(parts[1]) * (UNITS[parts[2] as string] as number);
  return ms <= MAX_DURATION_MS ? ms : null;
}
