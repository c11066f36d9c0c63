import { startApp, type TestApp } from '../support/app';
import { makeProduct, type Made } from '../support/factories/catalogue';
import { type Buyer, createBuyer, placeOrder } from '../support/factories/orders';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

describe('the buttons of the panel for stock and messages', () => {
  let app: TestApp;
  let merchant: PanelUser;
  let buyer: Buyer;
  let fridge: Made;

  beforeAll(async () => {
    app = await startApp();
    merchant = await panelUser(app, 'merchant');
    buyer = await createBuyer(app);
    fridge = await makeProduct(app, { name: '冰箱', stock: 50 });
  });
  afterAll(() => app?.stop());

  const stockOf = async (): Promise<{ onHand: number; locked: number; stock: number }> => {
    const { onHand, locked, stock } = (await merchant.call('get', `/back-office/stock/${fridge.documentId}`))
      .body.data;
    return { onHand, locked, stock };
  };

  describe('adjust stock', () => {
    it('adds, takes away and takes a count, each with its line in the ledger', async () => {
      const product = await makeProduct(app, { name: '洗衣机' });
      const path = `/back-office/stock/${product.documentId}`;
      expect((await merchant.call('get', path)).body.data).toEqual({
        onHand: 0,
        locked: 0,
        stock: 0,
        log: [],
      });
      await merchant.call('post', `${path}/adjust`).send({ delta: 10, reason: '到货' }).expect(200);
      await merchant.call('post', `${path}/adjust`).send({ delta: -3, reason: '破损' }).expect(200);
      const counted = await merchant.call('post', `${path}/adjust`).send({ onHand: 8, reason: '盘点' });
      expect(counted.body.data).toMatchObject({ onHand: 8, locked: 0, stock: 8 });
      const lines = counted.body.data.log.map(
        ({ quantity, reason, operator }: { quantity: number; reason: string; operator: string }) => [
          quantity,
          reason,
          operator,
        ],
      );
      const operator = `staff:admin:${merchant.id}`;
      expect(lines).toEqual([
        [1, '盘点', operator],
        [-3, '破损', operator],
        [10, '到货', operator],
      ]);
    });

    it('never goes below what orders were promised', async () => {
      const product = await makeProduct(app, { stock: 2 });
      await placeOrder(app, buyer, product.documentId, 2);
      const answer = await merchant
        .call('post', `/back-office/stock/${product.documentId}/adjust`)
        .send({ onHand: 1, reason: '盘点' });
      expect([answer.status, answer.body.error.details]).toMatchObject([
        409,
        { code: 'OUT_OF_STOCK', onHand: 2, locked: 2 },
      ]);
    });

    it.each([
      ['neither', { reason: 'x' }],
      ['both', { delta: 1, onHand: 1, reason: 'x' }],
      ['no reason', { delta: 1 }],
      ['nothing', { delta: 0, reason: 'x' }],
      ['half a piece', { delta: 0.5, reason: 'x' }],
      ['a text', { delta: '5', reason: 'x' }],
      ['less than nothing', { onHand: -1, reason: 'x' }],
      ['1e9 pieces', { onHand: 1e9, reason: 'x' }],
    ])('refuses %s', async (_name, body) => {
      const before = await stockOf();
      const answer = await merchant.call('post', `/back-office/stock/${fridge.documentId}/adjust`).send(body);
      expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
      expect(await stockOf()).toEqual(before);
    });
  });

  describe('replay a message', () => {
    const message = (status: string) =>
      insertRaw('api::outbox.outbox-message', {
        topic: 'test.replayed',
        payload: {},
        status,
        attempts: 12,
        availableAt: new Date(Date.now() + 86_400_000),
        lastError: 'x',
      });
    const read = async (id: number) =>
      (
        (await rowsOf(app, 'api::outbox.outbox-message')) as {
          id: number;
          status: string;
          attempts: number;
        }[]
      ).find((row) => row.id === id);

    it('gives a dead one its attempts back', async () => {
      const dead = await message('dead');
      expect((await merchant.call('post', `/back-office/messages/${dead.documentId}/replay`)).status).toBe(
        204,
      );
      expect(await read(dead.id)).toMatchObject({ status: 'pending', attempts: 0 });
    });

    it('gives all dead ones of a topic their attempts back', async () => {
      const [one, two, done] = [await message('dead'), await message('dead'), await message('done')];
      const answer = await merchant.call('post', `/back-office/messages/${one.documentId}/replay-topic`);
      expect([answer.status, answer.body.data]).toEqual([200, { replayed: 2 }]);
      for (const { id } of [one, two])
        expect(await read(id)).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await read(done.id)).toMatchObject({ status: 'done' });
    });

    it.each(['pending', 'running', 'done'])('leaves one that is %s alone', async (status) => {
      const other = await message(status);
      expect((await merchant.call('post', `/back-office/messages/${other.documentId}/replay`)).status).toBe(
        409,
      );
      expect(await read(other.id)).toMatchObject({ status, attempts: 12 });
    });
  });
});
