/** Whoever asks for something: a name, what it may do, and the groups that it stands for. */
export interface Asker {
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/** Whose tasks somebody may complete; `null` among them: those of anybody. `null` alone: everybody's. */
export function completes({ name, roles, groups }: Asker): readonly (string | null)[] | null {
  if (roles.includes('admin')) return null;
  return [name, ...groups, ...(roles.includes('operator') ? [null] : [])];
}

/**
 * Whether somebody may complete what a manual node asks for. What is for somebody is for whoever has that name or belongs
 * to that group, whatever else they may do; what is for anybody is for operators. Admins may in any case.
 *
 * @param assignee whose the task is; `null`: anybody's.
 */
export function mayComplete(assignee: string | null, asker: Asker): boolean {
  return completes(asker)?.includes(assignee) ?? true;
}
