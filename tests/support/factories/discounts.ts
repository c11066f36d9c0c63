import type { TestApp } from '../app';
import { documents, makeProduct } from './catalogue';
import type { Buyer } from './orders';

export const DISCOUNT_UID = 'api::discount.discount';

export const connect = (...ids: string[]) => ({ connect: ids.map((documentId) => ({ documentId })) });

/** A discount as code makes it; 10 % unless told. */
export const makeDiscount = (app: TestApp, data: Record<string, unknown>) =>
  documents(app, DISCOUNT_UID).create({ data: { name: '优惠', kind: 'percent', value: 10, ...data } });

/** A product of 100 yuan with plenty on hand. */
export const goodsFor100 = async (app: TestApp, more: Record<string, unknown> = {}): Promise<string> =>
  (await makeProduct(app, { price: 100, stock: 1000, ...more })).documentId;

/** What the shop says one line would cost this buyer. */
export async function previewLine(app: TestApp, buyer: Buyer, product: string, quantity = 1) {
  const answer = await app
    .api('post', '/orders/preview', buyer.token)
    .send({ items: [{ product, quantity }], address: buyer.address });
  if (answer.status !== 200)
    throw new Error(`the preview answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data as {
    discountAmount: number;
    actualAmount: number;
    items: { discountName: string | null }[];
  };
}
