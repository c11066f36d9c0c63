import { compiled, startApp, type TestApp } from '../support/app';
import { signInShopper } from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());
afterEach(() => app.sandbox.control.clearFaults());

type Answer = {
  status: number;
  body: { error: { details: { code: string; errors?: { path: unknown[] }[] } } };
};
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const pathsOf = (answer: Answer) => answer.body.error.details.errors?.map(({ path }) => path);
const rowOf = async (documentId: string) =>
  (await app.strapi.db.connection('up_users').where({ document_id: documentId }).first()) as Record<
    string,
    unknown
  >;
const update = (token: string, data: unknown) => app.api('put', '/users/me', token).send({ data } as object);
let serial = 0;
const unique = (text: string) => `${text}${process.pid}x${(serial += 1)}`;

describe('the profile', () => {
  it('is one’s own, without anything that must not leave the server', async () => {
    const shopper = await signInShopper(app);
    const { body, status } = await app.api('get', '/users/me', shopper.token);
    expect(status).toBe(200);
    expect(Object.keys(body.data).sort()).toEqual([
      'avatarUrl',
      'dateJoined',
      'documentId',
      'email',
      'isStaff',
      'lastLoginAt',
      'phone',
      'userType',
      'username',
    ]);
    expect(JSON.stringify(body)).not.toContain(shopper.openid);
  });

  it('takes a name, a picture and an e-mail address', async () => {
    const shopper = await signInShopper(app);
    const data = {
      username: unique('小明_'),
      avatarUrl: 'https://example.com/a.png',
      email: `${unique('A')}@Example.com`,
    };
    const answer = await update(shopper.token, data);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ ...data, email: data.email.toLowerCase() });
    expect((await app.api('get', '/users/me', shopper.token)).body.data).toEqual(answer.body.data);
    expect((await update(shopper.token, { avatarUrl: null })).body.data.avatarUrl).toBeNull();
  });

  it('refuses what another account has, and says which field', async () => {
    const [one, two] = [await signInShopper(app), await signInShopper(app)];
    const names = { username: unique('name'), email: `${unique('mail')}@example.com` };
    expect((await update(one.token, names)).status).toBe(200);
    const name = await update(two.token, { username: names.username });
    const mail = await update(two.token, { email: names.email.toUpperCase() });
    expect(codeOf(name)).toEqual([400, 'VALIDATION_FAILED']);
    expect(pathsOf(name)).toEqual([['data', 'username']]);
    expect(pathsOf(mail)).toEqual([['data', 'email']]);
    expect((await update(one.token, names)).status).toBe(200);
  });

  it('gives one of two who want the same name at once the name, the other a refusal', async () => {
    const shoppers = await Promise.all(Array.from({ length: 4 }, () => signInShopper(app)));
    const username = unique('same');
    const answers = await Promise.all(shoppers.map(({ token }) => update(token, { username })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it.each([
    ['userType', 'admin'],
    ['isStaff', true],
    ['isSuperuser', true],
    ['role', 'staff'],
    ['phone', '13800138000'],
    ['openId', 'o123'],
    ['unionId', 'u123'],
    ['password', 'a new password'],
    ['blocked', false],
    ['id', 1],
    ['documentId', 'abcdefghijklmnop'],
    ['lastLoginAt', '2020-01-01'],
  ])('refuses %s and changes nothing', async (field, value) => {
    const shopper = await signInShopper(app);
    const before = await rowOf(shopper.user.documentId);
    const answer = await update(shopper.token, { username: unique('hacker'), [field]: value });
    expect(codeOf(answer)).toEqual([400, 'VALIDATION_FAILED']);
    expect(await rowOf(shopper.user.documentId)).toEqual(before);
  });

  it.each([
    ['too short a name', { username: 'ab' }],
    ['too long a name', { username: 'x'.repeat(31) }],
    ['a name like an e-mail address', { username: 'a@b.cn' }],
    ['a name with a line break', { username: 'abc\ndef' }],
    ['a name with markup', { username: '<b>abc</b>' }],
    ['a name with emoji', { username: 'abc😀' }],
    ['a control character', { username: 'abc\u0000' }],
    ['a number as name', { username: 12345 }],
    ['null as name', { username: null }],
    ['a picture without https', { avatarUrl: 'http://example.com/a.png' }],
    ['a script as picture', { avatarUrl: 'javascript:alert(1)' }],
    ['an endless picture', { avatarUrl: `https://example.com/${'a'.repeat(600)}` }],
    ['no e-mail address', { email: 'nobody' }],
    ['a placeholder as e-mail address', { email: 'x@users.invalid' }],
    ['no object', 'text'],
  ])('refuses %s', async (_, data) => {
    const shopper = await signInShopper(app);
    expect(codeOf(await update(shopper.token, data))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('asks for a sign-in', async () => {
    expect(codeOf(await app.api('get', '/users/me'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await app.api('put', '/users/me').send({ data: {} }))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await app.api('get', '/users/me/statistics'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await app.api('post', '/users/me/phone').send({ code: 'x' }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(codeOf(await app.api('put', '/users/me/password').send({ password: 'long enough' }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });
});

describe('the phone number', () => {
  const bind = (token: string, code: string) => app.api('post', '/users/me/phone', token).send({ code });
  const phoneCode = (openid: string, phone: string, countryCode?: string) =>
    app.sandbox.control.mintPhoneCode({ openid, phone, countryCode }).code;

  it('is the one WeChat vouches for', async () => {
    const shopper = await signInShopper(app);
    const answer = await bind(shopper.token, phoneCode(shopper.openid, '13900000001'));
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ documentId: shopper.user.documentId, phone: '13900000001' });
    const abroad = await bind(shopper.token, phoneCode(shopper.openid, '61234567', '852'));
    expect(abroad.body.data.phone).toBe('+85261234567');
  });

  it('is not taken from a used code, an unknown one, or somebody else’s', async () => {
    const [one, two] = [await signInShopper(app), await signInShopper(app)];
    const code = phoneCode(one.openid, '13900000002');
    expect((await bind(one.token, code)).status).toBe(200);
    for (const bad of [code, 'unknown', phoneCode(two.openid, '13900000003')]) {
      const answer = await bind(one.token, bad);
      expect(codeOf(answer)).toEqual([400, 'VALIDATION_FAILED']);
      expect(pathsOf(answer)).toEqual([['code']]);
    }
    expect((await rowOf(one.user.documentId)).phone).toBe('13900000002');
  });

  it('never hands over the account that has verified it', async () => {
    const [owner, other] = [await signInShopper(app), await signInShopper(app)];
    await bind(owner.token, phoneCode(owner.openid, '13900000004'));
    const answer = await bind(other.token, phoneCode(other.openid, '13900000004'));
    expect(codeOf(answer)).toEqual([403, 'FORBIDDEN']);
    expect(answer.body.error.details.reason).toBe('PHONE_TAKEN');
    expect((await rowOf(owner.user.documentId)).phone).toBe('13900000004');
    expect((await rowOf(other.user.documentId)).phone).toBeNull();
    expect((await app.api('get', '/users/me', other.token)).body.data.documentId).toBe(other.user.documentId);
  });

  it('asks for an access token once, and again when WeChat refuses it', async () => {
    const shopper = await signInShopper(app);
    const tokenCalls = () =>
      app.sandbox.control.requests().filter(({ path }) => path.startsWith('/cgi-bin/stable_token')).length;
    await bind(shopper.token, phoneCode(shopper.openid, '13900000005'));
    const before = tokenCalls();
    app.sandbox.control.addFault({
      host: 'api',
      path: '/wxa/business',
      kind: 'business',
      errcode: 40001,
      times: 1,
    });
    expect((await bind(shopper.token, phoneCode(shopper.openid, '13900000006'))).status).toBe(200);
    expect(tokenCalls()).toBe(before + 1);
  });

  it('answers the same when the same request comes twice', async () => {
    const shopper = await signInShopper(app);
    const code = phoneCode(shopper.openid, '13900000007');
    const send = () => bind(shopper.token, code).set('Idempotency-Key', `phone-${shopper.user.documentId}`);
    const first = await send();
    const second = await send();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
  });
});

describe('the statistics', () => {
  it('count orders by status and the money spent, less what came back', async () => {
    const { inTransaction, insertRow } =
      compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const [shopper, other] = [await signInShopper(app), await signInShopper(app)];
    const userId = Number((await rowOf(shopper.user.documentId)).id);
    const order = (status: string, actualAmount: number, ofUser = userId) =>
      inTransaction((tx) =>
        insertRow('api::order.order', tx, {
          orderNumber: unique('T'),
          userId: ofUser,
          quantity: 1,
          status,
          totalAmount: actualAmount,
          discountAmount: 0,
          actualAmount,
        }),
      );
    const refund = (orderId: number, status: string, amount: number, kind = 'partial') =>
      inTransaction((tx) =>
        insertRow('api::payment.refund', tx, {
          refundNumber: unique('R'),
          orderId,
          userId,
          status,
          kind,
          amount,
        }),
      );

    await order('pending', 1000);
    const cancelled = await order('cancelled', 2000);
    await refund(cancelled.id, 'succeeded', 2000, 'surplus');
    await order('paid', 0.1);
    await order('paid', 0.2);
    const completed = await order('completed', 99.99);
    await refund(completed.id, 'succeeded', 9.99);
    await refund(completed.id, 'processing', 50);
    const refunded = await order('refunded', 300);
    await refund(refunded.id, 'succeeded', 300, 'full');
    await order('completed', 5, Number((await rowOf(other.user.documentId)).id));

    const answer = await app.api('get', '/users/me/statistics', shopper.token);
    expect(answer.body.data).toEqual({
      orderCount: 6,
      orders: { pending: 1, paid: 2, shipped: 0, completed: 1, cancelled: 1, refunding: 0, refunded: 1 },
      totalSpent: 90.3,
    });
  });

  it('are zeros for somebody new', async () => {
    const shopper = await signInShopper(app);
    const { data } = (await app.api('get', '/users/me/statistics', shopper.token)).body;
    expect(data).toMatchObject({ orderCount: 0, totalSpent: 0 });
  });
});
