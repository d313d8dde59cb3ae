import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { InstanceView } from '../../api/wire.js';
import { instanceLook, isOver } from '../../model/graph/looks.js';
import { PageHead } from '../shell/PageHead.js';
import { Copy } from '../small/Copy.js';
import { InstanceState } from '../small/StateBadge.js';
import { Ago, Took } from '../small/Time.js';
import { Fact } from './Fact.js';
import { InstanceMenu } from './InstanceMenu.js';
import { RetryButton } from './RetryButton.js';

export function InstanceHead({ instance }: { readonly instance: InstanceView }) {
  const { id, flow, version, key, status, outcome } = instance;
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <>
      <PageHead
        tab={`${key ?? id.slice(-10)} ${instanceLook(status).label.toLowerCase()}`}
        title={
          <span className="copies">
            {key ?? <code>…{id.slice(-10)}</code>}
            <Copy value={key ?? id} what={key ? 'key' : 'id'} />
          </span>
        }
      >
        <InstanceState status={status} />
        <dl className="facts">
          <Fact name="flow">
            <Link to="/definitions/$flow" params={{ flow }} search={{ version }}>
              {flow}
            </Link>{' '}
            <span className="dim">v{version}</span>
          </Fact>
          {instance.play && (
            <Fact name="play">
              <Link to="/plays/$code" params={{ code: instance.play.code }}>
                {instance.play.code}
              </Link>{' '}
              <span className="dim">revision {instance.play.revision}</span>
            </Fact>
          )}
          {instance.ending && (
            <Fact name="ending">
              <span title={`by ${instance.ending.by}; what participants have begun is settled first`}>
                {instance.ending.status}
              </span>
            </Fact>
          )}
          {outcome && <Fact name="outcome">{outcome}</Fact>}
          <Fact name="started">
            <Ago at={instance.startedAt} />
          </Fact>
          <Fact name={isOver(status) ? 'took' : 'age'}>
            <Took start={instance.startedAt} end={instance.endedAt} />
          </Fact>
          <Fact name="id">
            <span className="copies">
              <code className="id" title={id}>
                {id}
              </code>
              <Copy value={id} what="id" />
            </span>
          </Fact>
        </dl>
        <div className="actions">
          {instance.incidents.length > 0 && (
            <RetryButton
              instance={id}
              label={instance.incidents.length > 1 ? `Retry all ${instance.incidents.length}` : 'Retry'}
              filled
            />
          )}
          <InstanceMenu instance={instance} onProblem={setProblem} />
        </div>
      </PageHead>
      {problem && (
        <p className="head-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
