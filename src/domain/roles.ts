/** Who somebody is to the shop. What each may do is one table, `src/extensions/users-permissions/grants.ts`. */
export const ROLE_TYPES = ['public', 'shopper', 'staff'] as const;

export type RoleType = (typeof ROLE_TYPES)[number];

/** A user without one of the shop's roles may do what anybody may. */
export const toRoleType = (type: string | null | undefined): RoleType =>
  ROLE_TYPES.find((known) => known === type) ?? 'public';
