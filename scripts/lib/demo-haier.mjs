import { randomUUID } from 'node:crypto';
import { pay, readPayment, waitFor, waitUntilPaid } from './demo-steps.mjs';
import { call } from './http-client.mjs';
import { Refusal } from './refusal.mjs';

/** The life of a Haier order: sold against Haier's word, pushed to YLH, delivered by them, followed by the shop. */

const PUSHED_WITHIN_MS = 60_000;
const CONFIRMED_WITHIN_MS = 60_000;
const STAGES = ['created', 'confirmed', 'shipped', 'delivered'];
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const WORDS = {
  confirmed: '易理货确认订单 YLH confirms',
  shipped: '易理货发货 YLH ships',
  delivered: '易理货送达 YLH delivers',
};

/**
 * Why this shop cannot play a Haier order, in both languages: it has no simulator of Haier, or it is pointed at another Haier, to
 * which no invented order may go. Undefined when it can. `panel` is the shop's address, `admin` a signed-in administrator.
 */
export async function whyNoHaier({ panel, sandbox, admin }) {
  const book = await call('GET', `${sandbox}/control/ylh/orders`, { expect: [200, 404] });
  if (book.status === 404) return ['沙箱没有海尔模拟器', 'the sandbox has no simulator of Haier'];
  const answer = await call('GET', `${panel}/haier-integration/settings`, {
    token: admin.token,
    expect: [200, 404],
  });
  if (answer.status === 404) return ['商城没有海尔插件', 'the shop has no plugin for Haier'];
  const { haier, ylh } = answer.body.data;
  const addresses = [haier.baseUrl, ylh.authUrl, ylh.orderBaseUrl, ylh.retailBaseUrl, ylh.stockBaseUrl];
  return addresses.every((address) => address !== '' && LOOPBACK.test(new URL(address).hostname))
    ? undefined
    : ['商城没有连接海尔模拟器', 'the shop is not connected to the simulator of Haier'];
}

/** Signs in to the admin panel, where Haier's orders are worked. */
export async function signInToPanel({ panel, adminAccount, tell }) {
  const body = { ...adminAccount, deviceId: randomUUID() };
  const answer = await call('POST', `${panel}/admin/login`, { body, expect: 200 });
  tell('管理员登录后台 sign in to the admin panel', answer, adminAccount.email);
  return { token: answer.body.data.token };
}

/**
 * Plays one Haier order as the shopper and as staff of the panel, step by step; `scene` is what the first purchase left: shop, panel,
 * sandbox, shopper, admin, address, districtCode, tell. Resolves with what is to be judged at the end.
 */
export async function playHaierPurchase(scene) {
  const product = await findProduct(scene);
  const order = await placeOrder(scene, product);
  const payment = await pay(scene, { order: order.documentId });
  await waitUntilPaid(scene, order.checkoutNumber);
  const push = await waitUntilPushed(scene, order);
  await waitUntilConfirmed(scene, order, push);
  await reach(scene, push, 'shipped');
  await refresh(scene, order);
  await showParcels(scene, order);
  await reach(scene, push, 'delivered');
  await press(scene, push, 'photograph');
  await refresh(scene, order);
  const images = await showImages(scene, order);
  return {
    order: await readOrder(scene, order),
    payment: await readPayment(scene, payment),
    pushes: await readPushes(scene, order),
    callbacks: await readCallbacks(scene, order),
    images,
  };
}

async function findProduct({ shop, districtCode, tell }) {
  const query = new URLSearchParams({
    'filters[source][$eq]': 'haier',
    locale: 'zh-Hans',
    'pagination[size]': 'standard',
  });
  const { body } = await call('GET', `${shop}/products?${query}`, { expect: 200 });
  for (const product of body.data.filter(({ isAvailable }) => isAvailable)) {
    const answer = await call(
      'GET',
      `${shop}/products/${product.documentId}/availability?districtCode=${districtCode}`,
      { expect: 200 },
    );
    const { stock, deliveryPromise } = answer.body.data;
    tell(
      '向海尔查询区县库存 ask Haier for stock in the district',
      answer,
      `${product.name} · ${districtCode} · ${stock} 件 pieces · ${deliveryPromise ?? '-'}`,
    );
    if (stock > 0) return product;
  }
  throw new Refusal(
    '该区县没有有库存的海尔商品，请在沙箱页面设置库存。',
    'No product of Haier’s is in stock in that district: give it some on the sandbox’s page, or start with SEED_DEMO=true.',
  );
}

async function placeOrder({ shop, shopper, address, tell }, { documentId, name }) {
  const answer = await call('POST', `${shop}/orders`, {
    token: shopper.token,
    body: { data: { product: documentId, quantity: 1, address } },
    headers: { 'Idempotency-Key': randomUUID() },
    expect: 201,
  });
  const order = answer.body.data;
  tell(
    '下单（海尔商品）order a Haier product',
    answer,
    `${order.orderNumber} · ${name} · ¥${order.actualAmount}`,
  );
  return order;
}

async function waitUntilPushed(scene, order) {
  const { found, ms } = await waitFor(
    async () => {
      const [push] = await readPushes(scene, order);
      const { haierOrderNo } = await readOrder(scene, order);
      return push === undefined || haierOrderNo === null ? undefined : push;
    },
    {
      withinMs: PUSHED_WITHIN_MS,
      tooLate: async () => [
        '订单没有在一分钟内推送到易理货。',
        `The order was not pushed to YLH within a minute: ${(await readOrder(scene, order)).haierStatus}.`,
      ],
    },
  );
  const details = `soId ${found.soId} · ${found.retailOrderNo} · ${(await readOrder(scene, order)).haierStatus}`;
  scene.tell('推送到易理货 pushed to YLH', { status: 200, ms }, details);
  return found;
}

/** YLH's call-back comes by itself, or when the sandbox's orders wait for a button, because it is pressed here. */
async function waitUntilConfirmed(scene, order, push) {
  const pace = await call('POST', `${scene.sandbox}/control/ylh/pace`, { body: {}, expect: 200 });
  if (pace.body.mode === 'manual') await reach(scene, push, 'confirmed');
  const { found, ms } = await waitFor(
    async () => {
      const { haierStatus } = await readOrder(scene, order);
      const told = (await readCallbacks(scene, order)).find(({ event }) => event === 'confirm');
      return haierStatus === 'confirmed' && told?.delivered ? told : undefined;
    },
    {
      withinMs: CONFIRMED_WITHIN_MS,
      tooLate: async () => [
        '易理货的确认回调没有在一分钟内生效。',
        `YLH's confirmation had no effect within a minute: ${(await readOrder(scene, order)).haierStatus}.`,
      ],
    },
  );
  const { status, reply } = found.attempts.find(({ accepted }) => accepted);
  const answer = JSON.parse(reply);
  scene.tell(
    '易理货回调：已确认 call-back of YLH: confirmed',
    { status, ms },
    `State ${found.data.State} → success ${answer.success}, ${answer.code}`,
  );
}

/** Lets the order be at this stage at YLH: by now it may have come so far by itself. */
async function reach(scene, { soId }, stage) {
  const steps = { confirmed: 'confirm', shipped: 'ship', delivered: 'deliver' };
  const read = async () =>
    (await call('GET', `${scene.sandbox}/control/ylh/orders`, { expect: 200 })).body.find(
      (order) => order.soId === soId,
    );
  const isThere = (order) => STAGES.indexOf(order.stage) >= STAGES.indexOf(stage);
  const pressed = isThere(await read())
    ? { status: 200, ms: 0 }
    : // It may happen by itself in this very moment; then the button refuses, and the stage below tells.
      await call('POST', `${scene.sandbox}/control/ylh/orders/${steps[stage]}`, {
        body: { ref: soId },
        expect: [200, 400],
      });
  const order = await read();
  if (!isThere(order)) {
    throw new Refusal(
      `易理货订单停在 ${order.stage}：${pressed.body?.error ?? ''}`,
      `The order at YLH is ${order.stage}, not ${stage}.`,
    );
  }
  const parcel = order.parcel ? ` · ${order.parcel.company} ${order.parcel.logisticsNo}` : '';
  scene.tell(WORDS[stage], { ...pressed, status: 200 }, `${order.retailOrderNo}${parcel} · ${order.stage}`);
}

async function press({ sandbox, tell }, { soId }, step) {
  const answer = await call('POST', `${sandbox}/control/ylh/orders/${step}`, {
    body: { ref: soId },
    expect: [200, 400],
  });
  const book = await call('GET', `${sandbox}/control/ylh/orders`, { expect: 200 });
  const { photos } = book.body.find((order) => order.soId === soId);
  tell('易理货上传照片 YLH uploads photos', { ...answer, status: 200 }, `${photos} 张 photos`);
}

/** The shop asks by its timetable; staff need not wait for that. */
async function refresh({ panel, admin, tell }, { documentId }) {
  const answer = await call('POST', `${panel}/haier-integration/orders/${documentId}/refresh`, {
    token: admin.token,
    body: {},
    expect: 200,
  });
  const { orderNumber, status, haierStatus } = answer.body.data;
  tell('店员查询物流 staff ask Haier about it', answer, `${orderNumber} · ${status} · ${haierStatus}`);
}

async function showParcels({ shop, shopper, tell }, { documentId }) {
  const answer = await call('GET', `${shop}/orders/${documentId}/logistics`, {
    token: shopper.token,
    expect: 200,
  });
  const parcels = answer.body.data.map(
    ({ company, trackingNumber, traces }) =>
      `${company} ${trackingNumber} · ${traces[0]?.status ?? '暂无轨迹 no trace yet'}`,
  );
  tell('买家查看物流 the shopper looks where it is', answer, parcels.join(' / '));
}

async function showImages({ shop, shopper, tell }, { documentId }) {
  const answer = await call('GET', `${shop}/orders/${documentId}/delivery-images`, {
    token: shopper.token,
    expect: 200,
  });
  const types = answer.body.data.map(({ type }) => type);
  tell('买家查看照片 the shopper looks at the photos', answer, types.join(', '));
  return types;
}

async function readOrder({ shop, shopper }, { documentId }) {
  const { body } = await call('GET', `${shop}/orders/${documentId}`, { token: shopper.token, expect: 200 });
  return body.data;
}

/** What YLH has of this order: one push is one row. */
async function readPushes({ sandbox }, { orderNumber }) {
  const { body } = await call('GET', `${sandbox}/control/ylh/orders`, { expect: 200 });
  return body.filter(({ onlineNo }) => onlineNo === orderNumber);
}

async function readCallbacks({ sandbox }, { orderNumber }) {
  const { body } = await call('GET', `${sandbox}/control/ylh/callbacks`, { expect: 200 });
  return body.filter(({ platformOrderNo }) => platformOrderNo === orderNumber);
}
