/** Forms, bulk actions and REST writes that come while the shop sells. */
import type { RaceAnswer, RaceBuyer, RaceShop } from '../../support/race-shop';
import type { Race } from '../../support/race-run';
import { dice } from '../../support/seeds';

const SALES = 20;
const panel = (model: string): string => `/content-manager/collection-types/${model}`;

async function buyAndPay(shop: RaceShop, buyer: RaceBuyer, product: string): Promise<string> {
  const order = String((await shop.order(buyer, product)).body.data?.documentId);
  const paying = await shop.call('POST', '/payments', {
    token: buyer.token,
    body: { order, method: 'wechat' },
  });
  const payParams = paying.body.payParams as Record<string, unknown>;
  shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'send' });
  await shop.call('POST', `/payments/${String(paying.body.data?.documentId)}/sync`, {
    token: buyer.token,
    body: {},
  });
  return order;
}

function expectRefused(what: string, { status, body }: RaceAnswer): void {
  if (status < 400 || status >= 500) throw new Error(`${what} answered ${status} ${JSON.stringify(body)}`);
}

const editorSavesOldForm: Race = {
  name: 'an editor saves a product form opened before 20 sales',
  short: 1,
  async run(shop, seed) {
    const { int } = dice(seed);
    const buyers = await shop.shoppers(SALES);
    const product = await shop.product(SALES + 5);
    const form = `${panel('api::product.product')}/${product}?locale=zh-Hans`;
    const opened = await shop.send('GET', form, { token: shop.admin });
    const { name, price, specifications, salesCount, viewCount, isActive, isSales } = opened.body
      .data as Record<string, unknown>;
    const saved = {
      name: `${String(name)} ${seed}`,
      price,
      specifications,
      salesCount,
      viewCount,
      isActive,
      isSales,
    };
    const save = async (): Promise<void> => {
      const answer = await shop.send('PUT', form, { token: shop.admin, body: saved });
      if (answer.status !== 200)
        throw new Error(`saving answered ${answer.status} ${JSON.stringify(answer.body)}`);
    };
    // Saved once in the middle of the sales and once after them all.
    const middle = int(SALES);
    await Promise.all(
      buyers.map((buyer, place) =>
        place === middle
          ? Promise.all([save(), buyAndPay(shop, buyer, product)])
          : buyAndPay(shop, buyer, product),
      ),
    );
    await save();
    await shop.calm();
    const { sales_count: sold } = (await shop
      .db('products')
      .where({ document_id: product, locale: 'zh-Hans' })
      .first('sales_count')) as { sales_count: number };
    if (sold !== SALES) throw new Error(`the product says ${sold} sold, ${SALES} were`);
    const { onHand, locked } = await shop.figures(product);
    if (onHand !== SALES + 5 || locked !== SALES)
      throw new Error(`stock is ${onHand} on hand, ${locked} locked`);
  },
};

const writesAroundTheShop: Race = {
  name: 'bulk updates of the content manager and REST writes of status, stock and amount',
  short: 1,
  async run(shop, seed) {
    const { int } = dice(seed);
    const buyers = await shop.shoppers(8);
    const product = await shop.product(20);
    const [first] = buyers as [RaceBuyer];
    const order = await buyAndPay(shop, first, product);
    const item = (await shop.db('inventory_items').where({ product_document_id: product }).first()) as {
      document_id: string;
    };
    const payment = (await shop.db('payments').orderBy('id', 'desc').first()) as { document_id: string };
    const asAdmin = (method: string, path: string, body: object) => () =>
      shop.send(method, path, { token: shop.admin, body });
    const asBuyer = (method: string, path: string, body: object) => () =>
      shop.call(method, path, { token: first.token, body });
    const bad: [string, () => Promise<RaceAnswer>][] = [
      [
        'a status in the panel',
        asAdmin('PUT', `${panel('api::order.order')}/${order}`, { status: 'completed' }),
      ],
      [
        'an amount in the panel',
        asAdmin('PUT', `${panel('api::order.order')}/${order}`, { actualAmount: 0.01 }),
      ],
      [
        'deleting orders',
        asAdmin('POST', `${panel('api::order.order')}/actions/bulkDelete`, { documentIds: [order] }),
      ],
      [
        'publishing orders',
        asAdmin('POST', `${panel('api::order.order')}/actions/bulkPublish`, { documentIds: [order] }),
      ],
      [
        'stock in the panel',
        asAdmin('PUT', `${panel('api::inventory.inventory-item')}/${item.document_id}`, { onHand: 999 }),
      ],
      [
        'deleting stock',
        asAdmin('POST', `${panel('api::inventory.inventory-item')}/actions/bulkDelete`, {
          documentIds: [item.document_id],
        }),
      ],
      [
        'a payment in the panel',
        asAdmin('PUT', `${panel('api::payment.payment')}/${payment.document_id}`, { amount: 1 }),
      ],
      ['the ledger in the panel', asAdmin('POST', panel('api::inventory.inventory-log'), { quantity: 5 })],
      ['a status by REST', asBuyer('PUT', `/orders/${order}`, { data: { status: 'completed' } })],
      ['an amount by REST', asBuyer('PATCH', `/orders/${order}`, { data: { actualAmount: 0.01 } })],
      ['deleting by REST', asBuyer('DELETE', `/orders/${order}`, {})],
      ['stock by REST', asBuyer('PUT', `/inventory/${product}`, { data: { onHand: 999 } })],
      [
        'adjusting as a shopper',
        asBuyer('POST', `/inventory/${product}/adjust`, { onHand: 999, reason: 'x' }),
      ],
      [
        'a payment by REST',
        asBuyer('PUT', `/payments/${payment.document_id}`, { data: { status: 'succeeded' } }),
      ],
      [
        'a price with an order',
        asBuyer('POST', '/orders', {
          data: { product, quantity: 1, address: first.address, unitPrice: 0.01, status: 'paid' },
        }),
      ],
    ];
    await Promise.all([
      ...buyers.map((buyer) => buyAndPay(shop, buyer, product)),
      ...bad.map(async ([what, write]) => expectRefused(what, await write())),
      (async () => {
        // Staff count the goods while all this goes on.
        const delta = 1 + int(5);
        await shop.call('POST', `/inventory/${product}/adjust`, {
          token: shop.staff,
          body: { delta, reason: '盘点' },
        });
      })(),
    ]);
  },
};

export const EDIT_RACES: Race[] = [editorSavesOldForm, writesAroundTheShop];
