import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pay, readOrders, readPayment, waitUntilPaid } from './demo-steps.mjs';
import { call } from './http-client.mjs';
import { Refusal } from './refusal.mjs';

const SEARCH_TERMS = ['冰箱', '洗衣机', '空调', '电视', '热水器', '海尔'];
const QUANTITIES = [1, 2];
// WeChat's shipping service hears of a payment ten seconds late.
const TOLD_WITHIN_MS = 60_000;
export const ADDRESS = {
  contactName: '王小明',
  phone: '13800138000',
  province: '山东省',
  city: '青岛市',
  district: '崂山区',
  districtCode: '370212',
  detail: '海尔路 1 号 2 单元 301',
  isDefault: true,
};

/**
 * Plays one purchase as the mini-program and as staff, step by step. `shop` is the address of the REST face, `sandbox` that of the
 * sandbox's control API, `tell(title, answer, details)` prints a step. Resolves with what is to be judged at the end.
 */
export async function playPurchase({ shop, sandbox, staffAccount, tell }) {
  const shopper = await signIn({ shop, sandbox, tell });
  const staff = await signInAsStaff({ shop, staffAccount, tell });
  const address = await addAddress({ shop, shopper, tell });
  const products = await search({ shop, tell });
  const cart = await fillCart({ shop, shopper, products, tell });
  const stockBefore = await readStock({ shop, staff, products });
  const checkout = await checkOut({ shop, shopper, cart, address, tell });
  const { checkoutNumber } = checkout;
  const payment = await pay({ shop, sandbox, shopper, tell }, { checkoutNumber });
  await waitUntilPaid({ shop, shopper, tell }, checkoutNumber);
  await ship({ shop, staff, checkout, tell });
  await confirmReceipt({ shop, shopper, checkout, tell });
  const stockAfter = await readStock({ shop, staff, products });
  const shipping = await waitUntilTold({ sandbox, payment, tell });
  return {
    shopper,
    address,
    shipping,
    orders: await readOrders({ shop, shopper }, checkoutNumber),
    payment: await readPayment({ shop, shopper }, payment),
    stock: products.map(({ documentId, name }, index) => ({
      name,
      quantity: QUANTITIES[index],
      before: stockBefore[documentId],
      after: stockAfter[documentId],
    })),
  };
}

async function signIn({ shop, sandbox, tell }) {
  const minted = await call('POST', `${sandbox}/control/login-codes`, { body: {}, expect: 200 });
  const answer = await call('POST', `${shop}/users/login`, { body: { code: minted.body.code }, expect: 200 });
  tell('微信登录 sign in with a WeChat code', answer, answer.body.user?.username);
  return { token: answer.body.access, openid: minted.body.openid };
}

async function signInAsStaff({ shop, staffAccount, tell }) {
  const answer = await call('POST', `${shop}/users/login`, { body: staffAccount, expect: 200 });
  tell('店员登录 sign in as staff', answer, answer.body.user?.username);
  return { token: answer.body.access };
}

async function addAddress({ shop, shopper, tell }) {
  const answer = await call('POST', `${shop}/addresses`, {
    token: shopper.token,
    body: { data: ADDRESS },
    expect: [200, 201],
  });
  tell('新增地址 add an address', answer, `${ADDRESS.city}${ADDRESS.district}`);
  return answer.body.data.documentId;
}

async function search({ shop, tell }) {
  for (const term of SEARCH_TERMS) {
    const query = new URLSearchParams({ search: term, locale: 'zh-Hans', 'pagination[size]': 'standard' });
    const answer = await call('GET', `${shop}/products?${query}`, { expect: 200 });
    // Haier's goods are sold one piece an order and pushed to YLH: see demo-haier.mjs.
    const found = answer.body.data.filter(
      (product) => product.source === 'local' && product.stock >= Math.max(...QUANTITIES),
    );
    if (found.length < QUANTITIES.length) continue;
    const chosen = found.slice(0, QUANTITIES.length);
    tell(
      `搜索“${term}” search`,
      answer,
      `${answer.body.data.length} 件 found · ${chosen.map(({ name }) => name).join(' / ')}`,
    );
    return chosen;
  }
  throw new Refusal(
    '没有找到两件有库存的自营商品。',
    'No two products of the merchant’s own are in stock: start with SEED_DEMO=true.',
  );
}

async function fillCart({ shop, shopper, products, tell }) {
  let answer;
  for (const [index, { documentId, name, displayPrice, price }] of products.entries()) {
    const body = { data: { product: documentId, quantity: QUANTITIES[index] } };
    answer = await call('POST', `${shop}/cart/items`, { token: shopper.token, body, expect: [200, 201] });
    tell(
      '加入购物车 put into the cart',
      answer,
      `${name} × ${QUANTITIES[index]} · ¥${displayPrice ?? price}`,
    );
  }
  return answer.body.data.items.map(({ documentId }) => documentId);
}

async function checkOut({ shop, shopper, cart, address, tell }) {
  const body = { cartItems: cart, address };
  const preview = await call('POST', `${shop}/orders/preview`, { token: shopper.token, body, expect: 200 });
  tell('预览 preview', preview, amounts(preview.body.data));
  const headers = { 'Idempotency-Key': randomUUID() };
  const answer = await call('POST', `${shop}/orders/checkout`, {
    token: shopper.token,
    body,
    headers,
    expect: 201,
  });
  const checkout = answer.body.data;
  const numbers = checkout.orders.map(({ orderNumber }) => orderNumber).join(', ');
  tell('下单 check out', answer, `${checkout.checkoutNumber} · ${numbers} · ${amounts(checkout)}`);
  return checkout;
}

async function ship({ shop, staff, checkout, tell }) {
  for (const [index, { documentId, orderNumber }] of checkout.orders.entries()) {
    const body = { company: '顺丰速运', trackingNumber: `SF${Date.now()}${index}` };
    const answer = await call('POST', `${shop}/orders/${documentId}/ship`, {
      token: staff.token,
      body,
      expect: 200,
    });
    tell(
      '店员发货 ship as staff',
      answer,
      `${orderNumber} · ${body.company} ${body.trackingNumber} · ${answer.body.data.status}`,
    );
  }
}

async function confirmReceipt({ shop, shopper, checkout, tell }) {
  for (const { documentId, orderNumber } of checkout.orders) {
    const path = `${shop}/orders/${documentId}/confirm-receipt`;
    const answer = await call('POST', path, { token: shopper.token, body: {}, expect: 200 });
    tell('确认收货 confirm receipt', answer, `${orderNumber} · ${answer.body.data.status}`);
  }
}

/** The shipment WeChat has of the payment; undefined when it has not been told all of it in time. */
async function waitUntilTold({ sandbox, payment, tell }) {
  const started = Date.now();
  for (;;) {
    const answer = await call('GET', `${sandbox}/control/state`, { expect: 200 });
    const shipment = answer.body.transactions.find(
      ({ outTradeNo }) => outTradeNo === payment.paymentNumber,
    )?.shipment;
    const ms = Date.now() - started;
    if (shipment?.finished) {
      const parcels = shipment.parcels.map(
        ({ expressCompany, trackingNo }) => `${expressCompany} ${trackingNo}`,
      );
      tell(
        '微信已收到发货信息 WeChat was told of the shipping',
        { status: answer.status, ms },
        parcels.join(', '),
      );
      return shipment;
    }
    if (ms > TOLD_WITHIN_MS) return undefined;
    await sleep(500);
  }
}

async function readStock({ shop, staff, products }) {
  const figures = {};
  for (const { documentId } of products) {
    const { body } = await call('GET', `${shop}/inventory/${documentId}`, {
      token: staff.token,
      expect: 200,
    });
    figures[documentId] = { onHand: body.data.onHand, locked: body.data.locked };
  }
  return figures;
}

const amounts = ({ totalAmount, discountAmount, actualAmount }) =>
  `¥${totalAmount} − ¥${discountAmount} = ¥${actualAmount}`;
