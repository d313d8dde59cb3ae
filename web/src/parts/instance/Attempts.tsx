import type { AttemptView } from '../../api/wire.js';
import { Ago } from '../small/Time.js';

/** What each attempt came to, and what was decided then; the latest first. */
export function Attempts({ attempts }: { readonly attempts: readonly AttemptView[] }) {
  return (
    <section>
      <h3>Attempts</h3>
      <ol className="attempts" reversed>
        {[...attempts].reverse().map((attempt) => (
          <li key={`${attempt.attempt} ${attempt.at} ${attempt.how}`}>
            <div className="attempt-head">
              <span className="num strong">#{attempt.attempt}</span>
              <span>{attempt.how}</span>
              {attempt.error && <code className="bad">{attempt.error.code}</code>}
              <span className="dim ml">
                <Ago at={attempt.at} />
              </span>
            </div>
            {attempt.error && <div className="attempt-text">{attempt.error.message}</div>}
            {attempt.decision && <div className="dim">→ {attempt.decision}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}
