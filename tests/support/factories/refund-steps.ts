import type { TestApp } from '../app';
import type { SignedInClient } from './accounts';
import { REFUNDS_PATH, row } from './money';
import { type Buyer, placePaidOrder, readOrder, stockProduct } from './orders';

interface Cast {
  app: TestApp;
  buyer: Buyer;
  staff: SignedInClient;
}

interface Named {
  documentId: string;
}

/** What shopper, staff and WeChat do about refunds, step by step. `cast` is asked at every step: it exists from `beforeAll` on. */
export function refundSteps(cast: () => Cast) {
  const stocked = (onHand = 1, more: Record<string, unknown> = {}) =>
    stockProduct(cast().app, cast().staff, onHand, more);
  const ask = (order: Named, body: object = {}, token = cast().buyer.token) =>
    cast()
      .app.api('post', `/orders/${order.documentId}/refund`, token)
      .send({ reason: '不想要了', ...body });
  const act = (id: string, action: string, body: object = {}) =>
    cast().app.api('post', `/refunds/${id}/${action}`, cast().staff.token).send(body);
  const numberOf = async (id: string) =>
    String((await row(cast().app, 'refunds', { document_id: id })).refund_number);

  return {
    stocked,
    ask,
    act,
    numberOf,
    read: async (id: string) => (await cast().app.api('get', `/refunds/${id}`, cast().buyer.token)).body.data,
    statusOf: async (order: Named) =>
      (await readOrder(cast().app, cast().buyer, order.documentId)).status as string,

    /** What WeChat was sent about a refund's number. */
    posts: (number: string) =>
      cast()
        .app.sandbox.control.requests()
        .filter(
          ({ method, path, body }) => method === 'POST' && path === REFUNDS_PATH && body.includes(number),
        ),

    /** WeChat settles a refund, and its notification is lost on the way. */
    async settleUnheard(number: string, outcome: 'SUCCESS'): Promise<void> {
      const { app } = cast();
      // Signed by the machine's clock the notification is too old to be believed.
      await app.advance(10 * 60_000);
      app.sandbox.control.clock.signatures('machine');
      app.sandbox.control.refunds.settle(number, outcome);
      await app.sandbox.control.idle();
      app.sandbox.control.clock.signatures('virtual');
    },

    /** Makes what waits of a topic due now, without moving the clock. */
    hurry: (topic: string) =>
      cast()
        .app.strapi.db.connection('outbox_messages')
        .where({ topic, status: 'pending' })
        .update({ available_at: cast().app.strapi.db.dialect.client === 'postgres' ? new Date(0) : 0 }),

    /** A paid order whose refund staff have agreed to. */
    async approved({ quantity = 1, amount }: { quantity?: number; amount?: number } = {}) {
      const product = await stocked(5, { price: 100 });
      const { order } = await placePaidOrder(cast().app, cast().buyer, product, quantity);
      const asked = await ask(order, amount === undefined ? {} : { amount });
      expect(asked.status).toBe(202);
      const id = asked.body.data.documentId as string;
      await act(id, 'approve').expect(200);
      return { product, order, id, number: await numberOf(id) };
    },
  };
}
