import { instanceLook, type Look, nodeLook } from '../../model/graph/looks.js';
import { Icon } from './Icon.js';

/** A state as icon, word and tone; never by colour alone. */
function StateBadge({ look }: { readonly look: Look }) {
  return (
    <span className="state" data-tone={look.tone}>
      <Icon name={look.icon} size={12} />
      {look.label}
    </span>
  );
}

export const InstanceState = ({ status }: { readonly status: string }) => <StateBadge look={instanceLook(status)} />;
export const NodeState = ({ shown }: { readonly shown: string }) => <StateBadge look={nodeLook(shown)} />;
