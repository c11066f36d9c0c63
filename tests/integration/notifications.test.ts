import { compiled, startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper, type SignedInClient } from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

type Answer = { status: number; body: { error: { details: { code: string } } } };
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const notify = () =>
  compiled<typeof import('../../src/api/notification/notify')>('src/api/notification/notify');
const inTransaction: typeof import('../../src/platform/database').inTransaction = (work) =>
  compiled<typeof import('../../src/platform/database')>('src/platform/database').inTransaction(work);
const idOf = async (client: SignedInClient) =>
  Number(
    (await app.strapi.db.connection('up_users').where({ document_id: client.user.documentId }).first('id'))
      .id,
  );

async function tell(client: SignedInClient, title: string): Promise<void> {
  const userId = await idOf(client);
  await inTransaction((tx) =>
    notify().notifyUser(tx, { userId, type: 'order', title, content: '内容', data: { order: 'abc' } }),
  );
}
const list = async (client: SignedInClient, text = '') =>
  (await app.api('get', `/notifications${text}`, client.token)).body;

describe('notifications', () => {
  it('reach their shopper, newest first, by pages', async () => {
    const shopper = await signInShopper(app);
    for (const title of ['一', '二', '三']) await tell(shopper, title);
    const { data, meta } = await list(shopper, '?pagination[pageSize]=2');
    expect(data).toEqual([
      {
        documentId: expect.any(String),
        audience: 'user',
        type: 'order',
        title: '三',
        content: '内容',
        data: { order: 'abc' },
        readAt: null,
        createdAt: expect.any(String),
      },
      expect.objectContaining({ title: '二' }),
    ]);
    expect(meta.pagination).toEqual({ page: 1, pageSize: 2, pageCount: 2, total: 3 });
  });

  it('are marked as read once, and found by that', async () => {
    const shopper = await signInShopper(app);
    await tell(shopper, '读');
    await tell(shopper, '未读');
    const [, read] = (await list(shopper)).data;
    const answer = await app.api('post', `/notifications/${read.documentId}/read`, shopper.token).send({});
    expect(answer.status).toBe(200);
    expect(answer.body.data.readAt).toEqual(expect.any(String));
    const again = await app.api('post', `/notifications/${read.documentId}/read`, shopper.token).send({});
    expect(again.body.data.readAt).toBe(answer.body.data.readAt);
    expect((await list(shopper, '?unread=true')).data.map(({ title }: { title: string }) => title)).toEqual([
      '未读',
    ]);
    expect((await list(shopper, '?unread=false')).data.map(({ title }: { title: string }) => title)).toEqual([
      '读',
    ]);
    expect((await list(shopper, '?filters[readAt][$null]=true')).data).toHaveLength(1);
  });

  it('are nobody else’s, not even those of a shopper for staff', async () => {
    const shopper = await signInShopper(app);
    await tell(shopper, '私');
    const [{ documentId }] = (await list(shopper)).data;
    for (const other of [await signInShopper(app), await createStaff(app)]) {
      expect(JSON.stringify(await list(other))).not.toContain(documentId);
      expect(
        codeOf(await app.api('post', `/notifications/${documentId}/read`, other.token).send({})),
      ).toEqual([404, 'NOT_FOUND']);
    }
    expect((await list(shopper, '?unread=true')).data).toHaveLength(1);
  });

  it('for the staff are seen by all of them and by no shopper', async () => {
    const [one, two] = [await createStaff(app), await createStaff(app)];
    const shopper = await signInShopper(app);
    await inTransaction((tx) => notify().notifyStaff(tx, { type: 'refund', title: '退款失败' }));
    const [news] = (await list(one)).data;
    expect(news).toMatchObject({ audience: 'staff', title: '退款失败', content: null, data: null });
    expect((await list(shopper)).data).toEqual([]);
    expect(
      codeOf(await app.api('post', `/notifications/${news.documentId}/read`, shopper.token).send({})),
    ).toEqual([404, 'NOT_FOUND']);
    await app.api('post', `/notifications/${news.documentId}/read`, one.token).send({});
    expect((await list(two, '?unread=true')).data).toEqual([]);
  });

  it('have a title cut to what its column holds, whole characters of it', async () => {
    const shopper = await signInShopper(app);
    await tell(shopper, '🧊'.repeat(120));
    expect((await list(shopper)).data[0].title).toBe('🧊'.repeat(100));
  });

  it('exist only if the transaction that causes them commits', async () => {
    const shopper = await signInShopper(app);
    const userId = await idOf(shopper);
    const failed = inTransaction(async (tx) => {
      await notify().notifyUser(tx, { userId, type: 'system', title: '没有发生' });
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect((await list(shopper)).data).toEqual([]);
  });

  it('ask for a sign-in and an honest request', async () => {
    expect(codeOf(await app.api('get', '/notifications'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await app.api('post', '/notifications/abcdefghijklmnopqrstuvwx/read').send({}))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    const shopper = await signInShopper(app);
    for (const text of ['?unread=maybe', '?filters[user]=1', '?sort=title', '?x=1', '?pagination[page]=0']) {
      expect(codeOf(await app.api('get', `/notifications${text}`, shopper.token))).toEqual([
        400,
        'VALIDATION_FAILED',
      ]);
    }
    expect(codeOf(await app.api('post', '/notifications/nothing/read', shopper.token).send({}))).toEqual([
      404,
      'NOT_FOUND',
    ]);
  });
});
