import { ActionIcon, Button, Group } from '@mantine/core';
import type { InstanceView, MapNode, NodeView } from '../../api/wire.js';
import { nodeLook } from '../../model/graph/looks.js';
import { speakingVisit } from '../../model/graph/paint.js';
import { type Part, partOf, visitLabel } from '../../model/graph/participants.js';
import { absolute, relative } from '../../model/time.js';
import { JsonText } from '../small/Code.js';
import { Copy } from '../small/Copy.js';
import { Icon } from '../small/Icon.js';
import { NodeState } from '../small/StateBadge.js';
import { Ago, Took, useNow } from '../small/Time.js';
import { CompleteButton } from '../tasks/CompleteButton.js';
import { AddItems } from './AddItems.js';
import { Attempts } from './Attempts.js';
import { Fact } from './Fact.js';
import { RetryButton } from './RetryButton.js';
import { SettleButton } from './SettleButton.js';
import { WhyDetails } from './WhyDetails.js';

interface Props {
  readonly instance: InstanceView;
  readonly node: MapNode | null;
  readonly id: string;
  readonly visits: readonly NodeView[];
  readonly chosen: number | undefined;
  readonly onChoose: (visit: number) => void;
  readonly onClose: () => void;
}

/** Everything about one node of an instance: its visits, and of the chosen one why it is where it is. */
export function NodePanel({ instance, node, id, visits, chosen, onChoose, onClose }: Props) {
  const visit = visits.find((each) => each.visit === chosen) ?? speakingVisit(visits);
  return (
    <aside className="panel card" aria-label={`Node ${id}`}>
      <header className="panel-head">
        <div className="grow">
          <h2>{node?.title ?? id}</h2>
          <div className="dim">
            {node?.title && <>{id} · </>}
            {node?.kind}
          </div>
          {node && node.secrets.length > 0 && <div className="dim">given the secret {node.secrets.join(', ')}</div>}
        </div>
        <ActionIcon size={26} aria-label="Close the panel" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </header>
      {visits.length > 1 && (
        <Group gap={4} className="visits" role="group" aria-label="Visits">
          {offered(visits, visit).map((each) => (
            <Button
              key={each.visit}
              size="compact-xs"
              variant={each === visit ? 'filled' : 'default'}
              onClick={() => onChoose(each.visit)}
              leftSection={<Icon name={nodeLook(each.shown).icon} size={11} />}
            >
              {visitLabel(node, each)}
            </Button>
          ))}
        </Group>
      )}
      {visit ? (
        <Visit
          key={visit.id}
          instance={instance}
          visit={visit}
          asks={node?.kind === 'manual'}
          part={partOf(node, visit)}
        />
      ) : (
        <p className="dim panel-body">The instance has not come here.</p>
      )}
    </aside>
  );
}

interface VisitProps {
  readonly instance: InstanceView;
  readonly visit: NodeView;
  /** A person is to complete it. */
  readonly asks: boolean;
  /** It is one of several participants. */
  readonly part: Part | null;
}

function Visit({ instance, visit, asks, part }: VisitProps) {
  const { error, attempts = [] } = visit;
  return (
    <div className="panel-body">
      <Group justify="space-between" wrap="nowrap">
        <NodeState shown={visit.shown} />
        {asks && visit.status === 'waiting' && <CompleteButton place={{ ...visit, instance: instance.id }} />}
        {visit.items?.open && visit.endedAt === null && <AddItems instance={instance.id} visit={visit} />}
        {visit.status === 'incident' && (
          <Group gap="xs">
            {part && part.phase !== 'try' && <SettleButton instance={instance.id} visit={visit} part={part} />}
            <RetryButton instance={instance.id} node={visit.node} visit={visit.visit} label="Retry node" />
          </Group>
        )}
      </Group>
      {error && (
        <div className="banner" data-tone={visit.status === 'incident' ? 'bad' : 'warn'}>
          <div className="grow">
            <div className="banner-title">
              <code>{error.code}</code>
              {error.permanent && <span>permanent</span>}
            </div>
            <div className="banner-text">{error.message}</div>
          </div>
        </div>
      )}
      <dl className="sheet">
        {visit.lane && <Fact name="Lane">{visit.lane}</Fact>}
        {visit.reason && <Fact name="Why">{visit.reason}</Fact>}
        {visit.wakeAt && visit.endedAt === null && (
          <Fact name="Due">
            <Countdown at={visit.wakeAt} />
          </Fact>
        )}
        {visit.lane !== null && (
          <Fact name="Attempt">
            {visit.attempt}
            {visit.polls > 0 && <span className="dim">, asked again {visit.polls}×</span>}
          </Fact>
        )}
        <Fact name="Started">
          <Ago at={visit.startedAt} />
        </Fact>
        <Fact name={visit.endedAt ? 'Took' : 'So far'}>
          <Took start={visit.startedAt} end={visit.endedAt} />
        </Fact>
        <Fact name="Idempotency key">
          <span className="copies">
            <code className="id" title={visit.id}>
              {visit.id}
            </code>
            <Copy value={visit.id} what="idempotency key" />
          </span>
        </Fact>
      </dl>
      <WhyDetails instance={instance.id} visit={visit} />
      {attempts.length > 0 && <Attempts attempts={attempts} />}
      {visit.output !== undefined && visit.output !== null && (
        <section>
          <h3>Output</h3>
          <JsonText value={visit.output} what="output" />
        </section>
      )}
    </div>
  );
}

function Countdown({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={absolute(at)} className="num">
      {relative(Date.parse(at), now)}
    </time>
  );
}

/** A node can have thousands of items: the first ones, what needs a look, and the one that is shown. */
const offered = (visits: readonly NodeView[], shown: NodeView | null): readonly NodeView[] =>
  visits.filter((each, at) => at < 60 || each === shown || nodeLook(each.shown).tone === 'bad');
