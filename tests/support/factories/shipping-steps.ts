import { compiled, type TestApp } from '../app';
import type { SignedInClient } from './accounts';
import { atWechat, checkOut, messages, row } from './money';
import { type Buyer, payAtWechat, placePaidOrder, startPaying, stockProduct } from './orders';

interface Cast {
  app: TestApp;
  buyer: Buyer;
  staff: SignedInClient;
}

export interface Named {
  documentId: string;
}

export const UPLOAD_TOPIC = 'order.upload-shipping';
export const UPLOAD_PATH = '/wxa/sec/order/upload_shipping_info';
export const ASK_PATH = '/wxa/sec/order/get_order';
/** What an order says once WeChat has been told of it. */
export const TOLD = { isTold: true, note: null };
/** What it says before. */
export const UNTOLD = { isTold: false, note: null };

/** The compiled handler of the topic, to run it beside the worker. */
export const uploadShipping = (paymentId: number): Promise<Date | void> =>
  compiled<typeof import('../../../src/api/order/services/shipping-upload')>(
    'src/api/order/services/shipping-upload',
  ).uploadShipping(paymentId);

/** What is shipped, and what WeChat learns of it. `cast` is asked at every step: it exists from `beforeAll` on. */
export function shippingSteps(cast: () => Cast) {
  let lastParcel = 0;
  /** WeChat's shipping service hears of a payment ten seconds late. */
  const heard = (): Promise<void> => cast().app.advance(10_000);
  const stocked = (onHand = 1) => stockProduct(cast().app, cast().staff, onHand, { price: 20 });
  const paymentOf = ({ documentId }: Named) => row(cast().app, 'payments', { document_id: documentId });

  return {
    heard,
    stocked,

    /** Ships an order; returns the parcel's number. */
    async ship(order: Named, company = '日日顺'): Promise<string> {
      lastParcel += 1;
      await cast()
        .app.api('post', `/orders/${order.documentId}/ship`, cast().staff.token)
        .send({ company, trackingNumber: `T${lastParcel}` })
        .expect(200);
      return `T${lastParcel}`;
    },

    /** A paid order, and the row of its payment. */
    async paid({ isHeard = true } = {}) {
      const { order, payment } = await placePaidOrder(cast().app, cast().buyer, await stocked());
      if (isHeard) await heard();
      return { order, payment: await paymentOf(payment) };
    },

    /** A checkout of so many orders, paid with one payment. */
    async paidTogether(size: number) {
      const { app, buyer } = cast();
      const items = [];
      for (let count = 0; count < size; count += 1) items.push({ product: await stocked(), quantity: 1 });
      const { checkoutNumber, orders } = await checkOut(app, buyer, items);
      const { data, payParams } = await startPaying(app, buyer, { checkoutNumber });
      await payAtWechat(app, buyer, payParams);
      await heard();
      return { orders: orders as Named[] as [Named, Named], payment: await paymentOf(data) };
    },

    /** What WeChat was sent about a payment. */
    uploadsOf: (payment: Record<string, unknown>) =>
      cast()
        .app.sandbox.control.requests()
        .filter(
          ({ path, body }) => path.startsWith(UPLOAD_PATH) && body.includes(String(payment.transaction_id)),
        ),

    /** What WeChat has of a payment. */
    shipmentOf: (payment: Record<string, unknown>) =>
      atWechat(cast().app, String(payment.payment_number))?.shipment,

    /** The states of a payment's messages, oldest first. */
    statuses: async (payment: { id: number }) =>
      (await messages(cast().app, UPLOAD_TOPIC, { paymentId: payment.id })).map(({ status }) => status),

    /** What an order says of it. */
    async markOf(order: Named) {
      const found = await row(cast().app, 'orders', { document_id: order.documentId });
      return { isTold: found.shipping_uploaded_at !== null, note: found.shipping_upload_note };
    },
  };
}
