import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { checkDefinition } from '../../api/version-queries.js';
import type { Checked } from '../../api/wire.js';

/** Who types is not asked after every letter. */
const PAUSE_MS = 400;

export interface CheckedDraft {
  readonly found: Checked | null;
  readonly error: Error | null;
  /** What was found is of the very text that stands there. */
  readonly isCurrent: boolean;
}

/** What publishing a text would find, a moment after it was typed. */
export function useChecked(source: string): CheckedDraft {
  const [settled] = useDebouncedValue(source, PAUSE_MS);
  const checked = useQuery({
    queryKey: ['checked', settled] as const,
    queryFn: () => checkDefinition(settled),
    placeholderData: keepPreviousData,
    enabled: settled.trim() !== '',
    gcTime: 60_000,
  });
  return {
    found: checked.data ?? null,
    error: checked.error,
    isCurrent: settled === source && checked.isSuccess && !checked.isPlaceholderData,
  };
}
