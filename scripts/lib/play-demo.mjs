import { playHaierPurchase, signInToPanel, whyNoHaier } from './demo-haier.mjs';
import { ADDRESS, playPurchase } from './demo-purchase.mjs';
import { Refusal, refusing } from './refusal.mjs';
import { readRuntime } from './runtime-file.mjs';
import { readSettings } from './settings.mjs';

/** `npm run demo`: plays the mini-program against a running `npm start`; fails unless everything ended as it should. */
export const main = () =>
  refusing(async () => {
    const settings = readSettings();
    const { url, controlUrl } = findShop(settings);
    const staffAccount = {
      identifier: settings.FIRST_STAFF_USERNAME,
      password: settings.FIRST_STAFF_PASSWORD,
    };
    console.log(`\n  ${url}\n`);
    const scene = { shop: `${url}/api/v1`, panel: url, sandbox: controlUrl, tell };
    const outcome = await playPurchase({ ...scene, staffAccount });
    const problems = judge(outcome);
    problems.push(...(await playHaier({ ...scene, ...outcome }, settings)));
    for (const problem of problems) console.error(`✗ ${problem}`);
    if (problems.length > 0) {
      process.exitCode = 1;
      return;
    }
    console.log(
      '\n✓ 订单已完成，支付成功，库存正确。 Orders completed, payments succeeded, stock moved as it should.',
    );
  });

/** The part with Haier's goods, for the same shopper and address; resolves with what did not end as it should. */
async function playHaier({ shop, panel, sandbox, shopper, address }, settings) {
  console.log('\n  海尔订单 A Haier order\n');
  const adminAccount = { email: settings.FIRST_ADMIN_EMAIL, password: settings.FIRST_ADMIN_PASSWORD };
  const admin = await signInToPanel({ panel, adminAccount, tell });
  const reason = await whyNoHaier({ panel, sandbox, admin });
  if (reason !== undefined) {
    console.log(`–    跳过海尔订单：${reason[0]}。 No Haier order is played: ${reason[1]}.`);
    return [];
  }
  const { districtCode } = ADDRESS;
  const scene = { shop, panel, sandbox, shopper, address, admin, districtCode, tell };
  return judgeHaier(await playHaierPurchase(scene));
}

function findShop(settings) {
  const runtime = readRuntime() ?? {};
  const url = (settings.SHOP_URL ?? runtime.url)?.replace(/\/+$/, '');
  const controlUrl = (settings.SANDBOX_CONTROL_URL ?? runtime.controlUrl)?.replace(/\/+$/, '');
  if (!url) {
    throw new Refusal(
      '没有正在运行的商城，请先在另一个终端运行 npm start。',
      'No shop is running: start one with npm start in another terminal.',
    );
  }
  if (!controlUrl) {
    throw new Refusal(
      '商城没有使用沙箱，演示需要沙箱。',
      'This shop runs without the sandbox, which the demo needs (or set SANDBOX_CONTROL_URL).',
    );
  }
  return { url, controlUrl };
}

let step = 0;

function tell(title, { status, ms }, details = '') {
  step += 1;
  console.log(`✓ ${String(step).padStart(2)} ${title} · ${status} · ${details} · ${ms} ms`);
}

/** What did not end as it should, in sentences; nothing when all is well. */
export function judge({ orders, payment, shipping, stock }) {
  const problems = orders
    .filter(({ status }) => status !== 'completed')
    .map(
      ({ orderNumber, status }) =>
        `订单 ${orderNumber} 状态为 ${status}。 Order ${orderNumber} is ${status}, not completed.`,
    );
  if (orders.length === 0) problems.push('找不到订单。 The orders cannot be found.');
  if (payment.status !== 'succeeded')
    problems.push(`支付状态为 ${payment.status}。 The payment is ${payment.status}, not succeeded.`);
  if (!shipping) problems.push('微信没有收到发货信息。 WeChat was not told of the shipping.');
  for (const { name, quantity, before, after } of stock) {
    const moved = `onHand ${before.onHand} → ${after.onHand}, locked ${before.locked} → ${after.locked}`;
    const isRight = after.onHand === before.onHand - quantity && after.locked === before.locked;
    if (isRight) console.log(`✓    库存 stock · ${name} − ${quantity} · ${moved}`);
    else
      problems.push(
        `${name} 库存不正确：${moved}。 The stock of ${name} is wrong, ${quantity} should have left: ${moved}.`,
      );
  }
  return problems;
}

/** The same of a Haier order: paid once, at YLH once, delivered, and known to be. */
export function judgeHaier({ order, payment, pushes, callbacks, images }) {
  const problems = [];
  if (order.status !== 'completed')
    problems.push(`海尔订单状态为 ${order.status}。 The Haier order is ${order.status}, not completed.`);
  if (order.haierStatus !== 'confirmed')
    problems.push(
      `海尔状态为 ${order.haierStatus}。 Its state at Haier is ${order.haierStatus}, not confirmed.`,
    );
  if (payment.status !== 'succeeded')
    problems.push(`支付状态为 ${payment.status}。 The payment is ${payment.status}, not succeeded.`);
  const stages = pushes.map(({ stage }) => stage).join(', ');
  if (stages !== 'delivered')
    problems.push(
      `易理货订单应为一个且已送达，实际为：${stages || '无'}。 YLH should have it once and delivered, but has: ${stages || 'nothing'}.`,
    );
  for (const { event, attempts } of callbacks)
    for (const problem of attempts.flatMap((attempt) => attempt.problems))
      problems.push(
        `回调 ${event} 的应答有误：${problem}。 The answer to call-back ${event} is wrong: ${problem}.`,
      );
  if (images.length === 0) problems.push('没有配送照片。 There are no photos of the delivery.');
  return problems;
}
