import { useCallback, useEffect, useRef, useState } from 'react';
import { migratePage } from '../../api/version-queries.js';
import { type MigrationReport, NO_REPORT, withPage } from '../../model/migration.js';

export type MigrationState = 'looking' | 'looked' | 'moving' | 'moved';

export interface Migration {
  readonly report: MigrationReport;
  readonly state: MigrationState;
  readonly error: Error | null;
  readonly look: () => void;
  readonly move: () => Promise<void>;
}

/** Looks at once at what would come of a migration, page by page, and again when it is asked about other instances. */
export function useMigration(flow: string, { to, from }: { readonly to: number; readonly from?: number }): Migration {
  const [report, setReport] = useState(NO_REPORT);
  const [state, setState] = useState<MigrationState>('looking');
  const [error, setError] = useState<Error | null>(null);
  const run = useRef(0);
  const go = useCallback(
    async (dryRun: boolean): Promise<void> => {
      // A later question makes this one void.
      const mine = ++run.current;
      const body = { to, ...(from !== undefined && { from }), dryRun };
      let sum = NO_REPORT;
      setReport(sum);
      setError(null);
      setState(dryRun ? 'looking' : 'moving');
      try {
        for (let cursor: string | null = ''; cursor !== null && run.current === mine; ) {
          const page: Awaited<ReturnType<typeof migratePage>> = await migratePage(
            flow,
            cursor === '' ? body : { ...body, cursor },
          );
          sum = withPage(sum, page?.items ?? []);
          cursor = page?.next ?? null;
          if (run.current === mine) setReport(sum);
        }
      } catch (fault) {
        if (run.current === mine) setError(fault instanceof Error ? fault : new Error(String(fault)));
      }
      if (run.current === mine) setState(dryRun ? 'looked' : 'moved');
    },
    [flow, to, from],
  );
  useEffect(() => {
    void go(true);
    return () => {
      run.current += 1;
    };
  }, [go]);
  return { report, state, error, look: () => void go(true), move: () => go(false) };
}
