import { startApp, type TestApp } from '../support/app';
import { ADDRESS_INPUT, createAddress, createStaff, signInShopper } from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

type Answer = { status: number; body: { error: { details: { code: string } } } };
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const list = async (token: string, queryText = '') =>
  (await app.api('get', `/addresses${queryText}`, token)).body as {
    data: { documentId: string; isDefault: boolean; detail: string }[];
    meta: { pagination: { total: number; nextCursor: string } };
  };
const defaults = async (token: string) =>
  (await list(token)).data.filter(({ isDefault }) => isDefault).map(({ documentId }) => documentId);

describe('addresses', () => {
  it('are kept as they were given; the first is the default', async () => {
    const { token } = await signInShopper(app);
    const answer = await app.api('post', '/addresses', token).send({ data: ADDRESS_INPUT });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      data: {
        ...ADDRESS_INPUT,
        documentId: expect.any(String),
        isDefault: true,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
      meta: {},
    });
    const read = await app.api('get', `/addresses/${answer.body.data.documentId}`, token);
    expect(read.body).toEqual(answer.body);
    const second = await createAddress(app, token, { districtCode: null, town: undefined });
    expect(second).toMatchObject({ isDefault: false, districtCode: null, town: null });
  });

  it('stand in the list with the default first, then the newest', async () => {
    const { token } = await signInShopper(app);
    const one = await createAddress(app, token);
    const two = await createAddress(app, token);
    const three = await createAddress(app, token);
    const ids = [one, three, two].map(({ documentId }) => documentId);
    const whole = await list(token);
    expect(whole.data.map(({ documentId }) => documentId)).toEqual(ids);
    expect(whole.meta.pagination).toMatchObject({ page: 1, total: 3 });

    const first = await list(token, '?pagination[cursor]=&pagination[limit]=2');
    const rest = await list(
      token,
      `?pagination[cursor]=${first.meta.pagination.nextCursor}&pagination[limit]=2`,
    );
    expect([...first.data, ...rest.data].map(({ documentId }) => documentId)).toEqual(ids);
    expect(rest.meta.pagination.nextCursor).toBeNull();
  });

  it('change which one is the default, by body or by button, and only one is', async () => {
    const { token } = await signInShopper(app);
    const [one, two, three] = [
      await createAddress(app, token),
      await createAddress(app, token),
      await createAddress(app, token),
    ];
    const byButton = await app.api('post', `/addresses/${two.documentId}/default`, token).send({});
    expect([byButton.status, byButton.body.data.isDefault]).toEqual([200, true]);
    expect(await defaults(token)).toEqual([two.documentId]);
    const again = await app.api('post', `/addresses/${two.documentId}/default`, token).send({});
    expect(again.status).toBe(200);
    await app.api('put', `/addresses/${three.documentId}`, token).send({ data: { isDefault: true } });
    expect(await defaults(token)).toEqual([three.documentId]);
    const fourth = await createAddress(app, token, { isDefault: true });
    expect(await defaults(token)).toEqual([fourth.documentId]);
    const refused = await app
      .api('put', `/addresses/${fourth.documentId}`, token)
      .send({ data: { isDefault: false } });
    expect(codeOf(refused)).toEqual([400, 'VALIDATION_FAILED']);
    const harmless = await app
      .api('put', `/addresses/${one.documentId}`, token)
      .send({ data: { isDefault: false, detail: '新的门牌' } });
    expect(harmless.body.data).toMatchObject({
      isDefault: false,
      detail: '新的门牌',
      city: ADDRESS_INPUT.city,
    });
  });

  it('never keep the district code of another district', async () => {
    const { token } = await signInShopper(app);
    const { documentId } = await createAddress(app, token);
    const change = (changes: Record<string, unknown>) =>
      app.api('put', `/addresses/${documentId}`, token).send({ data: changes });
    const { province, city, district, districtCode } = ADDRESS_INPUT;
    for (const changes of [{ province: '浙江省' }, { city: '济南市' }, { districtCode: '370202' }])
      expect(codeOf(await change(changes))).toEqual([422, 'REGION_UNKNOWN']);
    const code = async (changes: Record<string, unknown>) => {
      const answer = await change(changes);
      expect([answer.status, changes]).toEqual([200, changes]);
      return answer.body.data.districtCode as string | null;
    };
    expect(await code({ detail: '新的门牌', town: null })).toBe(districtCode);
    expect(await code({ province, city, district })).toBe(districtCode);
    expect(await code({ district: '市南区', districtCode: '370202' })).toBe('370202');
    expect(await code({ district: '崂山区' })).toBe('370212');
    expect(await code({ districtCode: null })).toBeNull();
  });

  it('have one default however many are made so at once', async () => {
    const { token } = await signInShopper(app);
    const addresses = await Promise.all(
      Array.from({ length: 6 }, () => createAddress(app, token, { isDefault: true })),
    );
    expect(await defaults(token)).toHaveLength(1);
    const answers = await Promise.all(
      addresses.map(({ documentId }) => app.api('post', `/addresses/${documentId}/default`, token).send({})),
    );
    expect(answers.map(({ status }) => status)).toEqual(addresses.map(() => 200));
    expect(await defaults(token)).toHaveLength(1);
  });

  it('pass the default on to the newest when it is deleted', async () => {
    const { token } = await signInShopper(app);
    const [one, two, three] = [
      await createAddress(app, token),
      await createAddress(app, token),
      await createAddress(app, token),
    ];
    expect((await app.api('delete', `/addresses/${one.documentId}`, token)).status).toBe(204);
    expect(await defaults(token)).toEqual([three.documentId]);
    expect((await app.api('delete', `/addresses/${two.documentId}`, token)).status).toBe(204);
    expect(await defaults(token)).toEqual([three.documentId]);
    expect((await app.api('delete', `/addresses/${three.documentId}`, token)).status).toBe(204);
    expect((await list(token)).data).toEqual([]);
    expect((await createAddress(app, token)).isDefault).toBe(true);
  });

  it('are at most fifty', async () => {
    const { token } = await signInShopper(app);
    for (let count = 0; count < 50; count += 1) await createAddress(app, token);
    const answer = await app.api('post', '/addresses', token).send({ data: ADDRESS_INPUT });
    expect(codeOf(answer)).toEqual([400, 'VALIDATION_FAILED']);
    expect((await list(token)).meta.pagination.total).toBe(50);
  });

  it('are nobody else’s business, not even of staff', async () => {
    const owner = await signInShopper(app);
    const address = await createAddress(app, owner.token);
    const before = await app.api('get', `/addresses/${address.documentId}`, owner.token);
    for (const { token } of [await signInShopper(app), await createStaff(app)]) {
      await createAddress(app, token);
      const path = `/addresses/${address.documentId}`;
      for (const answer of [
        await app.api('get', path, token),
        await app.api('put', path, token).send({ data: { detail: '别处' } }),
        await app.api('delete', path, token),
        await app.api('post', `${path}/default`, token).send({}),
      ]) {
        expect(codeOf(answer)).toEqual([404, 'NOT_FOUND']);
      }
      expect((await list(token)).data).toHaveLength(1);
    }
    expect((await app.api('get', `/addresses/${address.documentId}`, owner.token)).body).toEqual(before.body);
  });

  it('ask for a sign-in', async () => {
    for (const answer of [
      await app.api('get', '/addresses'),
      await app.api('post', '/addresses').send({ data: ADDRESS_INPUT }),
      await app.api('get', '/addresses/abcdefghijklmnopqrstuvwx'),
      await app.api('put', '/addresses/abcdefghijklmnopqrstuvwx').send({ data: {} }),
      await app.api('delete', '/addresses/abcdefghijklmnopqrstuvwx'),
      await app.api('post', '/addresses/abcdefghijklmnopqrstuvwx/default').send({}),
    ]) {
      expect(codeOf(answer)).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it.each([
    '1',
    'abc',
    'ABCDEFGHIJKLMNOPQRSTUVWX',
    "'; drop table addresses; --",
    'abcdefghijklmnopqrstuvwx',
  ])('are not found by %s', async (id) => {
    const { token } = await signInShopper(app);
    expect(codeOf(await app.api('get', `/addresses/${encodeURIComponent(id)}`, token))).toEqual([
      404,
      'NOT_FOUND',
    ]);
  });

  it.each([
    ['no name', { contactName: undefined }],
    ['an empty name', { contactName: '  ' }],
    ['too long a name', { contactName: '名'.repeat(51) }],
    ['a name with a line break', { contactName: 'a\nb' }],
    ['a NUL', { detail: 'x\u0000y' }],
    ['a short phone number', { phone: '1380013800' }],
    ['a phone number that is none', { phone: 'call me' }],
    ['a number as phone', { phone: 13800138000 }],
    ['no city', { city: undefined }],
    ['five digits of district', { districtCode: '37021' }],
    ['letters as district', { districtCode: 'abcdef' }],
    ['a number as district', { districtCode: 370212 }],
    ['too long a detail', { detail: '门'.repeat(201) }],
    ['a text as flag', { isDefault: 'true' }],
    ['somebody else as owner', { user: 1 }],
    ['a document id', { documentId: 'abcdefghijklmnopqrstuvwx' }],
  ])('refuse %s and write nothing', async (_, wrong) => {
    const { token } = await signInShopper(app);
    const answer = await app.api('post', '/addresses', token).send({ data: { ...ADDRESS_INPUT, ...wrong } });
    expect(codeOf(answer)).toEqual([400, 'VALIDATION_FAILED']);
    expect((await list(token)).data).toEqual([]);
  });

  it.each([
    '13912345678',
    '+8613912345678',
    '0532-88881234',
    '010-12345678',
    '05328888123',
    '0532-88881234-801',
  ])('take the phone number %s', async (phone) => {
    const { token } = await signInShopper(app);
    expect((await createAddress(app, token, { phone })).phone).toBe(phone);
  });

  it('keep odd but honest texts as they are', async () => {
    const { token } = await signInShopper(app);
    const detail = `<b>1</b>'; drop table addresses; -- 😀`;
    expect((await createAddress(app, token, { detail })).detail).toBe(detail);
  });

  it.each([
    '?filters[phone]=1',
    '?sort=detail',
    '?pagination[pageSize]=1000',
    '?unknown=1',
    '?filters[isDefault]=perhaps',
  ])('refuse the query %s', async (text) => {
    const { token } = await signInShopper(app);
    expect(codeOf(await app.api('get', `/addresses${text}`, token))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('write one row for the same request sent twice', async () => {
    const { token } = await signInShopper(app);
    const send = (detail: string) =>
      app
        .api('post', '/addresses', token)
        .set('Idempotency-Key', 'address-key-1')
        .send({ data: { ...ADDRESS_INPUT, detail } });
    const [first, second] = await Promise.all([send('一'), send('一')]);
    expect(second.body.data.documentId).toBe(first.body.data.documentId);
    expect((await list(token)).data).toHaveLength(1);
    expect(codeOf(await send('二'))).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
  });
});
