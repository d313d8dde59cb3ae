/** Whoever asks for something: a name, what it may do, and the groups that it stands for. */
export interface Asker {
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/**
 * Whether somebody may complete what a manual node asks for. What is for somebody is for whoever has that name or belongs
 * to that group, whatever else they may do; what is for anybody is for operators. Admins may in any case.
 *
 * @param assignee whose the task is; `null`: anybody's.
 */
export function mayComplete(assignee: string | null, { name, roles, groups }: Asker): boolean {
  if (roles.includes('admin')) return true;
  return assignee === null ? roles.includes('operator') : name === assignee || groups.includes(assignee);
}
