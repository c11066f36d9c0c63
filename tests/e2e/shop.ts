import { compiled, startApp, type TestApp } from '../support/app';
import { makeBrand, makeCategory, makeProduct, type Made } from '../support/factories/catalogue';
import {
  type Buyer,
  createBuyer,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  startPaying,
} from '../support/factories/orders';
import { insertRaw, panelUser, type PanelUser } from '../support/factories/panel';

/**
 * A shop with something to look at: a small catalogue, an order to ship, a refund to decide, a dead message, and a bill
 * with a payment nobody told the shop of.
 */
export interface ShopForBrowsing {
  app: TestApp;
  merchant: PanelUser;
  admin: PanelUser;
  fridge: Made;
  paidOrder: string;
  refundOrder: string;
  pendingOrder: string;
  /** The day of the bill that does not agree with the books. */
  billDate: string;
  /** Takes the uploaded pictures away again and stops the shop. */
  stop(): Promise<void>;
}

interface Article {
  name: string;
  english: string;
  model: string;
  price: number;
  stock: number;
  sold: number;
  category: number;
}

const CATEGORIES = [
  ['冰箱', 'Refrigerators'],
  ['洗衣机', 'Washing machines'],
  ['空调', 'Air conditioners'],
] as const;

const ARTICLES: Article[] = [
  {
    name: '对开门变频冰箱 501 升',
    english: 'Side-by-side refrigerator, 501 l',
    model: 'BCD-501W',
    price: 3999,
    stock: 36,
    sold: 128,
    category: 0,
  },
  {
    name: '十字门风冷冰箱 460 升',
    english: 'Four-door refrigerator, 460 l',
    model: 'BCD-460W',
    price: 4599,
    stock: 12,
    sold: 74,
    category: 0,
  },
  {
    name: '滚筒洗烘一体机 10 公斤',
    english: 'Washer-dryer, 10 kg',
    model: 'XQG100-H',
    price: 3299,
    stock: 20,
    sold: 211,
    category: 1,
  },
  {
    name: '波轮洗衣机 8 公斤',
    english: 'Top-loading washing machine, 8 kg',
    model: 'XQB80-Z',
    price: 1099,
    stock: 3,
    sold: 340,
    category: 1,
  },
  {
    name: '壁挂式空调 1.5 匹',
    english: 'Wall-mounted air conditioner, 1.5 HP',
    model: 'KFR-35GW',
    price: 2899,
    stock: 48,
    sold: 96,
    category: 2,
  },
  {
    name: '立柜式空调 3 匹',
    english: 'Standing air conditioner, 3 HP',
    model: 'KFR-72LW',
    price: 6899,
    stock: 0,
    sold: 22,
    category: 2,
  },
];

type Drawings = typeof import('../../src/api/product/demo/drawings');

/** One drawing for each category, and the accent it is drawn in. */
const PICTURES: readonly Parameters<Drawings['drawAppliance']>[] = [
  ['fridge', [74, 118, 168]],
  ['washer', [92, 140, 120]],
  ['airConditioner', [120, 110, 170]],
];

async function uploadPicture(admin: PanelUser, place: number): Promise<number> {
  const [appliance, accent] = PICTURES[place] ?? ['cooker', [74, 118, 168]];
  const { drawAppliance } = compiled<Drawings>('src/api/product/demo/drawings');
  const answer = await admin.call('post', '/upload').attach('files', drawAppliance(appliance, accent), {
    filename: `picture-${place + 1}.png`,
    contentType: 'image/png',
  });
  const [file] = answer.body as { id: number }[];
  if (file === undefined) throw new Error(`the picture was answered ${answer.status}`);
  return file.id;
}

async function makeCatalogue(app: TestApp, admin: PanelUser): Promise<Made[]> {
  const brand = await makeBrand(app, { name: '海尔', english: 'Haier' });
  const categories: Made[] = [];
  for (const [name, english] of CATEGORIES) categories.push(await makeCategory(app, { name, english }));
  const products: Made[] = [];
  for (const article of ARTICLES) {
    const picture = await uploadPicture(admin, article.category);
    products.push(
      await makeProduct(app, {
        name: article.name,
        english: { name: article.english },
        productModel: article.model,
        price: article.price,
        stock: article.stock,
        salesCount: article.sold,
        brand: brand.documentId,
        category: categories[article.category]?.documentId,
        mainImages: [picture],
      }),
    );
  }
  return products;
}

/** The pictures lie in the checkout's own folder for uploads, which the tests leave as they found it. */
async function removePictures(app: TestApp, admin: PanelUser): Promise<void> {
  const files = (await app.strapi.db.query('plugin::upload.file').findMany({})) as { id: number }[];
  for (const { id } of files) await admin.call('delete', `/upload/files/${id}`);
}

/** A payment that WeChat has, the bill shows, and the shop was never told of. Returns the day of the bill. */
async function makeDifference(app: TestApp, buyer: Buyer, product: string): Promise<string> {
  const order = await placeOrder(app, buyer, product);
  const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
  await payAtWechat(app, buyer, payParams, 'hold');
  const { id, amount } = (await app.strapi.db
    .connection('payments')
    .where('document_id', data.documentId)
    .first('id', 'amount')) as { id: number; amount: number };
  const { addDays, beijingDay } =
    compiled<typeof import('../../src/domain/beijing-day')>('src/domain/beijing-day');
  const billDate = addDays(beijingDay(new Date()), -1);
  const counts = { paymentCount: 1, paymentAmount: amount, refundCount: 0, refundAmount: 0 };
  const run = await insertRaw('api::reconciliation.reconciliation-run', {
    ...counts,
    billDate,
    status: 'completed',
    attempt: 1,
    openCount: 1,
    differenceCount: 1,
    startedAt: new Date(),
    finishedAt: new Date(),
    requestedBy: 'system',
  });
  await insertRaw('api::reconciliation.reconciliation-difference', {
    runId: run.id,
    billDate,
    kind: 'payment_state',
    subject: data.paymentNumber,
    status: 'open',
    outTradeNo: data.paymentNumber,
    ourStatus: 'pending',
    theirStatus: 'SUCCESS',
    ourAmount: amount,
    theirAmount: amount,
    paymentId: id,
    foundAttempt: 1,
  });
  return billDate;
}

/** Boots a shop of its own with the built panel and fills it. */
export async function startShopForBrowsing(): Promise<ShopForBrowsing> {
  const app = await startApp();
  const admin = await panelUser(app, 'superAdmin');
  const merchant = await panelUser(app, 'merchant');
  const products = await makeCatalogue(app, admin);
  const [fridge, , washer] = products;
  if (fridge === undefined || washer === undefined) throw new Error('the catalogue was not made');
  const buyer = await createBuyer(app);
  const { order: refundOrder } = await placePaidOrder(app, buyer, washer.documentId);
  const asked = await app
    .api('post', `/orders/${refundOrder.documentId}/refund`, buyer.token)
    .send({ reason: '买错型号了' });
  if (asked.status !== 202)
    throw new Error(`the refund answered ${asked.status} ${JSON.stringify(asked.body)}`);
  const pending = await placeOrder(app, buyer, washer.documentId);
  const { order: paid } = await placePaidOrder(app, buyer, fridge.documentId, 2);
  await insertRaw('api::outbox.outbox-message', {
    topic: 'refund.submit',
    payload: {},
    status: 'dead',
    attempts: 12,
    availableAt: new Date(),
    lastError: 'the partner did not answer',
  });
  return {
    app,
    merchant,
    admin,
    fridge,
    paidOrder: paid.documentId,
    refundOrder: refundOrder.documentId,
    pendingOrder: pending.documentId,
    billDate: await makeDifference(app, buyer, fridge.documentId),
    async stop() {
      await removePictures(app, admin);
      await app.stop();
    },
  };
}
