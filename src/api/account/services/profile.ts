import { Refusal, notFound, validationFailed } from '../../../domain/refusal';
import { inTransaction, isUniqueViolation, query, type Tx, updateRow } from '../../../platform/database';
import type { SignedInUser } from '../../../platform/request';
import { miniProgram, toMiniProgramRefusal } from '../../../platform/wechat/mini-program';
import { CodeRefusedError } from '../../../platform/wechat/mini-program-client';
import { findUser, lockUser, USER_UID, type UserRow } from '../queries/users';
import type { ProfileChanges } from '../validation/account';
import { hashPassword, passwordFits } from './passwords';
import { endSessions } from './sessions';

/** Fields that name a user: each belongs to one account at a time. */
const UNIQUE_FIELDS = [
  { field: 'username', index: { name: 'shop_unique_user_username', columns: 'up_users.username' } },
  { field: 'email', index: { name: 'shop_unique_user_email', columns: 'up_users.email' } },
] as const;

const taken = (field: string): Refusal => validationFailed([{ path: ['data', field], message: 'is taken' }]);

/** True when another account than `ownId` has this name; user names differ by more than case. */
export async function isNameTaken(
  tx: Tx,
  field: 'username' | 'email',
  value: string,
  ownId?: number,
): Promise<boolean> {
  const builder = query(USER_UID, tx);
  // E-mail addresses are kept in small letters.
  if (field === 'username') builder.whereRaw('lower(username) = lower(?)', [value]);
  else builder.where(field, value);
  if (ownId !== undefined) builder.whereNot('id', ownId);
  return (await builder.first('id')) !== undefined;
}

/** Throws VALIDATION_FAILED with the field another account has already. */
export async function refuseTakenNames(
  tx: Tx,
  changes: { username?: string; email?: string },
  ownId?: number,
): Promise<void> {
  for (const { field } of UNIQUE_FIELDS) {
    const value = changes[field];
    if (value !== undefined && (await isNameTaken(tx, field, value, ownId))) throw taken(field);
  }
}

/** Writes changes of a user's row. Throws VALIDATION_FAILED with the field another account has already. */
export async function storeUser(tx: Tx, id: number, changes: Partial<UserRow>): Promise<void> {
  await refuseTakenNames(tx, changes, id);
  try {
    await updateRow(USER_UID, tx, id, changes);
  } catch (error) {
    // Taken between the look and the write: the whole transaction is lost, and the answer is the same.
    const field = UNIQUE_FIELDS.find(({ index }) => isUniqueViolation(error, index))?.field;
    throw field === undefined ? error : taken(field);
  }
}

/** The row of whoever is signed in. */
export async function readProfile(user: SignedInUser): Promise<UserRow> {
  const row = await findUser({ id: user.id });
  if (row === undefined) throw notFound();
  return row;
}

/** Changes name, e-mail or picture. Throws VALIDATION_FAILED with the field another account has already. */
export async function updateProfile(user: SignedInUser, changes: ProfileChanges): Promise<UserRow> {
  return inTransaction(async (tx) => {
    const row = await lockUser(tx, user.id);
    if (row === undefined) throw notFound();
    await storeUser(tx, row.id, changes);
    return (await findUser({ id: row.id }, tx)) ?? row;
  });
}

const phoneTaken = (): Refusal =>
  new Refusal('FORBIDDEN', {
    sentence: { zh: '该手机号已绑定其他账号', en: 'This phone number belongs to another account' },
    details: { reason: 'PHONE_TAKEN' },
  });

/**
 * Stores the phone number WeChat vouches for. A number another account has verified stays where it is and gives nobody
 * that account. Throws VALIDATION_FAILED for a bad or used code, FORBIDDEN for somebody else's number, UPSTREAM_*.
 */
export async function bindPhone(user: SignedInUser, code: string): Promise<UserRow> {
  const phone = await miniProgram()
    .exchangePhoneCode(code, user.openId ?? undefined)
    .catch((error: unknown) => {
      // Not 401: the caller is signed in, and must not be sent to sign in again.
      if (error instanceof CodeRefusedError)
        throw validationFailed([{ path: ['code'], message: 'is not valid any more' }]);
      throw toMiniProgramRefusal(error);
    });
  return inTransaction(async (tx) => {
    const row = await lockUser(tx, user.id);
    if (row === undefined) throw notFound();
    const holder = await findUser({ phone }, tx);
    if (holder !== undefined && holder.id !== row.id) throw phoneTaken();
    try {
      await updateRow(USER_UID, tx, row.id, { phone });
    } catch (error) {
      const index = { name: 'shop_unique_user_phone', columns: 'up_users.phone' };
      throw isUniqueViolation(error, index) ? phoneTaken() : error;
    }
    return { ...row, phone };
  });
}

export interface PasswordChange {
  currentPassword?: string;
  password: string;
}

/**
 * Sets a new password and ends the user's sessions on other devices. The current password must be given when there is
 * one. Throws VALIDATION_FAILED when it is missing, INVALID_CREDENTIALS when it is wrong.
 */
export async function changePassword(user: SignedInUser, change: PasswordChange): Promise<void> {
  await inTransaction(async (tx) => {
    const row = await lockUser(tx, user.id);
    if (row === undefined) throw notFound();
    if (row.password !== null) {
      if (change.currentPassword === undefined) {
        throw validationFailed([{ path: ['currentPassword'], message: 'must be given, a password is set' }]);
      }
      if (!(await passwordFits(change.currentPassword, row.password)))
        throw new Refusal('INVALID_CREDENTIALS');
    }
    await updateRow(USER_UID, tx, row.id, {
      password: await hashPassword(change.password),
      hasPassword: true,
    });
    await endSessions(tx, row.id, user.sessionId);
  });
}
