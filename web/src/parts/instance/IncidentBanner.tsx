import { Button } from '@mantine/core';
import { useState } from 'react';
import type { IncidentRow, InstanceView } from '../../api/wire.js';
import { Icon } from '../small/Icon.js';
import { Ago } from '../small/Time.js';

/** More than this many are folded away. */
const SHOWN = 2;

interface Props {
  readonly instance: InstanceView;
  readonly onShow: (node: string, visit?: number) => void;
}

/** Why the instance stands still: what failed, and why it was sent where it failed. */
export function IncidentBanner({ instance, onShow }: Props) {
  const [all, setAll] = useState(false);
  const { incidents } = instance;
  const shown = all ? incidents : incidents.slice(0, SHOWN);
  return (
    <>
      {shown.map((incident) => (
        <Incident key={incident.id} incident={incident} instance={instance} onShow={onShow} />
      ))}
      {incidents.length > shown.length && (
        <Button variant="subtle" color="red" mb="xs" onClick={() => setAll(true)}>
          {incidents.length - shown.length} more incidents
        </Button>
      )}
    </>
  );
}

function Incident({ incident, instance, onShow }: Props & { readonly incident: IncidentRow }) {
  const { node, visit, code, message, raisedAt } = incident;
  const at = instance.nodes.find((each) => each.node === node && each.visit === (visit ?? each.visit));
  return (
    <div className="banner" data-tone="bad" role="alert">
      <Icon name="alert" size={16} />
      <div className="grow">
        <div className="banner-title">
          <code>{code}</code>
          {node && <strong>{node}</strong>}
          {at && at.attempt > 1 && <span>attempt {at.attempt}</span>}
          <span className="dim">
            <Ago at={raisedAt} />
          </span>
        </div>
        <div className="banner-text">{message}</div>
        {at?.lane && (
          <div className="dim">
            Lane <code>{at.lane}</code>
            {at.reason && <> · {at.reason}</>}
          </div>
        )}
      </div>
      {node && (
        <Button variant="default" onClick={() => onShow(node, visit ?? undefined)}>
          Show node
        </Button>
      )}
    </div>
  );
}
