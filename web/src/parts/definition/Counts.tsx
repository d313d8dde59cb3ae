import { Link } from '@tanstack/react-router';
import { INSTANCE_STATUSES, instanceLook } from '../../model/graph/looks.js';
import { Icon } from '../small/Icon.js';

interface Props {
  readonly flow: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Numbers and icons only; the words are in the labels. */
  readonly short?: boolean;
}

/** How many instances are in each status, each number a link to exactly those. */
export function Counts({ flow, counts, short = false }: Props) {
  const some = INSTANCE_STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  if (some.length === 0) return <span className="dim">none yet</span>;
  return (
    <span className="counts">
      {some.map((status) => {
        const { label, icon, tone } = instanceLook(status);
        return (
          <Link key={status} to="/" search={{ flow, status }} className="state" data-tone={tone} title={label}>
            <Icon name={icon} size={12} />
            {counts[status]?.toLocaleString('en')}
            <span className={short ? 'sr' : 'count-word'}>{label.toLowerCase()}</span>
          </Link>
        );
      })}
    </span>
  );
}
