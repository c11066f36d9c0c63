import { findSessionUser, type SessionUser } from '../../api/account/queries/users';
import type { SignedInUser } from '../../platform/request';
import { readSignedToken, tokenSecret } from '../../platform/session/signed-token';

/** Why an access token lets nobody in. */
export type IdentityRefusal = 'UNAUTHENTICATED' | 'TOKEN_EXPIRED' | 'USER_BLOCKED';

export interface Identity {
  user: SignedInUser;
  expiresAtMs: number;
}

/** The user of a session as it stands now, or why it is none any more. */
async function findSession(userId: number, sessionId: string): Promise<SessionUser | IdentityRefusal> {
  const found = await findSessionUser(userId, sessionId);
  if (found === undefined) return 'UNAUTHENTICATED';
  if (found.blocked) return 'USER_BLOCKED';
  return found.hasSession ? found : 'UNAUTHENTICATED';
}

/**
 * Whose access token this is: its signature, then one statement for user, role and session, so that a logout, a block or
 * a change of role acts at once.
 */
export async function identify(token: string): Promise<Identity | IdentityRefusal> {
  const signed = readSignedToken(token, tokenSecret());
  if (signed === undefined || signed.type !== 'access') return 'UNAUTHENTICATED';
  if (signed.isExpired) return 'TOKEN_EXPIRED';
  const found = await findSession(signed.userId, signed.sessionId);
  if (typeof found === 'string') return found;
  const { id, documentId, username, openId, isSuperuser, role } = found;
  const user: SignedInUser = {
    id,
    documentId,
    username,
    role: { type: role },
    isStaff: role === 'staff',
    isSuperuser,
    openId,
    sessionId: signed.sessionId,
  };
  return { user, expiresAtMs: signed.expiresAtMs };
}

/** Undefined while a session that was identified earlier still stands, for somebody of the same rank. */
export async function findSessionEnd(
  userId: number,
  sessionId: string,
  isStaff: boolean,
): Promise<IdentityRefusal | undefined> {
  const found = await findSession(userId, sessionId);
  if (typeof found === 'string') return found;
  return (found.role === 'staff') === isStaff ? undefined : 'UNAUTHENTICATED';
}
