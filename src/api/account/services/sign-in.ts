import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx, updateRow } from '../../../platform/database';
import { miniProgram, toMiniProgramRefusal } from '../../../platform/wechat/mini-program';
import type { WechatIdentity } from '../../../platform/wechat/mini-program-client';
import { insertUser } from '../queries/user-rows';
import { findUser, findUserByIdentifier, lockUser, USER_UID, type UserRow } from '../queries/users';
import { passwordFits } from './passwords';
import { openSession, type Tokens } from './sessions';

export interface SignedIn extends Tokens {
  user: UserRow;
}

async function enter(tx: Tx, user: UserRow, news: Partial<UserRow> = {}): Promise<SignedIn> {
  const changes = { ...news, lastLoginAt: clock.now() };
  const tokens = await openSession(user);
  await updateRow(USER_UID, tx, user.id, changes);
  return { ...tokens, user: { ...user, ...changes } };
}

/** The user of an openid, made on the first sign-in. Two first sign-ins at once make one user: the index decides. */
async function findOrCreate(tx: Tx, { openId, unionId }: WechatIdentity): Promise<UserRow> {
  const known = await findUser({ open_id: openId }, tx);
  if (known !== undefined) return known;
  await insertUser(tx, { openId, unionId, userType: 'wechat' }, 'shopper');
  const user = await findUser({ open_id: openId }, tx);
  if (user === undefined) throw new Error('a new user could not be stored');
  return user;
}

/**
 * Signs in with a code of `wx.login`; an unknown openid becomes a new shopper. The session key stays at WeChat's client.
 * Throws INVALID_CREDENTIALS for a bad or used code, USER_BLOCKED, UPSTREAM_FAILED, UPSTREAM_UNAVAILABLE.
 */
export async function signInWithCode(code: string): Promise<SignedIn> {
  const identity = await miniProgram()
    .exchangeLoginCode(code)
    .catch((error: unknown) => {
      throw toMiniProgramRefusal(error);
    });
  return inTransaction(async (tx) => {
    const found = await findOrCreate(tx, identity);
    const user = await lockUser(tx, found.id);
    if (user === undefined) throw new Refusal('INVALID_CREDENTIALS');
    // The union id appears once the app is bound to an Open Platform account, for users known long before.
    const isNew = identity.unionId !== undefined && user.unionId !== identity.unionId;
    return enter(tx, user, isNew ? { unionId: identity.unionId } : {});
  });
}

/**
 * Signs in with user name or e-mail and password. Throws INVALID_CREDENTIALS (for an unknown account too, as slowly as
 * for a wrong password), USER_BLOCKED once the password fits.
 */
export async function signInWithPassword(identifier: string, password: string): Promise<SignedIn> {
  const found = await findUserByIdentifier(identifier);
  const fits = await passwordFits(password, found?.password);
  if (found === undefined || !fits) throw new Refusal('INVALID_CREDENTIALS');
  return inTransaction(async (tx) => {
    const user = await lockUser(tx, found.id);
    // Changed while we compared: then the old password must not open a session any more.
    if (user === undefined || user.password !== found.password) throw new Refusal('INVALID_CREDENTIALS');
    return enter(tx, user);
  });
}
