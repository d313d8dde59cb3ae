import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { playQuery } from '../api/play-queries.js';
import type { PlayView } from '../api/wire.js';
import { INSTANCE_STATUSES, instanceLook } from '../model/graph/looks.js';
import { Fact } from '../parts/instance/Fact.js';
import { PlayActions } from '../parts/plays/PlayActions.js';
import { PlayRevisions } from '../parts/plays/PlayRevisions.js';
import { PlayState } from '../parts/plays/PlayState.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { JsonText } from '../parts/small/Code.js';
import { Icon } from '../parts/small/Icon.js';
import { Loading, Trouble } from '../parts/small/Notes.js';
import { windowText } from './PlaysPage.js';

const route = getRouteApi('/plays/$code');

/** One play: what it says, what it has started, and all that it ever was. */
export function PlayPage() {
  const { code } = route.useParams();
  const play = useQuery(playQuery(code));
  const [problem, setProblem] = useState<string | null>(null);
  if (play.error) return <Trouble error={play.error} onRetry={() => void play.refetch()} />;
  if (!play.data) return <Loading what="the play" />;
  const { title, state, flow, revision, params, window, audience, quota } = play.data;
  return (
    <>
      <PageHead title={title ?? code} tab={title ?? code}>
        <PlayState state={state} />
        <dl className="facts">
          <Fact name="code">
            <code>{code}</code>
          </Fact>
          <Fact name="flow">
            <Link to="/definitions/$flow" params={{ flow }}>
              {flow}
            </Link>
          </Fact>
          <Fact name="revision">{revision}</Fact>
          <Fact name="open">{windowText(window)}</Fact>
        </dl>
        <PlayActions play={play.data} onProblem={setProblem} />
      </PageHead>
      {problem && (
        <p className="head-problem" role="alert">
          {problem}
        </p>
      )}
      <section className="page">
        <dl className="sheet">
          <Fact name="for">{audience ? <code>{audience}</code> : 'everybody'}</Fact>
          <Fact name="quota">
            {quota ? `${quota.max.toLocaleString('en')}${quota.by ? ` per ${quota.by}` : ''}` : 'no bound'}
          </Fact>
          <Fact name="instances">
            <Started play={play.data} />
          </Fact>
          <Fact name="refused">
            {play.data.counts.passed} passed, {play.data.counts.over} over the quota, {play.data.counts.failed} failed
          </Fact>
        </dl>
        <JsonText value={params} what="parameters" />
        <PlayRevisions code={code} />
      </section>
    </>
  );
}

/** How many instances it has started, each number a link to those. */
function Started({ play: { code, instances } }: { readonly play: PlayView }) {
  const some = INSTANCE_STATUSES.filter((status) => (instances[status] ?? 0) > 0);
  if (some.length === 0) return <span className="dim">none yet</span>;
  return (
    <span className="counts">
      {some.map((status) => {
        const { label, icon, tone } = instanceLook(status);
        return (
          <Link key={status} to="/" search={{ play: code, status }} className="state" data-tone={tone} title={label}>
            <Icon name={icon} size={12} />
            {instances[status]?.toLocaleString('en')}
            <span className="count-word">{label.toLowerCase()}</span>
          </Link>
        );
      })}
    </span>
  );
}
