/** A shop with an order in every place of its life, so that every rule of the audit has rows to look at. */
import type { TestApp } from './app';
import {
  connectFake,
  fakeSupplier,
  haierSteps,
  makeHaierProduct,
  stockEverything,
} from './factories/haier-orders';
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

/** Numeric ids of one order in each place. */
export interface AuditWorld {
  product: string;
  orders: Record<
    | 'pending'
    | 'paid'
    | 'shipped'
    | 'completed'
    | 'cancelled'
    | 'refunding'
    | 'refunded'
    | 'lateMoney'
    | 'haierWaiting'
    | 'haierPushed'
    | 'haierCancelling'
    | 'haierCancelled',
    number
  >;
}

/** Lets messages, refunds and notifications that are under way arrive. */
export async function settle(app: TestApp): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await app.drain();
    await app.advance(10_000);
    await app.sandbox.control.idle();
  }
}

const expectOk = (answer: { status: number; body: unknown }): void => {
  if (answer.status >= 300) throw new Error(`answered ${answer.status} ${JSON.stringify(answer.body)}`);
};

/** Builds the shop through its own doors. */
export async function createAuditWorld(app: TestApp): Promise<AuditWorld> {
  const [buyer, staff] = [await createBuyer(app), await createStaff(app)];
  const product = await stockProduct(app, staff, 50, { price: 12.34 });
  const act = async (path: string, body: object, token: string) => {
    const answer = await app.api('post', path, token).send(body);
    expectOk(answer);
    return answer.body.data as { documentId: string };
  };
  const paid = async (): Promise<string> => (await placePaidOrder(app, buyer, product, 2)).order.documentId;
  const ship = async (order: string): Promise<string> => {
    await act(`/orders/${order}/ship`, { company: '顺丰', trackingNumber: 'SF1' }, staff.token);
    return order;
  };
  const askRefund = async (order: string): Promise<string> =>
    (await act(`/orders/${order}/refund`, { reason: '不合适' }, buyer.token)).documentId;

  const waiting = (await placeOrder(app, buyer, product, 3)).documentId;
  await startPaying(app, buyer, { order: waiting });
  const cancelled = (await placeOrder(app, buyer, product)).documentId;
  await act(`/orders/${cancelled}/cancel`, { reason: '不想要了' }, buyer.token);
  const completed = await ship(await paid());
  await act(`/orders/${completed}/confirm-receipt`, {}, buyer.token);
  const refunded = await paid();
  await act(`/refunds/${await askRefund(refunded)}/approve`, {}, staff.token);
  const returned = await ship(await paid());
  await act(`/refunds/${await askRefund(returned)}/approve`, { isGoodsReturned: true }, staff.token);
  const rejected = await paid();
  await act(`/refunds/${await askRefund(rejected)}/reject`, { reason: '已备货' }, staff.token);
  const refunding = await paid();
  await askRefund(refunding);
  const named = {
    pending: waiting,
    cancelled,
    completed,
    refunded,
    refunding,
    paid: await paid(),
    shipped: await ship(await paid()),
    lateMoney: await payAfterCancelling(app, buyer, product),
  };
  await settle(app);
  const atHaier = await placeAtHaier(app, buyer, staff.token);
  return { product, orders: await numericIds(app, { ...named, ...atHaier }) };
}

/** One order Haier has, one it is asked to cancel, one it has cancelled, and one nobody has worked yet. */
async function placeAtHaier(app: TestApp, buyer: Buyer, staff: string) {
  connectFake(fakeSupplier());
  stockEverything();
  const { documentId: product } = await makeHaierProduct(app);
  const paid = async () => (await placePaidOrder(app, buyer, product)).order.documentId;
  const [haierPushed, haierCancelling, haierCancelled] = [await paid(), await paid(), await paid()];
  await app.drain();
  for (const order of [haierCancelling, haierCancelled])
    expectOk(await app.api('post', `/orders/${order}/refund`, staff).send({ reason: '不合适' }));
  await app.drain();
  const { receive, delivery, row } = haierSteps(() => app);
  const { order_number: number } = await row(haierCancelled);
  await receive(delivery(number, 'cancel'));
  await settle(app);
  return { haierPushed, haierCancelling, haierCancelled, haierWaiting: await paid() };
}

/** WeChat is away while the shopper cancels, so the payment stays payable, and the money comes. */
async function payAfterCancelling(app: TestApp, buyer: Buyer, product: string): Promise<string> {
  const { documentId } = await placeOrder(app, buyer, product);
  const { payParams } = await startPaying(app, buyer, { order: documentId });
  const fault = app.sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection' });
  expectOk(await app.api('post', `/orders/${documentId}/cancel`, buyer.token).send({ reason: 'x' }));
  app.sandbox.control.clearFaults(fault.id);
  await payAtWechat(app, buyer, payParams);
  return documentId;
}

async function numericIds<Name extends string>(
  app: TestApp,
  named: Record<Name, string>,
): Promise<Record<Name, number>> {
  const rows = (await app.strapi.db
    .connection('orders')
    .whereIn('document_id', Object.values(named))
    .select('id', 'document_id')) as { id: number; document_id: string }[];
  const ids = new Map(rows.map((row) => [row.document_id, row.id]));
  return Object.fromEntries(
    Object.entries<string>(named).map(([name, documentId]) => [name, ids.get(documentId)]),
  ) as Record<Name, number>;
}
