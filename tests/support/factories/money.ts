import type { TestApp } from '../app';
import type { Fault } from '../../../sandbox';
import { documents } from './catalogue';
import { connect, DISCOUNT_UID } from './discounts';
import type { Buyer } from './orders';

/** Where WeChat keeps a payment, for faults that hit no other. */
export const transactionPath = (paymentNumber: string): string =>
  `/v3/pay/transactions/out-trade-no/${paymentNumber}`;
export const REFUNDS_PATH = '/v3/refund/domestic/refunds';
export const PREPAY_PATH = '/v3/pay/transactions/jsapi';

/** Several orders paid together. */
export async function checkOut(
  app: TestApp,
  buyer: Buyer,
  items: { product: string; quantity: number }[],
): Promise<{ checkoutNumber: string; orders: { documentId: string; actualAmount: number }[] }> {
  const answer = await app
    .api('post', '/orders/checkout', buyer.token)
    .send({ items, address: buyer.address });
  if (answer.status !== 201)
    throw new Error(`the checkout answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}

/** Runs `work` while WeChat misbehaves. */
export async function during<T>(app: TestApp, fault: Fault, work: () => Promise<T>): Promise<T> {
  const { id } = app.sandbox.control.addFault(fault);
  try {
    return await work();
  } finally {
    app.sandbox.control.clearFaults(id);
  }
}

/** Runs `work` while WeChat swears that it has never heard of a payment it knows very well. */
export const whileWechatForgets = <T>(
  app: TestApp,
  paymentNumber: string,
  work: () => Promise<T>,
): Promise<T> =>
  during(
    app,
    {
      host: 'pay',
      path: transactionPath(paymentNumber),
      kind: 'business',
      status: 404,
      code: 'ORDER_NOT_EXIST',
    },
    work,
  );

type Row = Record<string, unknown> & { id: number; document_id: string; status: string };

/** Rows of a table, oldest first. */
export const rows = async (
  app: TestApp,
  table: string,
  where: Record<string, unknown> = {},
): Promise<Row[]> => (await app.strapi.db.connection(table).where(where).orderBy('id')) as Row[];

/** The one row of a table that fits; fails when there is none or more. */
export async function row(app: TestApp, table: string, where: Record<string, unknown>): Promise<Row> {
  const found = await rows(app, table, where);
  if (found.length !== 1) throw new Error(`${found.length} rows of ${table} fit ${JSON.stringify(where)}`);
  return found[0] as Row;
}

export const paymentRow = (app: TestApp, documentId: string): Promise<Row> =>
  row(app, 'payments', { document_id: documentId });

/** What the shop's nightly jobs tell staff is another matter: the clock of a test may pass a night. */
const OF_THE_NIGHT = /^(夜间核查|微信账单)/;

/** Everything told about money since the call, to staff or to a shopper. */
export async function listen(app: TestApp) {
  const last = await app.strapi.db.connection('notifications').max({ id: 'id' }).first();
  const since = Number((last as { id: number | null } | undefined)?.id ?? 0);
  const told = async (where: Record<string, unknown>): Promise<{ title: string; content: string }[]> =>
    app.strapi.db
      .connection('notifications')
      .where(where)
      .where('id', '>', since)
      .orderBy('id')
      .select('title', 'content');
  return {
    staff: async () => (await told({ audience: 'staff' })).filter(({ title }) => !OF_THE_NIGHT.test(title)),
    shopper: () => told({ audience: 'user' }),
  };
}

/** The refunds of an order as its shopper sees them, newest first. */
export const refundsOf = async (app: TestApp, buyer: { token: string }, order: string) =>
  (await app.api('get', `/refunds?filters[order][documentId][$eq]=${order}`, buyer.token)).body
    .data as Record<string, unknown>[];

/** Lets WeChat settle what it has accepted, and the shop hear of it. */
export async function settleRefunds(app: TestApp): Promise<void> {
  await app.drain();
  await app.advance(10_000);
  await app.sandbox.control.idle();
}

/** Messages of a topic about one row, with how often they failed. */
export async function messages(
  app: TestApp,
  topic: string,
  payload: Record<string, number>,
): Promise<{ status: string; attempts: number }[]> {
  const all = (await app.strapi.db
    .connection('outbox_messages')
    .where({ topic })
    .orderBy('id')
    .select('status', 'attempts', 'payload')) as { status: string; attempts: number; payload: unknown }[];
  const [[name, value]] = Object.entries(payload) as [[string, number]];
  return all
    .filter((message) => {
      const body = (
        typeof message.payload === 'string' ? JSON.parse(message.payload) : message.payload
      ) as Record<string, unknown>;
      return body[name] === value;
    })
    .map(({ status, attempts }) => ({ status, attempts }));
}

/** What WeChat has of a payment. */
export const atWechat = (app: TestApp, paymentNumber: string) =>
  app.sandbox.control.state().transactions.find(({ outTradeNo }) => outTradeNo === paymentNumber);

/** Product sales as the catalogue counts them. */
export async function salesOf(app: TestApp, product: string): Promise<number> {
  const [first] = await rows(app, 'products', { document_id: product });
  return Number(first?.sales_count ?? 0);
}

/** A discount that leaves nothing to pay for one product. */
export const makeFree = (app: TestApp, product: string) =>
  documents(app, DISCOUNT_UID).create({
    data: { name: '全免', kind: 'percent', value: 100, products: connect(product) },
  });
