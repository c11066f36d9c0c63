/** The one issuer of tokens: sessions are opened, rotated and ended here. */
import { randomUUID } from 'node:crypto';

import { Refusal } from '../../../domain/refusal';
import { inTransaction, query, type Tx } from '../../../platform/database';
import { announce } from '../../../platform/push';
import { lockUser, SESSION_ORIGIN, SESSION_UID, type UserRow } from '../queries/users';
import { readSignedToken, tokenSecret } from '../../../platform/session/signed-token';

/** A short access token and the refresh token that gets the next one. */
export interface Tokens {
  access: string;
  refresh: string;
}

const manager = () => strapi.sessionManager(SESSION_ORIGIN);

const sessionsOf = (tx: Tx, userId: number) =>
  query(SESSION_UID, tx).where({ user_id: String(userId), origin: SESSION_ORIGIN });

async function accessFor(refresh: string): Promise<Tokens> {
  const access = await manager().generateAccessToken(refresh);
  if ('error' in access) throw new Error(`no access token for a session just opened: ${access.error}`);
  return { access: access.token, refresh };
}

/**
 * Opens a session of a new device family for a user whose row the caller has locked.
 * Throws USER_BLOCKED.
 */
export async function openSession(user: UserRow): Promise<Tokens> {
  if (user.blocked) throw new Refusal('USER_BLOCKED');
  const { token } = await manager().generateRefreshToken(String(user.id), randomUUID(), { type: 'refresh' });
  return accessFor(token);
}

interface SessionState {
  status: string;
  deviceId: string;
}

async function readSession(tx: Tx, userId: number, sessionId: string): Promise<SessionState | undefined> {
  const builder = sessionsOf(tx, userId)
    .where('session_id', sessionId)
    .first({ status: 'status', deviceId: 'device_id' });
  return (await builder) as SessionState | undefined;
}

/**
 * Exchanges a refresh token for a new pair; the old one is dead from then on. A token that was exchanged before is in
 * two hands: its whole device family ends. Throws TOKEN_EXPIRED, UNAUTHENTICATED, USER_BLOCKED.
 */
export async function refreshSession(refresh: string): Promise<Tokens> {
  const signed = readSignedToken(refresh, tokenSecret());
  if (signed === undefined || signed.type !== 'refresh') throw new Refusal('UNAUTHENTICATED');
  if (signed.isExpired) throw new Refusal('TOKEN_EXPIRED');
  const outcome = await inTransaction(async (tx): Promise<Tokens | Refusal> => {
    // The lock on the user lets two refreshes with one token, and a block or logout beside them, pass one by one.
    const user = await lockUser(tx, signed.userId);
    if (user === undefined) return new Refusal('UNAUTHENTICATED');
    if (user.blocked) return new Refusal('USER_BLOCKED');
    const session = await readSession(tx, user.id, signed.sessionId);
    if (session === undefined) return new Refusal('UNAUTHENTICATED');
    if (session.status !== 'active') {
      await sessionsOf(tx, user.id).where('device_id', session.deviceId).delete();
      announce('sessions', user.id);
      return new Refusal('UNAUTHENTICATED');
    }
    const rotated = await manager().rotateRefreshToken(refresh);
    return 'error' in rotated ? new Refusal('TOKEN_EXPIRED') : accessFor(rotated.token);
  });
  // Thrown only now: inside, it would roll the end of the family back.
  if (outcome instanceof Refusal) throw outcome;
  return outcome;
}

/** Ends the device family of one session; its access tokens are refused from the next request on. */
export async function endDevice(userId: number, sessionId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockUser(tx, userId);
    const session = await readSession(tx, userId, sessionId);
    if (session === undefined) return;
    await sessionsOf(tx, userId).where('device_id', session.deviceId).delete();
    announce('sessions', userId);
  });
}

/**
 * Ends all sessions of a user, or all but those of the device `keepSessionId` belongs to. The user's row is locked, so
 * that a sign-in or refresh on its way cannot slip a new session in.
 */
export async function endSessions(tx: Tx, userId: number, keepSessionId?: string): Promise<void> {
  await lockUser(tx, userId);
  const kept = keepSessionId === undefined ? undefined : await readSession(tx, userId, keepSessionId);
  const doomed = sessionsOf(tx, userId);
  if (kept !== undefined) doomed.whereNot('device_id', kept.deviceId);
  await doomed.delete();
  announce('sessions', userId);
}
