import { Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Checked } from '../../api/wire.js';
import { FlowGraph } from '../graph/FlowGraph.js';
import { Empty, Trouble } from '../small/Notes.js';
import { Problems } from '../small/Problems.js';
import type { CheckedDraft } from './useChecked.js';

interface Props {
  readonly source: string;
  readonly onChange: (source: string) => void;
  readonly checked: CheckedDraft;
}

/** The text of a definition, what is wrong with it, and the graph that it makes. */
export function Draft({ source, onChange, checked: { found, error, isCurrent } }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const drawn = useLastDrawn(found);
  const go = (line: number, column: number): void => {
    const lines = source.split('\n');
    const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    field.current?.focus();
    field.current?.setSelectionRange(at, at + Math.max(1, (lines[line - 1]?.length ?? 0) - column + 1));
  };
  return (
    <>
      <div className="card draft-card">
        <Textarea
          ref={field}
          aria-label="YAML"
          value={source}
          onChange={(event) => onChange(event.currentTarget.value)}
          spellCheck={false}
          classNames={{ root: 'draft-root', wrapper: 'draft-root', input: 'draft draft-text' }}
        />
        <div className="draft-found" aria-live="polite">
          {error && <Trouble error={error} />}
          {found && <p className="dim">{isCurrent ? sentence(found) : 'Checking…'}</p>}
          <Problems problems={found?.problems ?? []} onGo={go} />
        </div>
      </div>
      <div>
        {drawn ? (
          <FlowGraph name="draft" text={drawn.mermaid} map={drawn.map} nodes={null} tall />
        ) : (
          <div className="graph" data-tall>
            <Empty title="Nothing to draw yet">The graph appears as soon as the text has no error.</Empty>
          </div>
        )}
      </div>
    </>
  );
}

interface Drawn {
  readonly mermaid: string;
  readonly map: NonNullable<Checked['map']>;
}

/** The graph of the last text without an error: it stays while a line is being written. */
function useLastDrawn(found: Checked | null): Drawn | null {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const { mermaid = null, map = null } = found ?? {};
  if (mermaid !== null && map !== null && mermaid !== drawn?.mermaid) {
    const next = { mermaid, map };
    setDrawn(next);
    return next;
  }
  return drawn;
}

function sentence({ flow, problems }: Checked): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (flow === null)
    return errors === 1 ? '1 error. It cannot be published.' : `${errors} errors. It cannot be published.`;
  return problems.length === 0 ? 'No problem was found.' : 'It can be published; mind the warnings.';
}
