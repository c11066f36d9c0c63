import { startApp, type TestApp } from '../support/app';
import {
  insertRaw,
  oneOfEachGuardedType,
  panelUser,
  type PanelUser,
  rowsOf,
} from '../support/factories/panel';

/** What a super administrator, who may do everything in Strapi, is told for each type. */
const SENTENCES: Record<string, RegExp> = {
  'api::order.order': /^订单只能通过订单页右侧的按钮处理（发货、取消、退款审核） \/ .*ship/,
  'api::order.order-history': /^订单历史由系统自动记录.* \/ /,
  'api::payment.payment': /^支付记录只由微信支付的结果写入.*payments\/:id\/sync/,
  'api::payment.payment-allocation': /^支付分摊.* \/ /,
  'api::payment.refund': /^退款只能通过.*同意退款.*refunds\/:id\/approve/,
  'api::payment.refund-allocation': /^退款分摊.* \/ /,
  'api::reconciliation.reconciliation-run': /^对账记录.*重新核对.* \/ .*Compare again/,
  'api::reconciliation.reconciliation-difference': /^对账差异.* \/ /,
  'api::reconciliation.bill-line': /^账单明细.* \/ /,
  'api::audit.audit-finding': /^核查结果.* \/ .*audit/,
  'api::task.task': /^任务.* \/ /,
  'api::inventory.inventory-item': /^库存只能通过商品页右侧的“调整库存”.*inventory\/:product\/adjust/,
  'api::inventory.inventory-log': /^库存流水由系统自动记录.* \/ /,
  'api::outbox.outbox-message': /重新执行.* \/ .*Replay/,
  'api::callback.callback-inbox': /^回调记录.* \/ /,
  'api::idempotency.idempotency-key': /^幂等键.* \/ /,
  'api::cart.cart': /^购物车.* \/ /,
  'api::cart.cart-item': /^购物车.* \/ /,
  'api::address.address': /^收货地址.* \/ .*addresses/,
  'api::notification.notification': /^通知由系统发送.* \/ /,
};
/** Not in the content manager at all: nobody has a permission for them, so Strapi refuses first. */
const HIDDEN = new Set([
  'api::payment.payment-allocation',
  'api::payment.refund-allocation',
  'api::reconciliation.bill-line',
  'api::task.task',
  'api::idempotency.idempotency-key',
  'api::cart.cart',
  'api::cart.cart-item',
]);

describe('writes around the one writer of a fact', () => {
  let app: TestApp;
  let admin: PanelUser;
  let rows: Record<string, { id: number; documentId: string }>;

  beforeAll(async () => {
    app = await startApp();
    admin = await panelUser(app, 'superAdmin');
    rows = await oneOfEachGuardedType();
  });
  afterAll(() => app?.stop());

  const documentsOf = (uid: string) =>
    app.strapi.documents(uid as 'api::order.order') as unknown as Record<
      string,
      ((params: object) => Promise<unknown>) | undefined
    >;

  describe.each(Object.keys(SENTENCES))('%s', (uid) => {
    const path = `/content-manager/collection-types/${uid}`;
    const id = () => rows[uid]?.documentId ?? '';
    const attempts: [string, () => Promise<{ status: number; body: { error?: { message: string } } }>][] = [
      ['create', async () => admin.call('post', path).send({ status: 'refunded', note: 'x' })],
      ['update', async () => admin.call('put', `${path}/${id()}`).send({ status: 'refunded', note: 'x' })],
      ['delete', async () => admin.call('delete', `${path}/${id()}`)],
      ['clone', async () => admin.call('post', `${path}/clone/${id()}`).send({})],
      ['auto-clone', async () => admin.call('post', `${path}/auto-clone/${id()}`).send({})],
      [
        'bulk delete',
        async () => admin.call('post', `${path}/actions/bulkDelete`).send({ documentIds: [id()] }),
      ],
      ['publish', async () => admin.call('post', `${path}/${id()}/actions/publish`).send({})],
      ['create and publish', async () => admin.call('post', `${path}/actions/publish`).send({ note: 'x' })],
      ['unpublish', async () => admin.call('post', `${path}/${id()}/actions/unpublish`).send({})],
      ['discard', async () => admin.call('post', `${path}/${id()}/actions/discard`).send({})],
      [
        'bulk publish',
        async () => admin.call('post', `${path}/actions/bulkPublish`).send({ documentIds: [id()] }),
      ],
      [
        'bulk unpublish',
        async () => admin.call('post', `${path}/actions/bulkUnpublish`).send({ documentIds: [id()] }),
      ],
    ];
    it.each(attempts)('refuses %s by the content manager, and writes nothing', async (_name, attempt) => {
      const before = await rowsOf(app, uid);
      const answer = await attempt();
      expect(answer.status).toBe(403);
      expect(await rowsOf(app, uid)).toEqual(before);
      if (!HIDDEN.has(uid)) expect(answer.body.error?.message).toMatch(SENTENCES[uid] as RegExp);
    });

    it.each(['create', 'update', 'delete', 'clone'])(
      'refuses %s by the document service, whoever calls it',
      async (action) => {
        const before = await rowsOf(app, uid);
        await expect(documentsOf(uid)[action]?.({ documentId: id(), data: {} })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
        expect(await rowsOf(app, uid)).toEqual(before);
      },
    );

    it('has no drafts, and so nothing to publish or discard', () => {
      const documents = documentsOf(uid);
      expect([documents.publish, documents.unpublish, documents.discardDraft]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it('can still be read', async () => {
      await expect(
        app.strapi.documents(uid as 'api::order.order').findOne({ documentId: id() }),
      ).resolves.toMatchObject({ documentId: id() });
    });
  });

  it('covers every type of the shop that is not part of the catalogue', () => {
    const edited = [
      'api::product.product',
      'api::category.category',
      'api::brand.brand',
      'api::discount.discount',
    ];
    const ours = Object.keys(app.strapi.contentTypes).filter(
      (uid) => uid.startsWith('api::') && !edited.includes(uid),
    );
    expect(ours.sort()).toEqual(Object.keys(SENTENCES).sort());
  });

  it('does not let a shopper’s account be deleted by the content manager, and says what to use', async () => {
    const user = await insertRaw('plugin::users-permissions.user', {
      username: 'somebody',
      email: 'somebody@shop.test',
      provider: 'local',
    });
    const path = '/content-manager/collection-types/plugin::users-permissions.user';
    const one = await admin.call('delete', `${path}/${user.documentId}`);
    expect(one.status).toBe(403);
    expect(one.body.error.message).toMatch(/DELETE \/api\/v1\/users\/:id/);
    const many = await admin
      .call('post', `${path}/actions/bulkDelete`)
      .send({ documentIds: [user.documentId] });
    expect(many.status).toBe(403);
    expect(await rowsOf(app, 'plugin::users-permissions.user')).toHaveLength(1);
  });

  it('leaves the catalogue to the forms', async () => {
    const answer = await admin
      .call('post', '/content-manager/collection-types/api::brand.brand?locale=zh-Hans')
      .send({ name: '海尔', order: 1, isActive: true });
    expect(answer.status).toBeLessThan(300);
  });

  it('says of the catalogue that it has no drafts, whichever action for them is asked for', async () => {
    const CONTENT = '/content-manager/collection-types/api::brand.brand';
    const made = await admin.call('post', `${CONTENT}?locale=zh-Hans`).send({ name: '卡萨帝', order: 2 });
    for (const action of ['publish', 'unpublish', 'discard']) {
      const answer = await admin
        .call('post', `${CONTENT}/${made.body.data.documentId}/actions/${action}`)
        .send({});
      expect([action, answer.status, answer.body.error.message]).toEqual([
        action,
        400,
        expect.stringMatching(/没有草稿.*no drafts/),
      ]);
    }
  });

  it('keeps the remote transfer of data shut', async () => {
    const answer = await admin.call('post', '/admin/transfer/runner/push');
    expect([404, 405]).toContain(answer.status);
  });
});
