/** Days of a shop with orders, payments and refunds, and one whose bill differs from the books in every way there is. */
import type { TestApp } from './app';
import { type BillRow, changeBill, goToNextDay, reconcileDue } from './factories/bills';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  startPaying,
  stockProduct,
} from './factories/orders';
import { panelUser, type PanelUser } from './factories/panel';

/** A day on which people shop. */
export interface ShoppingDay {
  day: string;
  merchant: PanelUser;
  buyer: Buyer;
  product: string;
  pay(): ReturnType<typeof placePaidOrder>;
  /** Staff give part of an order back; returns the refund's number, submitted to WeChat. */
  refund(order: string, amount: number): Promise<string>;
}

/** Begins the next day at noon, with people signed in and goods on the shelf. */
export async function beginDay(app: TestApp): Promise<ShoppingDay> {
  const day = await goToNextDay(app);
  const merchant = await panelUser(app, 'merchant');
  const buyer = await createBuyer(app);
  const product = await stockProduct(app, await createStaff(app), 50, { price: 100 });
  return {
    day,
    merchant,
    buyer,
    product,
    pay: () => placePaidOrder(app, buyer, product),
    async refund(order, amount) {
      const answer = await merchant
        .call('post', `/back-office/orders/${order}/refund`)
        .send({ reason: '补差价', amount });
      if (answer.status !== 200) throw new Error(`the refund answered ${answer.status}`);
      await app.drain();
      return answer.body.data.refunds.at(-1).refundNumber as string;
    },
  };
}

/** Lets refunds under way arrive. */
export async function letRefundsArrive(app: TestApp): Promise<void> {
  await app.advance(10_000);
  await app.sandbox.control.idle();
}

/** A compared day with every kind of difference; `number` and `orders` by what is wrong with them. */
export interface DifferingDay extends ShoppingDay {
  number: Record<string, string>;
  orders: Record<string, string>;
}

/** Pays at WeChat, and nobody tells the shop. */
async function payUnheard(app: TestApp, { buyer, product, number, orders }: DifferingDay, name: string) {
  const order = await placeOrder(app, buyer, product);
  const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
  await payAtWechat(app, buyer, payParams, 'hold');
  number[name] = data.paymentNumber;
  orders[name] = order.documentId;
}

/** A second payment of a paid order, which nobody sends back. */
async function payTwice(app: TestApp, { pay, number, orders }: DifferingDay): Promise<void> {
  const table = (name: string) => app.strapi.db.connection(name);
  const { order, payment } = await pay();
  const { id: firstId, ...first } = await table('payments')
    .where('payment_number', payment.paymentNumber)
    .first();
  number.first = payment.paymentNumber;
  number.second = 'P-SECOND-PAYMENT';
  const [{ id }] = await table('payments')
    .insert({
      ...first,
      document_id: 'secondpayment00000000000',
      payment_number: number.second,
      transaction_id: '4200SECOND',
      logs: '[]',
    })
    .returning('id');
  const { id: _id, ...share } = await table('payment_allocations').where('payment_id', firstId).first();
  await table('payment_allocations').insert({
    ...share,
    document_id: 'secondshare0000000000000',
    payment_id: id,
  });
  orders.twice = order.documentId;
}

/** What the bill says of the day, which is not what happened. */
function falsify(rows: BillRow[], number: Record<string, string>): BillRow[] {
  const of = (name: string) => rows.filter((row) => row.商户订单号 === number[name]);
  const [first] = of('first');
  const [refunded] = rows.filter((row) => row.交易状态 === 'REFUND');
  for (const row of of('amount')) row.订单金额 = '99.99';
  for (const row of rows) if (row.商户退款单号 === number.refundAmount) row.申请退款金额 = '30.01';
  const isDropped = (row: BillRow) =>
    row.商户订单号 === number.unbilled || row.商户退款单号 === number.refundUnbilled;
  return [
    ...rows.filter((row) => !isDropped(row)),
    ...of('repeated'),
    { ...first, 商户订单号: 'P-NOBODY-KNOWS', 微信订单号: '4200UNKNOWN' },
    { ...first, 商户订单号: number.second ?? '', 微信订单号: '4200SECOND' },
    { ...refunded, 商户退款单号: 'R-NOBODY-KNOWS', 微信退款单号: '5030UNKNOWN' },
  ];
}

export async function createDifferingDay(app: TestApp): Promise<DifferingDay> {
  const table = (name: string) => app.strapi.db.connection(name);
  const world: DifferingDay = { ...(await beginDay(app)), number: {}, orders: {} };
  const { day, pay, number, refund } = world;
  // One about which all agree.
  await pay();
  for (const name of ['amount', 'unbilled', 'repeated']) number[name] = (await pay()).payment.paymentNumber;
  await payUnheard(app, world, 'unheard');
  await payUnheard(app, world, 'otherAmount');
  await table('payments')
    .where('payment_number', number.otherAmount ?? '')
    .update({ amount: 90 });
  await payTwice(app, world);
  for (const name of ['refundState', 'refundAmount', 'refundUnbilled'])
    number[name] = await refund((await pay()).order.documentId, 30);
  await letRefundsArrive(app);
  await table('refunds')
    .where('refund_number', number.refundState ?? '')
    .update({ status: 'processing', succeeded_at: null });
  // So that nothing is done by itself about what was broken.
  await table('outbox_messages').whereIn('topic', ['payment.check', 'order.expire', 'refund.check']).delete();
  await goToNextDay(app, '10:30:00');
  changeBill(app, day, (rows) => falsify(rows, number));
  await reconcileDue(app);
  return world;
}
