/**
 * What somebody may do. `viewer`: read. `operator`: start, send, hold, repair, complete, override the router. `deployer`:
 * publish, activate, migrate, publish rules. `admin`: all of it. Whoever has a role may read.
 */
export const ROLES = ['viewer', 'operator', 'deployer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const isAllowed = (has: readonly string[], needs: Role): boolean =>
  needs === 'viewer' ? has.length > 0 : has.includes(needs) || has.includes('admin');

/** What somebody, and a group, may be called: visible characters, so that nobody looks like somebody else. */
export const PERSON_NAME = /^[^\p{C}]{1,190}$/u;
/** Of whoever has the token of the installation. */
export const ADMIN_NAME = 'admin';
