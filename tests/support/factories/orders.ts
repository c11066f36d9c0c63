import type { TestApp } from '../app';
import { makeProduct, type ProductOptions } from './catalogue';
import {
  createAddress,
  createStaff,
  type SignedInClient,
  type SignedInShopper,
  signInShopper,
} from './accounts';

export interface Buyer extends SignedInShopper {
  address: string;
}

/** A shopper with an address. */
export async function createBuyer(app: TestApp): Promise<Buyer> {
  const shopper = await signInShopper(app);
  const address = await createAddress(app, shopper.token);
  return { ...shopper, address: address.documentId };
}

/** Orders pieces of one product and returns the order. */
export async function placeOrder(app: TestApp, buyer: Buyer, product: string, quantity = 1) {
  const answer = await app
    .api('post', '/orders', buyer.token)
    .send({ data: { product, quantity, address: buyer.address } });
  if (answer.status !== 201)
    throw new Error(`the order answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data as {
    documentId: string;
    orderNumber: string;
    checkoutNumber: string;
    [field: string]: unknown;
  };
}

/** Starts paying an order or checkout. */
export async function startPaying(
  app: TestApp,
  buyer: Buyer,
  subject: { order: string } | { checkoutNumber: string },
) {
  const answer = await app.api('post', '/payments', buyer.token).send({ ...subject, method: 'wechat' });
  if (answer.status !== 201)
    throw new Error(`the payment answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as {
    data: { documentId: string; paymentNumber: string };
    payParams: Parameters<TestApp['sandbox']['control']['pay']>[0]['payParams'];
  };
}

/** Pays at the sandbox and waits until its notification has been answered. */
export async function payAtWechat(
  app: TestApp,
  buyer: Buyer,
  payParams: Awaited<ReturnType<typeof startPaying>>['payParams'],
  notify: 'send' | 'hold' = 'send',
) {
  const result = app.sandbox.control.pay({ payParams, openid: buyer.openid, notify });
  if (!result.paid) throw new Error(`the sandbox refused: ${result.errMsg}`);
  await app.sandbox.control.idle();
  return result;
}

/** Orders, pays, and returns the paid order. */
export async function placePaidOrder(app: TestApp, buyer: Buyer, product: string, quantity = 1) {
  const order = await placeOrder(app, buyer, product, quantity);
  const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
  await payAtWechat(app, buyer, payParams);
  return { order, payment: data };
}

export const readOrder = async (app: TestApp, buyer: { token: string }, id: string) =>
  (await app.api('get', `/orders/${id}`, buyer.token)).body.data;

/** A product with pieces counted in by staff; returns its documentId. */
export async function stockProduct(
  app: TestApp,
  staff: SignedInClient,
  onHand: number,
  more: ProductOptions = {},
): Promise<string> {
  const { documentId } = await makeProduct(app, more);
  const answer = await app
    .api('post', `/inventory/${documentId}/adjust`, staff.token)
    .send({ onHand, reason: '入库' });
  if (answer.status !== 200)
    throw new Error(`the stock answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return documentId;
}

/** Stock figures of a product, as staff see them. */
export async function readStock(
  app: TestApp,
  staff: SignedInClient,
  product: string,
): Promise<{ onHand: number; locked: number; stock: number }> {
  const { onHand, locked, stock } = (await app.api('get', `/inventory/${product}`, staff.token)).body.data;
  return { onHand, locked, stock };
}

/** What the ledger says the figures must be. */
export async function sumLedger(app: TestApp, product: string): Promise<{ onHand: number; locked: number }> {
  const [row] = await app.strapi.db
    .connection('inventory_logs')
    .where('product_document_id', product)
    .sum({ onHand: 'on_hand_delta', locked: 'locked_delta' });
  return { onHand: Number(row?.onHand ?? 0), locked: Number(row?.locked ?? 0) };
}

export { createStaff };
