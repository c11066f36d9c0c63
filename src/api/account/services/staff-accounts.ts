/** What staff do with accounts. */
import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { inTransaction, query, type Tx, updateRow } from '../../../platform/database';
import type { SignedInUser } from '../../../platform/request';
import { deleteBelongings, hasOrders } from '../queries/belongings';
import { insertUser, placeholderEmail, setRole } from '../queries/user-rows';
import { findUser, lockUserByDocumentId, roleLink, USER_UID, type UserRow } from '../queries/users';
import type { NewUserInput, UserChanges } from '../validation/account';
import { hashPassword } from './passwords';
import { refuseTakenNames, storeUser } from './profile';
import { endSessions } from './sessions';

const forbidden = (zh: string, en: string): Refusal => new Refusal('FORBIDDEN', { sentence: { zh, en } });

/** Accounts with power over others are the superuser's business: else one member of staff could become another. */
function refuseWithoutRank(actor: SignedInUser, account: { isStaff: boolean; isSuperuser: boolean }): void {
  if (actor.isSuperuser || (!account.isStaff && !account.isSuperuser)) return;
  throw forbidden('只有超级用户可以管理店员账号', 'Only a superuser may manage the accounts of staff');
}

async function lockAccount(tx: Tx, actor: SignedInUser, documentId: string): Promise<UserRow> {
  const row = await lockUserByDocumentId(tx, documentId);
  if (row === undefined) throw notFound();
  refuseWithoutRank(actor, row);
  return row;
}

/** One account. Throws NOT_FOUND. */
export async function readAccount(documentId: string): Promise<UserRow> {
  const row = await findUser({ document_id: documentId });
  if (row === undefined) throw notFound();
  return row;
}

/** Creates an account, of staff when a superuser says so. Throws VALIDATION_FAILED for a taken name, FORBIDDEN. */
export async function createAccount(actor: SignedInUser, input: NewUserInput): Promise<UserRow> {
  const { isStaff = false, password, avatarUrl, ...names } = input;
  refuseWithoutRank(actor, { isStaff, isSuperuser: false });
  return inTransaction(async (tx) => {
    await refuseTakenNames(tx, names);
    const user = await insertUser(
      tx,
      {
        ...names,
        avatarUrl: avatarUrl ?? undefined,
        password: password === undefined ? undefined : await hashPassword(password),
        userType: isStaff ? 'admin' : 'wechat',
      },
      isStaff ? 'staff' : 'shopper',
    );
    if (user !== undefined) return user;
    throw validationFailed([{ path: ['data', 'username'], message: 'is taken' }]);
  });
}

/**
 * Changes an account. A new password, a block or a change of role ends its sessions. Throws NOT_FOUND, FORBIDDEN for
 * accounts of staff (unless a superuser asks) and for blocking or demoting oneself, VALIDATION_FAILED for a taken name.
 */
export async function updateAccount(
  actor: SignedInUser,
  documentId: string,
  changes: UserChanges,
): Promise<UserRow> {
  const { isStaff, password, ...fields } = changes;
  return inTransaction(async (tx) => {
    const row = await lockAccount(tx, actor, documentId);
    refuseWithoutRank(actor, { isStaff: isStaff === true, isSuperuser: false });
    if (row.id === actor.id && (fields.blocked === true || isStaff === false)) {
      throw forbidden('不能停用或降级自己的账号', 'Nobody may block or demote themselves');
    }
    const secret =
      password === undefined ? {} : { password: await hashPassword(password), hasPassword: true };
    await storeUser(tx, row.id, { ...fields, ...secret });
    const hasNewRole = isStaff !== undefined && isStaff !== row.isStaff;
    if (hasNewRole) await setRole(tx, row.id, isStaff ? 'staff' : 'shopper');
    if (hasNewRole || password !== undefined || fields.blocked === true) {
      await endSessions(tx, row.id, row.id === actor.id ? actor.sessionId : undefined);
    }
    return (await findUser({ id: row.id }, tx)) ?? row;
  });
}

/** Takes everything from the row that says who it was; the orders keep their own snapshots. */
async function anonymise(tx: Tx, user: UserRow): Promise<void> {
  await updateRow(USER_UID, tx, user.id, {
    username: `deleted_${user.documentId}`,
    email: placeholderEmail(user.documentId),
    password: null,
    hasPassword: false,
    phone: null,
    openId: null,
    unionId: null,
    avatarUrl: null,
    isSuperuser: false,
    blocked: true,
  });
  await setRole(tx, user.id, 'shopper');
}

/**
 * Deletes an account with addresses, cart and notifications, and ends its sessions. One that has orders stays in the
 * books: blocked, and without anything that says whose it was. Throws NOT_FOUND, FORBIDDEN (also for oneself).
 */
export async function deleteAccount(actor: SignedInUser, documentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const user = await lockAccount(tx, actor, documentId);
    if (user.id === actor.id) throw forbidden('不能删除自己的账号', 'Nobody may delete themselves');
    await endSessions(tx, user.id);
    await deleteBelongings(tx, user.id);
    if (await hasOrders(tx, user.id)) return anonymise(tx, user);
    const link = roleLink();
    await tx(link.table).where(link.userColumn, user.id).delete();
    await query(USER_UID, tx).where('id', user.id).delete();
  });
}
