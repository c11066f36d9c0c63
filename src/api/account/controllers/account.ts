import type { Context } from 'koa';

import { inTransaction } from '../../../platform/database';
import { readListQuery, readOneQuery, select } from '../../../platform/listing';
import {
  lineOfText,
  one,
  page,
  parseAction,
  parseData,
  parseValue,
  pathId,
  signedInUser,
} from '../../../platform/request';
import { presentUser, presentUserToStaff } from '../presenters/user';
import { ACCOUNT_LIST, listAccounts } from '../queries/account-list';
import { bindPhone, changePassword, readProfile, updateProfile } from '../services/profile';
import { endDevice, endSessions, refreshSession } from '../services/sessions';
import { signInWithCode, signInWithPassword } from '../services/sign-in';
import { createAccount, deleteAccount, readAccount, updateAccount } from '../services/staff-accounts';
import { readStatistics } from '../services/statistics';
import {
  bindPhoneSchema,
  changePasswordSchema,
  codeLoginSchema,
  logoutSchema,
  newUserSchema,
  passwordLoginSchema,
  profileSchema,
  refreshSchema,
  userChangesSchema,
} from '../validation/account';

function signIn(ctx: Context) {
  const body: unknown = ctx.request.body;
  if (typeof body === 'object' && body !== null && 'code' in body) {
    return signInWithCode(parseAction(codeLoginSchema, ctx).code);
  }
  const { identifier, password } = parseAction(passwordLoginSchema, ctx);
  return signInWithPassword(identifier, password);
}

export default {
  async login(ctx: Context) {
    const { access, refresh, user } = await signIn(ctx);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { access, refresh, user: presentUser(user) };
  },

  async refresh(ctx: Context) {
    const { refresh } = parseAction(refreshSchema, ctx);
    const tokens = await refreshSession(refresh);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = tokens;
  },

  async logout(ctx: Context) {
    const user = signedInUser(ctx);
    const { all } = parseAction(logoutSchema, ctx);
    if (all === true) await inTransaction((tx) => endSessions(tx, user.id));
    else await endDevice(user.id, user.sessionId);
    ctx.status = 204;
  },

  async me(ctx: Context) {
    ctx.body = one(presentUser(await readProfile(signedInUser(ctx))));
  },

  async updateMe(ctx: Context) {
    ctx.body = one(presentUser(await updateProfile(signedInUser(ctx), parseData(profileSchema, ctx))));
  },

  async bindPhone(ctx: Context) {
    const { code } = parseAction(bindPhoneSchema, ctx);
    ctx.body = one(presentUser(await bindPhone(signedInUser(ctx), code)));
  },

  async changePassword(ctx: Context) {
    await changePassword(signedInUser(ctx), parseAction(changePasswordSchema, ctx));
    ctx.status = 204;
  },

  async statistics(ctx: Context) {
    ctx.body = one(await readStatistics(signedInUser(ctx).id));
  },

  async find(ctx: Context) {
    const request = readListQuery(ctx.query, ACCOUNT_LIST);
    const search = parseValue(lineOfText(100).optional(), ctx.query.search, ['search']);
    const { users, pagination } = await listAccounts(request, search);
    ctx.body = page(
      users.map((user) => select(presentUserToStaff(user), request)),
      pagination,
    );
  },

  async findOne(ctx: Context) {
    const request = readOneQuery(ctx.query, { fields: ACCOUNT_LIST.fields });
    ctx.body = one(select(presentUserToStaff(await readAccount(pathId(ctx))), request));
  },

  async create(ctx: Context) {
    const user = await createAccount(signedInUser(ctx), parseData(newUserSchema, ctx));
    ctx.status = 201;
    ctx.body = one(presentUserToStaff(user));
  },

  async update(ctx: Context) {
    const user = await updateAccount(signedInUser(ctx), pathId(ctx), parseData(userChangesSchema, ctx));
    ctx.body = one(presentUserToStaff(user));
  },

  async delete(ctx: Context) {
    await deleteAccount(signedInUser(ctx), pathId(ctx));
    ctx.status = 204;
  },
};
