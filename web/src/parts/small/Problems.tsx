import { Problem } from '../../api/client.js';
import type { PlacedProblem } from '../../api/wire.js';

interface Props {
  readonly problems: readonly PlacedProblem[];
  /** Goes to a place in the text. */
  readonly onGo?: (line: number, column: number) => void;
}

/** What is wrong with a text, each with its place. */
export function Problems({ problems, onGo }: Props) {
  if (problems.length === 0) return null;
  return (
    <ul className="problems">
      {problems.map(({ line, column, code, severity, message, hint }) => (
        <li key={`${line} ${column} ${code} ${message}`}>
          <button
            type="button"
            className="link state"
            data-tone={severity === 'error' ? 'bad' : 'warn'}
            onClick={() => onGo?.(line, column)}
            disabled={!onGo}
          >
            line {line}
          </button>{' '}
          {message} {hint && <span className="dim">{hint}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The problems that a refusal tells of; `null`: it was refused for another reason. */
export const problemsOf = (error: Error | null): readonly PlacedProblem[] | null =>
  error instanceof Problem ? ((error.body['problems'] as readonly PlacedProblem[] | undefined) ?? null) : null;
