import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import { startShop, type Shop } from './support/callback-shop';
import { HaierClient, YlhClient, type Json } from './support/suppliers';

describe('Haier and YLH from outside', () => {
  let sandbox: Sandbox;
  let ylh: YlhClient;
  let shop: Shop;

  beforeAll(async () => {
    sandbox = await startSandbox();
    shop = await startShop(sandbox.env.YLH_CALLBACK_SECRET ?? '');
  });
  afterAll(async () => {
    await sandbox.stop();
    await shop.close();
  });
  beforeEach(async () => {
    await sandbox.control.reset();
    shop.received = [];
    ylh = await new YlhClient(sandbox).signIn();
  });

  async function control(path: string, body?: object): Promise<{ status: number; json: Json }> {
    const response = await fetch(`${sandbox.controlUrl}/control${path}`, {
      ...(body && {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }

  test('the control API does over HTTP what the object does', async () => {
    await control('/ylh/callbacks/url', { url: shop.url });
    const { soId } = await ylh.placed();
    const confirmed = await control('/ylh/orders/confirm', { ref: soId, hold: true });
    expect(confirmed.json).toMatchObject({ event: 'confirm', held: true });
    expect((await control('/ylh/callbacks/resend', { id: confirmed.json.id })).json).toMatchObject({
      accepted: true,
    });
    expect((await control('/ylh/orders/ship', { ref: soId, company: '顺丰速运' })).json).toMatchObject({
      stage: 'shipped',
      parcel: { company: '顺丰速运' },
    });
    await control('/ylh/orders/deliver', { ref: soId });
    await control('/ylh/orders/photograph', { ref: soId });
    expect((await control('/ylh/orders')).json).toMatchObject([{ stage: 'delivered', photos: 2 }]);
    expect((await control('/ylh/orders/confirm', { ref: soId })).json).toEqual({
      error: expect.stringContaining('is delivered'),
    });
    expect((await control('/ylh/orders/ship', { ref: soId, company: 7 })).status).toBe(400);
    expect((await control('/ylh/callbacks/url', { url: 'ftp://x' })).status).toBe(400);
    expect((await control('/state')).json).toMatchObject({
      ylh: { orders: [{ soId }], callbacks: [{ delivered: true }], callbackUrl: shop.url },
      haier: { generated: 0 },
    });
  });

  test('products, stock, forms, tokens and faults over HTTP', async () => {
    const haier = await new HaierClient(sandbox).signIn();
    await control('/haier/products/generate', { count: 3 });
    await control('/haier/products/catalogue', { isThere: false });
    await control('/haier/products/remove', { productCode: 'GEN000002' });
    await control('/haier/products', { productCode: 'X1', supplyPrice: null });
    const codes = ((await control('/haier/products')).json as unknown as Json[]).map(
      (row) => row.productCode,
    );
    expect(codes).toEqual(['GEN000001', 'GEN000003', 'X1']);
    await control('/haier/stock', { productCode: 'X1', pieces: 4 });
    const read = await control('/haier/stock/read', { productCode: 'X1', countyCode: '370212' });
    expect(read.json).toMatchObject([{ stock: 4 }]);
    expect((await control('/haier/habits', { envelope: 'bare' })).json).toMatchObject({ envelope: 'bare' });
    expect((await control('/haier/accounts', {})).json).toHaveLength(2);
    await control('/haier/tokens/end', {});
    expect((await haier.balance()).status).toBe(401);
    expect((await control('/haier/tokens')).json).toMatchObject([{ isGood: false }]);
    await control('/faults/random', { host: 'haier', rate: 1, seed: 1, kinds: ['status-503'] });
    expect((await haier.authenticate()).status).toBe(503);
    expect((await control('/faults/random', { host: 'haier', rate: 2, seed: 1 })).status).toBe(400);
    expect((await control('/call-counts')).json).toEqual(
      expect.arrayContaining([{ host: 'haier', path: '/oauth2/auth', status: 503, count: 1 }]),
    );
    await control('/haier/down', {});
    await expect(haier.authenticate()).rejects.toThrow();
    await control('/haier/up', {});
    expect((await control('/haier/peak')).json).toEqual({ callsPerSecond: expect.any(Number) });
  });

  test('the page shows orders with the buttons that fit, in both languages, and escapes what was sent', async () => {
    const page = async (language: string): Promise<string> =>
      (await fetch(`${sandbox.controlUrl}/?lang=${language}`)).text();
    sandbox.control.ylh.callbacks.url(shop.url);
    const { soId } = await ylh.placed({ area: '<b>崂山区</b>' });
    const created = await page('zh');
    for (const word of ['易理货订单', '确认订单', '拒绝订单', '缺货', '海尔取消', '令牌', '已创建']) {
      expect(created).toContain(word);
    }
    expect(created).toContain('&lt;b&gt;崂山区&lt;/b&gt;');
    expect(created).not.toContain('<b>崂山区');
    expect(created).not.toContain('上门拒收');
    sandbox.control.ylh.confirm(soId);
    sandbox.control.ylh.ship(soId);
    await ylh.cancel(soId);
    await sandbox.control.idle();
    const shipped = await page('en');
    for (const word of [
      'Orders at YLH',
      'Rejected at the door',
      'Deliver',
      'Agree to cancel',
      'cancel asked',
    ]) {
      expect(shipped).toContain(word);
    }
    expect(shipped).not.toContain('>Confirm<');
    expect(shipped).toContain('Calls back to');
  });
});

describe('what outlives a sandbox, of Haier and YLH', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('orders, tokens, stock, call-backs under way and what happens next', async () => {
    const first = await startSandbox({ dir, orderLife: 'automatic' });
    const shop = await startShop(first.env.YLH_CALLBACK_SECRET ?? '');
    shop.status = 500;
    first.control.ylh.callbacks.url(shop.url);
    first.control.haier.setStock({ productCode: 'DEMO-F03', pieces: 9 });
    const ylh = await new YlhClient(first).signIn();
    const order = ylh.order();
    await ylh.create(order);
    await first.control.clock.advance(first.control.ylh.pace().confirmMs);
    await first.control.idle();
    await first.stop();

    const second = await startSandbox({ dir, orderLife: 'automatic' });
    const later = new YlhClient(second);
    later.authorization = ylh.authorization;
    expect((await later.create(order)).body).toMatchObject({ success: false });
    expect(second.control.haier.stock('DEMO-F03', '370212')).toMatchObject([{ stock: 8 }]);
    expect(second.control.ylh.order(order.soId)).toMatchObject({
      stage: 'confirmed',
      next: { step: 'ship' },
    });
    shop.status = 200;
    await second.control.clock.advance(second.control.ylh.pace().shipMs);
    expect(second.control.ylh.order(order.soId).stage).toBe('shipped');
    expect(second.control.ylh.callbacks.list()).toMatchObject([{ delivered: true }]);
    await second.stop();
    await shop.close();
  });

  test('an identity from before there was Haier keeps WeChat’s part and gets the rest', async () => {
    const first = await startSandbox({ dir });
    await first.stop();
    const path = join(dir, 'identity.json');
    const { haier: _haier, ylh: _ylh, ...old } = JSON.parse(readFileSync(path, 'utf8')) as Json;
    writeFileSync(path, JSON.stringify(old));
    const second = await startSandbox({ dir });
    expect(second.env.WECHAT_APP_ID).toBe(first.env.WECHAT_APP_ID);
    expect(second.env.HAIER_CUSTOMER_CODE).toMatch(/^\d{8}$/);
    await second.stop();
    const third = await startSandbox({ dir });
    expect(third.env.HAIER_CLIENT_SECRET).toBe(second.env.HAIER_CLIENT_SECRET);
    await third.stop();
  });

  test('the address given at start is where YLH calls, and a reset does not forget it', async () => {
    const sandbox = await startSandbox({ callbackUrl: 'http://127.0.0.1:9/callback' });
    await sandbox.control.reset();
    expect(sandbox.control.state().ylh.callbackUrl).toBe('http://127.0.0.1:9/callback');
    await sandbox.stop();
  });
});
