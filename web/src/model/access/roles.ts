import type { Me } from '../../api/wire.js';

/** Whether a button does anything for whoever has this token. The server decides; this only spares a refusal. */
export const isAllowed = (me: Pick<Me, 'roles'> | undefined, needs: 'operator' | 'deployer'): boolean =>
  me !== undefined && (me.roles.includes(needs) || me.roles.includes('admin'));
