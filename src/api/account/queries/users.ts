import type { Knex } from 'knex';

import { createBatcher } from '../../../platform/batching';
import { type RoleType, toRoleType } from '../../../domain/roles';
import {
  type BaseRow,
  columnName,
  fetchRow,
  isPostgres,
  query,
  tableName,
  type Tx,
} from '../../../platform/database';

export const USER_UID = 'plugin::users-permissions.user';
export const ROLE_UID = 'plugin::users-permissions.role';
export const SESSION_UID = 'admin::session';
/** Our users' sessions, among those of the admin panel in the same table. */
export const SESSION_ORIGIN = 'users-permissions';

/** A shop user's row. */
export interface UserRow extends BaseRow {
  username: string;
  email: string;
  password: string | null;
  hasPassword: boolean;
  phone: string | null;
  openId: string | null;
  unionId: string | null;
  avatarUrl: string | null;
  userType: 'wechat' | 'admin';
  isStaff: boolean;
  isSuperuser: boolean;
  blocked: boolean;
  lastLoginAt: Date | null;
}

interface RoleLink {
  table: string;
  userColumn: string;
  roleColumn: string;
}

/** The plugin keeps a user's role in a join table of its own. */
export function roleLink(): RoleLink {
  const { role } = strapi.db.metadata.get(USER_UID).attributes;
  // Strapi's metadata type does not say which relations have a join table; this one always has.
  const { joinTable } = role as unknown as {
    joinTable: { name: string; joinColumn: { name: string }; inverseJoinColumn: { name: string } };
  };
  return {
    table: joinTable.name,
    userColumn: joinTable.joinColumn.name,
    roleColumn: joinTable.inverseJoinColumn.name,
  };
}

/**
 * The user with this id, locked until the transaction ends: sign-in, refresh and the end of sessions take turns. Orders
 * may still be placed beside it.
 */
export async function lockUser(tx: Tx, id: number): Promise<UserRow | undefined> {
  const builder = query(USER_UID, tx).where('id', id);
  return fetchRow<UserRow>(USER_UID, isPostgres() ? builder.forNoKeyUpdate() : builder);
}

/** The user with this documentId, locked so that no row can begin to point at it either: it may be about to go. */
export async function lockUserByDocumentId(tx: Tx, documentId: string): Promise<UserRow | undefined> {
  const builder = query(USER_UID, tx).where('document_id', documentId);
  return fetchRow<UserRow>(USER_UID, isPostgres() ? builder.forUpdate() : builder);
}

export const findUser = (where: Record<string, unknown>, tx?: Tx): Promise<UserRow | undefined> =>
  fetchRow<UserRow>(USER_UID, query(USER_UID, tx).where(where));

/** The user a password sign-in names: by user name or e-mail, whatever their case; e-mail is kept in small letters. */
export function findUserByIdentifier(identifier: string): Promise<UserRow | undefined> {
  const builder = query(USER_UID)
    .whereRaw('lower(username) = lower(?)', [identifier])
    .orWhere('email', identifier.toLowerCase())
    .orderByRaw('case when lower(username) = lower(?) then 0 else 1 end', [identifier]);
  return fetchRow<UserRow>(USER_UID, builder);
}

/** A user with the state of one of its sessions. */
export interface SessionUser {
  id: number;
  documentId: string;
  username: string;
  openId: string | null;
  blocked: boolean;
  isSuperuser: boolean;
  role: RoleType;
  hasSession: boolean;
}

interface SessionQuestion {
  userId: number;
  sessionId: string;
}

function toSessionUser(row: Record<string, unknown>): SessionUser {
  return {
    id: Number(row.id),
    documentId: String(row.documentId),
    username: String(row.username),
    openId: row.openId === null ? null : String(row.openId),
    // 1 and 0 on SQLite.
    blocked: Boolean(row.blocked),
    isSuperuser: Boolean(row.isSuperuser),
    role: toRoleType(row.role as string | null),
    hasSession: row.sessionId !== null,
  };
}

/** One row per user, or per user and session that lives, of those asked about. */
async function readSessionUsers(questions: SessionQuestion[]): Promise<(SessionUser | undefined)[]> {
  const db: Knex = strapi.db.connection;
  const link = roleLink();
  const user = (attribute: string) => `u.${columnName(USER_UID, attribute)}`;
  const rows = (await db(`${tableName(USER_UID)} as u`)
    .leftJoin(`${link.table} as l`, `l.${link.userColumn}`, 'u.id')
    .leftJoin(`${tableName(ROLE_UID)} as r`, 'r.id', `l.${link.roleColumn}`)
    .leftJoin(`${tableName(SESSION_UID)} as s`, (join) => {
      void join
        .on('s.user_id', '=', db.raw('cast(u.id as varchar(20))'))
        .andOnVal('s.origin', SESSION_ORIGIN)
        .andOnIn(
          's.session_id',
          questions.map(({ sessionId }) => sessionId),
        );
    })
    .whereIn('u.id', [...new Set(questions.map(({ userId }) => userId))])
    .select(
      'u.id',
      { documentId: user('documentId'), username: user('username'), openId: user('openId') },
      {
        blocked: user('blocked'),
        isSuperuser: user('isSuperuser'),
        role: 'r.type',
        sessionId: 's.session_id',
      },
    )) as Record<string, unknown>[];
  return questions.map(({ userId, sessionId }) => {
    const ofUser = rows.filter((row) => Number(row.id) === userId);
    const row = ofUser.find((candidate) => candidate.sessionId === sessionId) ?? ofUser[0];
    if (row === undefined) return undefined;
    return toSessionUser(row.sessionId === sessionId ? row : { ...row, sessionId: null });
  });
}

const askForSession = createBatcher<SessionQuestion, SessionUser | undefined>({
  name: 'session-user',
  work: readSessionUsers,
  maxSize: 100,
  maxInFlight: 1,
});

/**
 * Everything a request needs to know of its user: the row, the role, and that the session lives. Requests that arrive
 * together are answered by one statement.
 */
export const findSessionUser = (userId: number, sessionId: string): Promise<SessionUser | undefined> =>
  askForSession({ userId, sessionId });
