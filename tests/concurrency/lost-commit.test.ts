/** PostgreSQL only: the line to the database breaks at the worst moment, under a COMMIT. */
import { randomUUID } from 'node:crypto';

import { startApp, type TestApp } from '../support/app';
import { type CutLine, startCutLine } from '../support/cut-line';
import { type Buyer, createBuyer, createStaff, readStock, stockProduct } from '../support/factories/orders';
import { panelUser } from '../support/factories/panel';
import { endSound } from '../support/sound';

let app: TestApp;
let line: CutLine;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
const server = process.env.TEST_DATABASE_URL ?? '';

beforeAll(async () => {
  const url = new URL(server);
  line = await startCutLine({ host: url.hostname, port: Number(url.port === '' ? 5432 : url.port) });
  url.host = `127.0.0.1:${line.port}`;
  process.env.TEST_DATABASE_URL = url.toString();
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(async () => {
  await endSound(app);
  process.env.TEST_DATABASE_URL = server;
  await line.stop();
});

const post = (product: string, key?: string) => {
  const request = app.api('post', '/orders', buyer.token);
  if (key !== undefined) void request.set('Idempotency-Key', key);
  return request.send({ data: { product, quantity: 1, address: buyer.address } });
};
const countOrders = async (product: string): Promise<number> =>
  Number((await app.strapi.db.connection('orders').where('product_document_id', product).count())[0]?.count);

describe('a line that breaks under a COMMIT', () => {
  it('before it arrived: nothing is confirmed and nothing written, and the next try is served', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const key = randomUUID();
    line.cutCommit('before');
    const refused = await post(product, key);
    expect([refused.status, refused.body.error.details.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
    expect(await countOrders(product)).toBe(0);
    expect((await post(product, key)).status).toBe(201);
    expect((await readStock(app, staff, product)).locked).toBe(1);
  });

  it('after it was done: the same key gets the answer of the order that was written', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const key = randomUUID();
    line.cutCommit('after');
    expect((await post(product, key)).status).toBe(503);
    expect(await countOrders(product)).toBe(1);
    const again = await post(product, key);
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect(await countOrders(product)).toBe(1);
    expect((await readStock(app, staff, product)).locked).toBe(1);
  });

  it('of many orders: none of them is written a second time, with a key or without', async () => {
    const product = await stockProduct(app, staff, 50, { price: 10 });
    line.cutCommit('after', 1);
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(product)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(12 - refused.length);
    // They were written together, so more than one of them does not know.
    expect(refused.length).toBeGreaterThan(1);
    expect(await countOrders(product)).toBe(12);
    expect((await readStock(app, staff, product)).locked).toBe(12);
  });

  it('of Strapi’s own: a form that was not saved is not called saved', async () => {
    const product = await stockProduct(app, staff, 1, { price: 10 });
    const merchant = await panelUser(app, 'merchant');
    const path = `/content-manager/collection-types/api::product.product/${product}?locale=zh-Hans`;
    line.cutCommit('before');
    const answer = await merchant.call('put', path).send({ price: 11 });
    expect(answer.status).toBe(503);
    expect((await merchant.call('get', path)).body.data.price).toBe(10);
  });
});
