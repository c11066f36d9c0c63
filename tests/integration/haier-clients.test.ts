import type { YlhOrder } from '../../src/plugins/haier-integration/server/src/clients/contract';
import type { ClientsService } from '../../src/plugins/haier-integration/server/src/services/clients';
import { startApp, type TestApp } from '../support/app';
import { settingsFor, startUpstream, type Upstream } from '../support/haier-upstream';

const CREATE = '/receive-hmm-retail-order';
const PRODUCTS = '/check-procurable-products';

let app: TestApp;
let upstream: Upstream;
let serial = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  upstream = await startUpstream();
  upstream.reply('/oauth2/auth', { body: { token: 'haier-token-1', expires_in: 3600 } });
  upstream.reply('/oauth/token', {
    body: { access_token: 'ylh-token-1', token_type: 'bearer', expires_in: 3600 },
  });
});
afterEach(() => upstream.close());

const clients = () =>
  app.strapi
    .plugin('haier-integration')
    .service<ClientsService>('clients')
    .createClients(() => Promise.resolve(settingsFor(upstream.url)), { timeoutMs: 2_000, retryDelayMs: 1 });

const makeOrder = (changes: Partial<YlhOrder> = {}): YlhOrder => ({
  soId: `SO-${Date.now()}-${(serial += 1)}`,
  orderNumber: `ORDER-${serial}`,
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  consigneeName: '收货人甲',
  consigneeMobile: '13900000000',
  province: '山东省',
  city: '青岛市',
  area: '崂山区',
  town: null,
  detailAddress: '某某路1号',
  remark: null,
  distributionDate: null,
  installDate: null,
  isGovernmentOrder: false,
  lines: [
    {
      productCode: 'BCD-1',
      quantity: 1,
      retailPriceFen: 299_900,
      discountFen: 0,
      actualPriceFen: 299_900,
      isGift: false,
    },
  ],
  ...changes,
});

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

describe('createOrder', () => {
  it('sends the order with a token and says what YLH calls it', async () => {
    const order = makeOrder();
    upstream.reply(CREATE, {
      body: { success: true, code: '200', data: { retailOrderNo: 'R-1', soId: order.soId } },
    });
    expect(await clients().ylh.createOrder(order)).toEqual({ outcome: 'created', retailOrderNo: 'R-1' });
    const [call] = upstream.callsTo(CREATE);
    expect(call?.headers.authorization).toBe('bearer ylh-token-1');
    expect(call?.path).toBe(`/jst-order/api/page/hmm/retailorder${CREATE}`);
    expect(call?.json).toMatchObject({ soId: order.soId, totalAmt: 2999, deliveryInstall: 'false' });
  });
});

describe('listProducts', () => {
  it('hands the products over one after the other', async () => {
    upstream.reply(PRODUCTS, {
      body: {
        success: true,
        data: [
          {
            productCode: 'A',
            productGroupNamd: '冰箱',
            isSales: '1',
            productLageUrls: ['https://x.example/1'],
          },
          { productCode: 'B', isSales: 0, noSalesReason: '停产' },
        ],
      },
    });
    expect(await collect(clients().haier.listProducts())).toMatchObject([
      { productCode: 'A', productGroup: '冰箱', isOnSale: true, pageImageUrls: ['https://x.example/1'] },
      { productCode: 'B', isOnSale: false, notOnSaleReason: '停产' },
    ]);
  });
});
