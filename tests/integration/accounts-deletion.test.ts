import { compiled, startApp, type TestApp } from '../support/app';
import {
  createAddress,
  createStaff,
  signInShopper,
  signInWithPassword,
  STAFF_PASSWORD,
  type SignedInClient,
} from '../support/factories/accounts';

let app: TestApp;
let staff: SignedInClient;
let superuser: SignedInClient;
beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
  superuser = await createStaff(app, { isSuperuser: true });
});
afterAll(() => app?.stop());

type Answer = {
  status: number;
  body: { error: { details: { code: string; errors?: { path: unknown[] }[] } } };
};
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const db = () => app.strapi.db.connection;
const rowOf = async (documentId: string) =>
  (await db()('up_users').where({ document_id: documentId }).first()) as Record<string, unknown>;
const me = (token: string) => app.api('get', '/users/me', token);
let serial = 0;
const unique = (text: string) => `${text}${process.pid}x${(serial += 1)}`;

describe('deleting an account', () => {
  const remove = (by: SignedInClient, of: SignedInClient) =>
    app.api('delete', `/users/${of.user.documentId}`, by.token);

  it('removes one without orders, with all that belongs to it', async () => {
    const shopper = await signInShopper(app);
    await createAddress(app, shopper.token);
    const { id } = await rowOf(shopper.user.documentId);
    expect((await remove(staff, shopper)).status).toBe(204);
    expect(await rowOf(shopper.user.documentId)).toBeUndefined();
    expect(await db()('addresses').where({ user_id: id as number })).toEqual([]);
    expect(await db()('strapi_sessions').where({ user_id: String(id), origin: 'users-permissions' })).toEqual(
      [],
    );
    expect(codeOf(await me(shopper.token))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await remove(staff, shopper))).toEqual([404, 'NOT_FOUND']);
    const again = await signInShopper(app, { openid: shopper.openid });
    expect(again.user.documentId).not.toBe(shopper.user.documentId);
  });

  it('blocks and anonymises one that has orders; the person can begin anew', async () => {
    const shopper = await signInShopper(app);
    await createAddress(app, shopper.token);
    const { code } = app.sandbox.control.mintPhoneCode({ openid: shopper.openid, phone: '13700000009' });
    await app.api('post', '/users/me/phone', shopper.token).send({ code });
    await app.api('put', '/users/me/password', shopper.token).send({ password: 'about to go' });
    const { id } = await rowOf(shopper.user.documentId);
    const { inTransaction, insertRow } =
      compiled<typeof import('../../src/platform/database')>('src/platform/database');
    await inTransaction((tx) =>
      insertRow('api::order.order', tx, {
        orderNumber: unique('D'),
        userId: id,
        quantity: 1,
        status: 'completed',
        totalAmount: 1,
        discountAmount: 0,
        actualAmount: 1,
      }),
    );
    expect((await remove(staff, shopper)).status).toBe(204);
    const row = await rowOf(shopper.user.documentId);
    expect(row).toMatchObject({
      phone: null,
      open_id: null,
      union_id: null,
      avatar_url: null,
      password: null,
      username: `deleted_${shopper.user.documentId}`,
    });
    expect(Boolean(row.blocked)).toBe(true);
    expect(codeOf(await me(shopper.token))).toEqual([403, 'USER_BLOCKED']);
    expect(await db()('addresses').where({ user_id: id as number })).toEqual([]);
    const again = await signInShopper(app, { openid: shopper.openid });
    expect(again.user.documentId).not.toBe(shopper.user.documentId);
  });

  it('spares oneself and, from plain staff, other staff', async () => {
    expect(codeOf(await remove(superuser, superuser))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await remove(staff, staff))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await remove(staff, superuser))).toEqual([403, 'FORBIDDEN']);
    const colleague = await createStaff(app);
    expect((await remove(superuser, colleague)).status).toBe(204);
    await expect(signInWithPassword(app, colleague.user.username, STAFF_PASSWORD)).rejects.toThrow('401');
  });
});
