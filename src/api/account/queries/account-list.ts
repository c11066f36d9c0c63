import { fromColumns, query } from '../../../platform/database';
import {
  type ListColumns,
  type ListQuery,
  type ListRules,
  runList,
  whereContains,
} from '../../../platform/listing';
import type { Pagination } from '../../../platform/request';
import { ACCOUNT_FIELDS } from '../presenters/user';
import { USER_UID, type UserRow } from './users';

export const ACCOUNT_LIST: ListRules = {
  filters: {
    username: 'text',
    email: 'text',
    // Masked in the answer, so not to be found out piece by piece.
    phone: 'exact',
    blocked: 'boolean',
    isStaff: 'boolean',
    userType: 'exact',
    dateJoined: 'time',
    lastLoginAt: 'time',
  },
  sort: ['dateJoined', 'username'],
  defaultSort: ['dateJoined:desc'],
  extra: ['search'],
  fields: ACCOUNT_FIELDS,
};

const COLUMNS: ListColumns = {
  columns: {
    username: 'username',
    email: 'email',
    phone: 'phone',
    blocked: 'blocked',
    isStaff: 'is_staff',
    userType: 'user_type',
    dateJoined: 'created_at',
    lastLoginAt: 'last_login_at',
  },
  id: 'id',
};

/** A page of accounts; `search` looks in user name, e-mail and phone. */
export async function listAccounts(
  request: ListQuery,
  search?: string,
): Promise<{ users: UserRow[]; pagination: Pagination }> {
  const builder = query(USER_UID).select('*');
  if (search !== undefined) {
    builder.where((any) => {
      for (const column of ['username', 'email', 'phone']) whereContains(any, column, search);
    });
  }
  const { rows, pagination } = await runList(builder, request, COLUMNS);
  return { users: rows.map((row) => fromColumns<UserRow>(USER_UID, row)), pagination };
}
