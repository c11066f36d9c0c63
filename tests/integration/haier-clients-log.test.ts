import { API_LOG_UID } from '../../src/plugins/haier-integration/server/src/constants';
import type { HaierIntegrationSettings } from '../../src/plugins/haier-integration/server/src/domain/settings';
import type { CallLog } from '../../src/plugins/haier-integration/server/src/services/call-log';
import { compiled, startApp, type TestApp } from '../support/app';
import { until } from '../support/haier-tokens';
import { loseAnswer, makeClients, makeYlhOrder, SECRETS, useUpstream } from '../support/haier-upstream';

const CREATE = '/receive-hmm-retail-order';
const STOCK = '/get-available-stock-open';
const PRODUCTS = '/check-procurable-products';

let app: TestApp;
const upstream = useUpstream();

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const clients = (change?: (settings: HaierIntegrationSettings) => void) =>
  makeClients(app, upstream.current.url, {}, change);
const log = () => app.strapi.plugin('haier-integration').service<CallLog>('callLog');
const logTable = () => app.strapi.db.metadata.get(API_LOG_UID).tableName;

interface Row {
  system: string;
  operation: string;
  outcome: string;
  httpStatus: number | null;
  attempt: number;
  durationMs: number;
  subject: string | null;
  message: string | null;
  url: string;
  requestBody: string;
  responseBody: string | null;
  calledAt: string;
}

const rowsAbout = (subject: string): Promise<Row[]> =>
  app.strapi.db.query(API_LOG_UID).findMany({ where: { subject }, orderBy: { id: 'asc' } });
const allRows = (): Promise<Row[]> => app.strapi.db.query(API_LOG_UID).findMany({ orderBy: { id: 'asc' } });

const create = (soId: string, said: { code?: string; message?: string; data?: unknown }, status = 200) =>
  upstream.current.reply(CREATE, { status, body: { success: false, ...said } });

describe('createOrder', () => {
  it('is created', async () => {
    const order = makeYlhOrder();
    upstream.current.reply(CREATE, {
      body: { success: true, code: '200', data: { retailOrderNo: 'R-1', soId: order.soId } },
    });
    expect(await clients().ylh.createOrder(order)).toEqual({ outcome: 'created', retailOrderNo: 'R-1' });
    expect(upstream.current.callsTo(CREATE)[0]?.headers.authorization).toBe('bearer ylh-token-1');
  });

  it('whose answer was lost is repeated, and the refusal of the repeat is read as taken', async () => {
    const order = makeYlhOrder();
    const repeated = { body: { success: false, code: 'REPEAT', message: '请勿重复推送' } };
    upstream.current.reply(CREATE, loseAnswer, repeated);
    expect(await clients().ylh.createOrder(order)).toEqual({ outcome: 'already_there', retailOrderNo: null });
    const rows = await rowsAbout(order.soId);
    expect(rows.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['unknown_outcome', 1],
      ['ok', 2],
    ]);
    expect(rows[1]).toMatchObject({ message: 'already there: REPEAT 请勿重复推送' });
    expect(rows[1]?.responseBody).toContain('请勿重复推送');
    // And a day later, in another process: the log remembers.
    upstream.current.reply(CREATE, repeated);
    expect(await clients().ylh.createOrder(order)).toMatchObject({ outcome: 'already_there' });
  });

  it('sent by a process that died is known to have been sent', async () => {
    const order = makeYlhOrder();
    let rowsAtSending: Row[] = [];
    upstream.current.reply(CREATE, async (response) => {
      rowsAtSending = await rowsAbout(order.soId);
      response.socket?.destroy();
    });
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(rowsAtSending.at(-1)).toMatchObject({
      outcome: 'unknown_outcome',
      message: 'sent, no answer yet',
    });
  });

  it('is there already when the refusal names its so id', async () => {
    const order = makeYlhOrder();
    create(order.soId, { message: `子订单号 ${order.soId} 已存在`, data: { retailOrderNo: 'R-9' } });
    expect(await clients().ylh.createOrder(order)).toEqual({
      outcome: 'already_there',
      retailOrderNo: 'R-9',
    });
    const other = makeYlhOrder();
    create(other.soId, { code: 'DUPLICATE', data: { soId: other.soId } }, 409);
    expect(await clients().ylh.createOrder(other)).toMatchObject({ outcome: 'already_there' });
  });

  it.each([
    ['says repeated of who knows what', { code: 'REPEAT', message: '请勿重复推送' }],
    ['names another so id', { message: '子订单号 SO-OTHER 已存在' }],
    ['is about something else', { code: 'STOCK', message: '库存不足' }],
  ])('is refused when the refusal %s', async (_name, said) => {
    const order = makeYlhOrder();
    create(order.soId, said);
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({
      kind: 'rejected',
      isWorthRepeating: false,
    });
  });

  it('that YLH certainly refused before is not taken for one it has', async () => {
    const order = makeYlhOrder();
    create(order.soId, { message: '库存不足' });
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({ kind: 'rejected' });
    create(order.soId, { message: '请勿重复推送' });
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('follows the patterns of the settings', async () => {
    const order = makeYlhOrder();
    create(order.soId, { code: 'E42', message: `${order.soId} vorhanden` });
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({ kind: 'rejected' });
    const made = clients(({ policy }) => (policy.alreadyPushedPatterns = ['VORHANDEN']));
    expect(await made.ylh.createOrder(order)).toMatchObject({ outcome: 'already_there' });
  });

  it('is unknown as long as one attempt may have been taken, whatever the last one says', async () => {
    const order = makeYlhOrder();
    upstream.current.reply(CREATE, loseAnswer, { status: 503, body: '' });
    await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({
      kind: 'unknown_outcome',
      status: 503,
    });
    const never = makeYlhOrder();
    upstream.current.reply(CREATE, { status: 503, body: '' });
    await expect(clients().ylh.createOrder(never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['a yes about another order', { success: true, data: { retailOrderNo: 'R', soId: 'SO-OTHER' } }],
    ['neither yes nor no', { code: '200', data: { retailOrderNo: 'R' } }],
  ])('cannot be told from %s', async (_name, body) => {
    upstream.current.reply(CREATE, { body });
    await expect(clients().ylh.createOrder(makeYlhOrder())).rejects.toMatchObject({ kind: 'bad_answer' });
  });
});

describe('the log of calls', () => {
  it('has a row for each attempt', async () => {
    upstream.current.reply(STOCK, { status: 500, body: '' }, { body: [{ secCode: 'W', stock: 2 }] });
    await clients().haier.readStock('LOGGED-1', '370212');
    expect(await rowsAbout('LOGGED-1')).toMatchObject([
      { system: 'haier', operation: 'readStock', outcome: 'unknown_outcome', httpStatus: 500, attempt: 1 },
      {
        outcome: 'ok',
        httpStatus: 200,
        attempt: 2,
        message: null,
        responseBody: '[{"secCode":"W","stock":2}]',
      },
    ]);
  });

  it('mistake 11: has nothing secret and nothing personal in it, nor have the errors', async () => {
    const order = makeYlhOrder({ remark: '收货人甲的电话13911111111' });
    const echo = `${order.consigneeName} ${order.consigneeMobile} ${order.detailAddress} ylh-password-value`;
    create(order.soId, { code: 'ylh-token-1', message: `参数错误 ${echo}` });
    const failure = await clients()
      .ylh.createOrder(order)
      .catch((error: unknown) => error);
    const personal = /收货人甲|13900000000|13911111111|某某路/;
    const said = [failure, String((failure as Error).stack), JSON.stringify(failure)].map(String).join('\n');
    expect(said).toContain('参数错误 *** *** *** ***');
    expect(said).not.toMatch(personal);
    expect(said).not.toMatch(SECRETS);

    upstream.current.reply(STOCK, { body: '<html>seller-password-value haier-token-1</html>' });
    const unreadable = await clients()
      .haier.readStock('A', '370212')
      .catch((error: unknown) => error);
    expect(JSON.stringify([unreadable, (unreadable as Error).stack])).not.toMatch(SECRETS);

    upstream.current.reply(PRODUCTS, {
      body: [{ productCode: 'haier-password-value', noSalesReason: 'haier-token-1' }],
    });
    for await (const product of clients().haier.listProducts()) expect(product.isOnSale).toBe(false);

    const rows = JSON.stringify(await allRows());
    expect(rows).toContain('authenticate');
    expect(rows).not.toMatch(personal);
    expect(rows).not.toMatch(SECRETS);
  });

  it('keeps two kilobytes of a body', async () => {
    upstream.current.reply(STOCK, { body: [{ secCode: '仓'.repeat(20_000), stock: 1 }] });
    await clients().haier.readStock('LONG', '370212');
    const [row] = await rowsAbout('LONG');
    expect(Buffer.byteLength(row?.responseBody ?? '')).toBeLessThanOrEqual(2_048);
  });

  it('says how long a list was', async () => {
    upstream.current.reply(PRODUCTS, { body: [{ productCode: 'A' }, { productCode: 'B' }, {}] });
    for await (const product of clients().haier.listProducts()) expect(product.productCode).toMatch(/A|B/);
    expect((await allRows()).at(-1)).toMatchObject({
      operation: 'listProducts',
      outcome: 'ok',
      message: '3 entries, 44 bytes',
    });
  });

  it('that cannot be written fails no call', async () => {
    // A builder repeats what it was told before: a new one each time.
    const rename = (from: string, to: string) => app.strapi.db.connection.schema.renameTable(from, to);
    await rename(logTable(), 'haier_api_logs_away');
    try {
      upstream.current.reply(STOCK, { body: [{ secCode: 'W', stock: 2 }] });
      expect(await clients().haier.readStock('A', '370212')).toMatchObject({ pieces: 2 });
      const order = makeYlhOrder();
      upstream.current.reply(CREATE, { body: { success: true, data: { retailOrderNo: 'R' } } });
      expect(await clients().ylh.createOrder(order)).toMatchObject({ outcome: 'created' });
      create(order.soId, { message: '请勿重复推送' });
      // Whether it was sent before cannot be read now: neither a yes nor a no.
      await expect(clients().ylh.createOrder(order)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    } finally {
      await rename('haier_api_logs_away', logTable());
    }
  });

  it('forgets after thirty days, in pieces', async () => {
    const day = 24 * 3_600_000;
    const row = (age: number) => ({
      system: 'haier',
      operation: 'old',
      outcome: 'ok',
      attempt: 1,
      duration_ms: 1,
      called_at: new Date(Date.now() - age * day),
    });
    const connection = app.strapi.db.connection;
    await connection.batchInsert(
      logTable(),
      Array.from({ length: 1_200 }, () => row(31)),
      100,
    );
    await connection(logTable()).insert(row(29));
    expect(await log().removeOld(1)).toBe(1_000);
    expect(await log().removeOld()).toBe(200);
    const left: Row[] = await app.strapi.db.query(API_LOG_UID).findMany({ where: { operation: 'old' } });
    expect(left).toHaveLength(1);
  });
});

describe('metrics', () => {
  it('count calls by how they ended', async () => {
    const { readMetrics } = compiled<typeof import('../../src/plugins/haier-integration/server/src/metrics')>(
      'src/plugins/haier-integration/server/src/metrics',
    );
    const callsOf = (outcome: string) =>
      readMetrics().find((metric) => metric.operation === 'readBalances' && metric.outcome === outcome)
        ?.calls ?? 0;
    upstream.current.reply(
      '/get-payer-account-balance-by-customer-code',
      { status: 503, body: '' },
      {
        body: { payerAccountCode: '1', payerAccountBalance: '3.21' },
      },
    );
    expect(await clients().haier.readBalances()).toMatchObject([{ payerAccountCode: '1', balanceFen: 321 }]);
    await until(() => callsOf('ok') === 1);
    expect(callsOf('unavailable')).toBe(1);
  });
});
