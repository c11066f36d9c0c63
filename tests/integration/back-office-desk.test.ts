import { startApp, type TestApp } from '../support/app';
import { makeProduct } from '../support/factories/catalogue';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

const PRODUCT = 'api::product.product';
const CONTENT = '/content-manager/collection-types';
const list = (uid: string) => `${CONTENT}/${uid}?page=1&pageSize=50`;

const order = (orderNumber: string, more: Record<string, unknown> = {}) =>
  insertRaw('api::order.order', {
    orderNumber,
    productDocumentId: 'none',
    productName: '冰箱',
    quantity: 2,
    unitPrice: 50,
    totalAmount: 100,
    discountAmount: 0,
    actualAmount: 100,
    status: 'paid',
    life: 1,
    version: 1,
    ...more,
  });
const payment = (paymentNumber: string, amount: number, status: string) =>
  insertRaw('api::payment.payment', {
    paymentNumber,
    amount,
    method: 'wechat',
    status,
    payerOpenId: 'oPAYER',
    request: 'REQUEST',
    transactionId: status === 'succeeded' ? `T${paymentNumber}` : null,
  });
const share = (paymentId: number, orderId: number, amount: number) =>
  insertRaw('api::payment.payment-allocation', { paymentId, orderId, amount });

describe('what staff see beside rows', () => {
  let app: TestApp;
  let merchant: PanelUser;

  beforeAll(async () => {
    app = await startApp();
    merchant = await panelUser(app, 'merchant');
  });
  afterAll(() => app?.stop());

  describe('an order and its payments', () => {
    let orders: { id: number; documentId: string }[];
    let [closed, paid]: { id: number; documentId: string }[] = [];

    beforeAll(async () => {
      orders = [
        await order('ODESK1'),
        await order('ODESK2', { unitPrice: 10, totalAmount: 20, actualAmount: 20 }),
        await order('ODESK3'),
      ];
      closed = await payment('PDESK1', 120, 'closed');
      paid = await payment('PDESK2', 120, 'succeeded');
      for (const one of [closed, paid]) {
        await share(one.id, orders[0]?.id ?? 0, 100);
        await share(one.id, orders[1]?.id ?? 0, 20);
      }
    });

    it('shows every payment of an order, newest first, with the order’s share', async () => {
      const answer = await merchant.call('get', `/back-office/orders/${orders[1]?.documentId}/payments`);
      expect(answer.status).toBe(200);
      expect(answer.body.data).toMatchObject([
        { paymentNumber: 'PDESK2', status: 'succeeded', amount: 120, share: 20, transactionId: 'TPDESK2' },
        { paymentNumber: 'PDESK1', status: 'closed', amount: 120, share: 20, transactionId: null },
      ]);
      expect(JSON.stringify(answer.body)).not.toMatch(/oPAYER|REQUEST/);
    });

    it('shows every order of a payment, with its share', async () => {
      const answer = await merchant.call('get', `/back-office/payments/${paid?.documentId}`);
      expect(answer.body.data).toMatchObject({
        paymentNumber: 'PDESK2',
        status: 'succeeded',
        amount: 120,
        orders: [
          { orderNumber: 'ODESK1', status: 'paid', productName: '冰箱', quantity: 2, share: 100 },
          { orderNumber: 'ODESK2', status: 'paid', share: 20 },
        ],
      });
      expect(JSON.stringify(answer.body)).not.toMatch(/oPAYER|REQUEST/);
    });

    it('says nothing of an order that was never paid, and of none there is', async () => {
      const unpaid = await merchant.call('get', `/back-office/orders/${orders[2]?.documentId}/payments`);
      expect(unpaid.body.data).toEqual([]);
      for (const path of [
        'orders/nobody0000000000000000000/payments',
        'payments/nobody0000000000000000000',
        'payments/x%27',
      ])
        expect([path, (await merchant.call('get', `/back-office/${path}`)).status]).toEqual([path, 404]);
    });

    it('is for staff with the right to it', async () => {
      const nobody = await panelUser(app, 'noRights');
      for (const path of [`orders/${orders[0]?.documentId}/payments`, `payments/${paid?.documentId}`])
        expect((await nobody.call('get', `/back-office/${path}`)).status).toBe(403);
    });
  });

  describe('lists', () => {
    it('show the stock of every product, to those who may see stock', async () => {
      await makeProduct(app, { name: '有货', stock: 7 });
      await makeProduct(app, { name: '没有库存记录' });
      const { body } = await merchant.call('get', list(PRODUCT));
      const shown = (name: string) => body.results.find((row: { name: string }) => row.name === name);
      expect([shown('有货').stock, shown('没有库存记录').stock]).toEqual([7, 0]);
      const editor = await panelUser(app, 'editor');
      const theirs = await editor.call('get', list(PRODUCT));
      expect(theirs.body.results).not.toEqual([]);
      expect(theirs.body.results.filter((row: object) => 'stock' in row)).toEqual([]);
    });

    it('name the product of every line of the stock ledger, in lists and forms', async () => {
      const product = await makeProduct(app, { name: '流水里的冰箱', stock: 3 });
      const gone = await insertRaw('api::inventory.inventory-log', {
        productDocumentId: 'gone00000000000000000000',
        changeType: 'adjust',
        quantity: 1,
        onHandDelta: 1,
        lockedDelta: 0,
        onHandAfter: 1,
        lockedAfter: 0,
      });
      const { body } = await merchant.call('get', list('api::inventory.inventory-log'));
      const line = body.results.find(
        (row: { productDocumentId: string }) => row.productDocumentId === product.documentId,
      );
      expect(line.productName).toBe('流水里的冰箱');
      const form = await merchant.call('get', `${CONTENT}/api::inventory.inventory-log/${line.documentId}`);
      expect(form.body.data.productDocumentId).toBe('流水里的冰箱');
      const unnamed = await merchant.call(
        'get',
        `${CONTENT}/api::inventory.inventory-log/${gone.documentId}`,
      );
      expect(unnamed.body.data.productDocumentId).toBe('gone00000000000000000000');
      const item = (await merchant.call('get', list('api::inventory.inventory-item'))).body.results[0];
      const stock = await merchant.call('get', `${CONTENT}/api::inventory.inventory-item/${item.documentId}`);
      expect(stock.body.data.productDocumentId).toBe(item.product.name);
    });
  });

  describe('a product in two languages', () => {
    const inEnglish = async (name: string) => {
      const product = await makeProduct(app, { name });
      const path = `${CONTENT}/${PRODUCT}/${product.documentId}`;
      expect(
        (await merchant.call('put', `${path}?locale=en`).send({ name: `${name} (en)`, price: 10 })).status,
      ).toBe(200);
      return { ...product, path };
    };
    const localesOf = async (documentId: string) =>
      ((await rowsOf(app, PRODUCT)) as { document_id: string; locale: string }[])
        .filter((row) => row.document_id === documentId)
        .map(({ locale }) => locale)
        .sort();

    it.each([
      ['api::product.product', { price: 10, source: 'local' }],
      ['api::brand.brand', { order: 1 }],
      ['api::category.category', { order: 1, level: 'major' }],
    ])('begins with the Chinese one: %s', async (uid, data) => {
      const before = await rowsOf(app, uid);
      const made = await merchant
        .call('post', `${CONTENT}/${uid}?locale=en`)
        .send({ ...data, name: 'English first' });
      expect([made.status, made.body.error?.message]).toEqual([
        400,
        expect.stringMatching(/请先创建中文内容.*Chinese text first/),
      ]);
      expect(await rowsOf(app, uid)).toEqual(before);
    });

    it('is not duplicated in another language alone', async () => {
      const { documentId, path } = await inEnglish('只复制英文的冰箱');
      const copy = path.replace(documentId, `clone/${documentId}`);
      const refused = await merchant.call('post', `${copy}?locale=en`).send({ name: 'Copy' });
      expect([refused.status, refused.body.error?.message]).toEqual([
        400,
        expect.stringMatching(/请先创建中文内容.*Chinese text first/),
      ]);
      expect((await merchant.call('post', `${copy}?locale=zh-Hans`).send({ name: '副本' })).status).toBe(200);
    });

    it('does not lose its Chinese row alone', async () => {
      const { documentId, path } = await inEnglish('两种语言的冰箱');
      const refused = await merchant.call('delete', `${path}?locale=zh-Hans`);
      expect(refused.status).toBe(400);
      expect(refused.body.error.message).toMatch(/中文内容是其他语言的基础.*not deleted alone/);
      expect(await localesOf(documentId)).toEqual(['en', 'zh-Hans']);
    });

    it('loses its translation alone, and then its Chinese row', async () => {
      const { documentId, path } = await inEnglish('先删英文的冰箱');
      expect((await merchant.call('delete', `${path}?locale=en`)).status).toBe(200);
      expect(await localesOf(documentId)).toEqual(['zh-Hans']);
      expect((await merchant.call('delete', `${path}?locale=zh-Hans`)).status).toBe(200);
      expect(await localesOf(documentId)).toEqual([]);
    });

    it('goes as a whole where all languages are meant, or a row of the table', async () => {
      const whole = await inEnglish('整个删除的冰箱');
      expect((await merchant.call('delete', `${whole.path}?locale=*`)).status).toBe(200);
      expect(await localesOf(whole.documentId)).toEqual([]);
      const [first, second] = [await inEnglish('勾选的冰箱一'), await inEnglish('勾选的冰箱二')];
      const bulk = await merchant
        .call('post', `${CONTENT}/${PRODUCT}/actions/bulkDelete?locale=zh-Hans`)
        .send({ documentIds: [first.documentId, second.documentId] });
      expect([bulk.status, bulk.body.error]).toEqual([200, undefined]);
      expect([await localesOf(first.documentId), await localesOf(second.documentId)]).toEqual([[], []]);
    });
  });

  it('keeps brands and categories whole in the same way', async () => {
    for (const [uid, data] of [
      ['api::brand.brand', { order: 1 }],
      ['api::category.category', { order: 1, level: 'major' }],
    ] as const) {
      const made = await merchant
        .call('post', `${CONTENT}/${uid}?locale=zh-Hans`)
        .send({ ...data, name: '整体' });
      const path = `${CONTENT}/${uid}/${made.body.data.documentId}`;
      await merchant.call('put', `${path}?locale=en`).send({ name: 'Whole' });
      expect([uid, (await merchant.call('delete', `${path}?locale=zh-Hans`)).status]).toEqual([uid, 400]);
      expect([uid, (await merchant.call('delete', `${path}?locale=*`)).status]).toEqual([uid, 200]);
      expect(await rowsOf(app, uid)).toEqual([]);
    }
  });
});
