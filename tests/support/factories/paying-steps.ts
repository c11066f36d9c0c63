import type { TestApp } from '../app';
import { row, rows } from './money';
import type { Buyer } from './orders';

interface Named {
  documentId: string;
}

/** What a shopper does about paying, step by step. `cast` is asked at every step: it exists from `beforeAll` on. */
export function payingSteps(cast: () => { app: TestApp; buyer: Buyer }) {
  return {
    pay: (order: Named) =>
      cast()
        .app.api('post', '/payments', cast().buyer.token)
        .send({ order: order.documentId, method: 'wechat' }),

    /** Every attempt to pay for an order, as rows. */
    async paymentsOf(order: Named) {
      const { app } = cast();
      const { id } = await row(app, 'orders', { document_id: order.documentId });
      const shares = await rows(app, 'payment_allocations', { order_id: id });
      return (await rows(app, 'payments')).filter((payment) =>
        shares.some((share) => share.payment_id === payment.id),
      );
    },

    /** Time passes, and what is due is worked. */
    async later(minutes: number): Promise<void> {
      await cast().app.advance(minutes * 60_000);
      await cast().app.drain();
    },
  };
}
