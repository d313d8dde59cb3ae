import { useQuery } from '@tanstack/react-query';
import { isAllowed } from '../model/access/roles.js';
import { meQuery } from './queries.js';

/** Whether whoever has this token may do something; what a button says of itself if not. */
export function useAllowed(needs: 'operator' | 'deployer'): { readonly disabled: boolean; readonly title?: string } {
  const me = useQuery(meQuery()).data;
  if (isAllowed(me, needs)) return { disabled: false };
  return me ? { disabled: true, title: `This needs the role ${needs}` } : { disabled: true };
}
