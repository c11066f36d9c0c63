import type { HaierIntegrationSettings } from '../../src/plugins/haier-integration/server/src/domain/settings';
import type { ClientTuning } from '../../src/plugins/haier-integration/server/src/services/clients';
import { compiled, startApp, type TestApp } from '../support/app';
import { collect, loseAnswer, makeClients, useUpstream } from '../support/haier-upstream';

const STOCK = '/get-available-stock-open';
const PRODUCTS = '/check-procurable-products';
const PRICES = '/pt-out-list-price';
const CANCEL = '/cancel-hmm-retail-order';

let app: TestApp;
const upstream = useUpstream();

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const clients = (tuning?: ClientTuning, change?: (settings: HaierIntegrationSettings) => void) =>
  makeClients(app, upstream.current.url, tuning, change);

const stockOf = (made = clients()) => made.haier.readStock('BCD-1', '370212');
const cancel = (made = clients()) =>
  made.ylh.cancelOrder({ soId: 'SO-1', reason: '不要了', cancelledAt: new Date(1_767_323_045_678) });
const good = { body: [{ secCode: 'W', stock: 1 }] };

describe('requests', () => {
  it('of Haier carry the account and its password, with the token in the scheme of the settings', async () => {
    upstream.current.reply(STOCK, good);
    await stockOf();
    await stockOf(clients({}, ({ haier }) => (haier.authScheme = 'raw')));
    const [bearer, raw] = upstream.current.callsTo(STOCK);
    expect(bearer?.headers.authorization).toBe('Bearer haier-token-1');
    expect(raw?.headers.authorization).toBe('haier-token-1');
    expect(bearer?.json).toEqual({
      salesCode: '8800012345',
      senderCode: '8700054321',
      productCode: 'BCD-1',
      countyCode: '370212',
      source: 'JSH-B',
      sellerPassword: 'seller-password-value',
    });
  });

  it('mistake 2: each service of YLH is called under its own address', async () => {
    upstream.current.reply(CANCEL, { body: { success: true } });
    upstream.current.reply('/update-distribution-time', { body: { success: true } });
    upstream.current.reply('/get-retail-order-delivery-img', { body: { success: true, data: null } });
    upstream.current.reply('/get-store-logistics-by-order-code', { body: { success: true, data: [] } });
    const { ylh } = clients();
    await cancel();
    await ylh.reschedule({ retailOrderNo: 'R1', distributionDate: '2026-01-05' });
    await ylh.listDeliveryImages('R1');
    await collect(ylh.listTracking(['R1', 'R2', 'R1']));
    expect(upstream.current.received.map(({ path, json }) => [path, json])).toEqual([
      ['/auth/oauth/token', undefined],
      [
        `/jst-order/api/page/hmm/retailorder${CANCEL}`,
        { soId: 'SO-1', cancelTime: '1767323045678', cancelReason: '不要了', sourceSystem: 'SHOP' },
      ],
      [
        '/retail-order/api/page/retailorder/hmm/update-distribution-time',
        { retailOrderNo: 'R1', distributionTime: Date.parse('2026-01-05T23:59:59+08:00') },
      ],
      ['/retail-order/api/page/retailorder/search/get-retail-order-delivery-img', { orderNo: 'R1' }],
      ['/stock/api/composite/stock/logistics/get-store-logistics-by-order-code', ['R1', 'R2']],
    ]);
  });

  it('for a token of YLH are a form with the client in the header', async () => {
    expect(await clients().ylh.authenticate()).toEqual({ expiresAt: expect.any(Date) });
    const [call] = upstream.current.callsTo('/oauth/token');
    expect(call?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ylh-client:ylh-client-secret-value').toString('base64')}`,
      'system-name': 'ylh-open-api',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      grant_type: 'password',
      username: 'ylh-user',
      password: 'ylh-password-value',
    });
  });

  it('ask for twenty codes at a time, each once', async () => {
    const codes = Array.from({ length: 45 }, (_, number) => `C${number}`);
    upstream.current.reply(PRICES, (response, { json }) => {
      const { productCodes } = json as { productCodes: string[] };
      response.end(JSON.stringify({ data: productCodes.map((productCode) => ({ productCode })) }));
    });
    const prices = await collect(clients().haier.readPrices([...codes, 'C1', ' ']));
    expect(prices.map(({ productCode }) => productCode)).toEqual(codes);
    const sizes = upstream.current
      .callsTo(PRICES)
      .map(({ json }) => (json as { productCodes: string[] }).productCodes);
    expect(sizes.map(({ length }) => length)).toEqual([20, 20, 5]);
  });

  it('are not made without an account; the error names what is missing', async () => {
    const bare = clients({}, ({ haier, ylh }) => {
      haier.clientSecret = '';
      ylh.stockBaseUrl = '';
      ylh.username = '';
    });
    await expect(stockOf(bare)).rejects.toMatchObject({
      kind: 'not_configured',
      upstreamMessage: 'not set: clientSecret',
    });
    await expect(collect(bare.ylh.listTracking(['R1']))).rejects.toMatchObject({
      kind: 'not_configured',
      upstreamMessage: 'not set: username, stockBaseUrl',
    });
    expect(upstream.current.received).toEqual([]);
  });

  it('are refused while a transaction is open, or when the shop says so', async () => {
    upstream.current.reply(STOCK, good);
    await expect(app.strapi.db.transaction(() => stockOf())).rejects.toThrow('transaction is open');
    const { connectPorts, connectedPorts } = compiled<
      typeof import('../../src/plugins/haier-integration/server/src/ports')
    >('src/plugins/haier-integration/server/src/ports');
    const before = connectedPorts();
    connectPorts({
      guardOutsideCall: () => {
        throw new Error('not now');
      },
    });
    try {
      await expect(stockOf()).rejects.toThrow('not now');
      await expect(collect(clients().haier.listProducts())).rejects.toThrow('not now');
    } finally {
      connectPorts(before);
    }
    expect(upstream.current.received).toEqual([]);
  });
});

describe('the list of all products', () => {
  const rows = Array.from({ length: 300 }, (_, number) => ({ productCode: `C${number}`, isSales: '1' }));

  it.each([
    ['bare', rows],
    ['wrapped', { success: true, data: rows }],
  ])('%s', async (_name, body) => {
    upstream.current.reply(PRODUCTS, { body });
    const products = await collect(clients().haier.listProducts());
    expect(products.map(({ productCode }) => productCode)).toEqual(
      rows.map(({ productCode }) => productCode),
    );
    expect(upstream.current.callsTo(PRODUCTS)[0]?.json).toEqual({
      customerCode: '8800012345',
      sendToCode: '8700054321',
      supplierCode: '1001',
      searchType: 'PTJSH',
      passWord: 'haier-password-value',
    });
  });

  it('is asked for again as long as nothing of it has come', async () => {
    upstream.current.reply(PRODUCTS, { status: 500, body: '' }, loseAnswer, { body: rows });
    expect(await collect(clients().haier.listProducts())).toHaveLength(300);
  });

  it('a refusal is thrown, with a 401 mended as everywhere', async () => {
    upstream.current.reply(
      '/oauth2/auth',
      { body: { token: 'haier-token-1' } },
      { body: { token: 'haier-token-2' } },
    );
    upstream.current.reply(
      PRODUCTS,
      { status: 401, body: '' },
      { body: { success: false, message: '密码错误' } },
    );
    await expect(
      collect(clients({}, ({ haier }) => (haier.clientId = 'streamer')).haier.listProducts()),
    ).rejects.toMatchObject({
      kind: 'rejected',
      upstreamMessage: '密码错误',
    });
    expect(upstream.current.callsTo(PRODUCTS).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer haier-token-1',
      'Bearer haier-token-2',
    ]);
  });

  it('a break in the middle is thrown, and the caller may stop it', async () => {
    upstream.current.reply(PRODUCTS, (response) => {
      response.write(`[${'{"productCode":"A","isSales":"1"},'.repeat(3_000)}`, () => {
        response.socket?.destroy();
      });
    });
    await expect(collect(clients().haier.listProducts())).rejects.toMatchObject({ kind: 'unknown_outcome' });

    upstream.current.reply(
      PRODUCTS,
      (response) => void response.write(`[${'{"productCode":"A"},'.repeat(3_000)}`),
    );
    const stop = new AbortController();
    const products = clients().haier.listProducts(undefined, { signal: stop.signal });
    let seen = 0;
    await expect(
      (async () => {
        for await (const product of products) {
          seen += product.productCode.length;
          stop.abort();
        }
      })(),
    ).rejects.toMatchObject({ upstreamMessage: 'stopped by the caller' });
    expect(seen).toBeGreaterThan(0);
  });
});
