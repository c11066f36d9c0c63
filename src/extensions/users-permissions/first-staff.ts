import type { Core } from '@strapi/strapi';

import { settings } from '../../../config/environment';
import { insertUser } from '../../api/account/queries/user-rows';
import { USER_UID } from '../../api/account/queries/users';
import { hashPassword } from '../../api/account/services/passwords';
import { inTransaction, oneProcessAtATime, query } from '../../platform/database';

const LOCK_KEY = 7_210_433;

/**
 * Creates the first member of staff from FIRST_STAFF_USERNAME and FIRST_STAFF_PASSWORD, a superuser, who makes the
 * others. Does nothing once any staff exists, never changes an account, and waits for another process that does the
 * same. The password is not logged.
 */
export async function ensureFirstStaff(strapi: Core.Strapi): Promise<void> {
  const { FIRST_STAFF_USERNAME: username, FIRST_STAFF_PASSWORD: password } = settings();
  if (username === undefined || password === undefined) return;
  const anyStaff = async (tx?: Parameters<typeof query>[1]) =>
    query(USER_UID, tx).where({ is_staff: true }).first('id') as Promise<unknown>;
  if ((await anyStaff()) !== undefined) return;
  const hash = await hashPassword(password);
  await inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK_KEY);
    if ((await anyStaff(tx)) !== undefined) return;
    const user = await insertUser(
      tx,
      { username, password: hash, userType: 'admin', isSuperuser: true },
      'staff',
    );
    if (user === undefined)
      strapi.log.warn(`FIRST_STAFF_USERNAME ${username} belongs to an account already: no staff was created`);
  });
}
