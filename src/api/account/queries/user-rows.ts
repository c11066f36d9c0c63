import { type RoleType, toRoleType } from '../../../domain/roles';
import { newDocument, query, toColumns, type Tx, updateRow } from '../../../platform/database';
import { findUser, ROLE_UID, roleLink, USER_UID, type UserRow } from './users';

/** Strapi wants an e-mail address of every user; this top-level domain can never receive mail (RFC 2606). */
const PLACEHOLDER_DOMAIN = '@users.invalid';

export const placeholderEmail = (documentId: string): string => `${documentId}${PLACEHOLDER_DOMAIN}`;
export const isPlaceholderEmail = (email: string): boolean => email.endsWith('.invalid');

/** What a new user starts with; everything else has its default. */
export interface NewUser {
  username?: string;
  email?: string;
  openId?: string;
  unionId?: string;
  avatarUrl?: string;
  /** Hashed. */
  password?: string;
  userType: UserRow['userType'];
  isSuperuser?: boolean;
}

async function roleId(tx: Tx, type: RoleType): Promise<number> {
  const row = (await query(ROLE_UID, tx).where({ type }).first('id')) as { id: number } | undefined;
  if (row === undefined) throw new Error(`there is no role ${type}`);
  return row.id;
}

/** The type of a user's role, or undefined for a user without one. */
export async function readRole(tx: Tx, userId: number): Promise<RoleType | undefined> {
  const link = roleLink();
  const row = (await query(ROLE_UID, tx)
    .whereIn('id', tx(link.table).select(link.roleColumn).where(link.userColumn, userId))
    .first('type')) as { type: string | null } | undefined;
  return row === undefined ? undefined : toRoleType(row.type);
}

async function linkRole(tx: Tx, userId: number, type: RoleType): Promise<void> {
  const link = roleLink();
  await tx(link.table).where(link.userColumn, userId).delete();
  await tx(link.table).insert({ [link.userColumn]: userId, [link.roleColumn]: await roleId(tx, type) });
}

/**
 * Inserts a user with its role, or nothing when a unique index holds one of its names already; undefined then. Nobody
 * else's transaction is harmed, which a failed insert would do on PostgreSQL.
 */
export async function insertUser(tx: Tx, user: NewUser, role: RoleType): Promise<UserRow | undefined> {
  const document = newDocument();
  const row = {
    ...document,
    provider: 'local',
    confirmed: true,
    blocked: false,
    isStaff: role === 'staff',
    isSuperuser: false,
    hasPassword: user.password !== undefined,
    ...user,
    username: user.username ?? `wx_${document.documentId}`,
    email: user.email ?? placeholderEmail(document.documentId),
  };
  const inserted = (await query(USER_UID, tx)
    .insert(toColumns(USER_UID, row))
    .onConflict()
    .ignore()
    .returning('id')) as {
    id: number;
  }[];
  const id = inserted[0]?.id;
  if (id === undefined) return undefined;
  await linkRole(tx, id, role);
  return findUser({ id }, tx);
}

/** Gives a user a role; `isStaff` follows in the same transaction, so that the two never disagree. */
export async function setRole(tx: Tx, userId: number, role: RoleType): Promise<void> {
  await linkRole(tx, userId, role);
  await updateRow(USER_UID, tx, userId, { isStaff: role === 'staff' });
}
