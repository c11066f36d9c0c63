import { randomBytes } from 'node:crypto';

import type { TestApp } from '../app';
import { compiled } from '../app';
import { noteSecrets } from '../logged';

/** Somebody signed in through the shop's own door. */
export interface SignedInClient {
  token: string;
  refresh: string;
  /** As the shop presents it. */
  user: { documentId: string; username: string; isStaff: boolean; [field: string]: unknown };
}

/** A shopper, who also is somebody at WeChat. */
export interface SignedInShopper extends SignedInClient {
  openid: string;
}

export const STAFF_PASSWORD = 'correct horse battery';

/** Tokens and a name at WeChat: no log may hold them. */
function signedIn<T extends SignedInClient & { openid?: string }>(client: T): T {
  noteSecrets('a token of a shopper or of staff', client.token, client.refresh);
  noteSecrets('an openid', client.openid);
  noteSecrets('a password', STAFF_PASSWORD);
  return client;
}

/** Signs a shopper in with a code of the sandbox; a new one each time unless an openid is given. */
export async function signInShopper(
  app: TestApp,
  input: { openid?: string; unionid?: string } = {},
): Promise<SignedInShopper> {
  const { code, openid } = app.sandbox.control.mintLoginCode(input);
  const answer = await app.api('post', '/users/login').send({ code });
  if (answer.status !== 200)
    throw new Error(`sign-in answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const { access: token, refresh, user } = answer.body;
  return signedIn({ token, refresh, user, openid });
}

/** Signs in with user name or e-mail and password. */
export async function signInWithPassword(
  app: TestApp,
  identifier: string,
  password: string,
): Promise<SignedInClient> {
  const answer = await app.api('post', '/users/login').send({ identifier, password });
  if (answer.status !== 200)
    throw new Error(`sign-in answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const { access: token, refresh, user } = answer.body;
  noteSecrets('a password', password);
  return signedIn({ token, refresh, user });
}

/** A member of staff, signed in; a superuser among them when asked for. */
export async function createStaff(app: TestApp, { isSuperuser = false } = {}): Promise<SignedInClient> {
  const { insertUser } = compiled<typeof import('../../../src/api/account/queries/user-rows')>(
    'src/api/account/queries/user-rows',
  );
  const { hashPassword } = compiled<typeof import('../../../src/api/account/services/passwords')>(
    'src/api/account/services/passwords',
  );
  const { inTransaction } =
    compiled<typeof import('../../../src/platform/database')>('src/platform/database');
  const username = `staff-${randomBytes(5).toString('hex')}`;
  const password = await hashPassword(STAFF_PASSWORD);
  await inTransaction((tx) =>
    insertUser(tx, { username, password, userType: 'admin', isSuperuser }, 'staff'),
  );
  return signInWithPassword(app, username, STAFF_PASSWORD);
}

export const ADDRESS_INPUT = {
  contactName: '欧阳收货',
  phone: '13800138000',
  province: '山东省',
  city: '青岛市',
  district: '崂山区',
  districtCode: '370212',
  town: '中韩街道',
  detail: '海尔路 1 号',
};

/** An address of whoever the token belongs to, as the shop presents it. */
export async function createAddress(
  app: TestApp,
  token: string,
  overrides: Record<string, unknown> = {},
): Promise<{ documentId: string; isDefault: boolean; [field: string]: unknown }> {
  const data = { ...ADDRESS_INPUT, ...overrides };
  noteSecrets('a name', data.contactName);
  noteSecrets('an address', data.detail);
  const answer = await app.api('post', '/addresses', token).send({ data });
  if (answer.status !== 201)
    throw new Error(`the address answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}
