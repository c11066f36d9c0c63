import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './http-client.mjs';
import { Refusal } from './refusal.mjs';

/** Steps that every purchase of the demo takes, whosever goods they are. */

const PAID_WITHIN_MS = 30_000;

/**
 * Asks with `look` until its answer is not undefined. `tooLate` says, of what was seen last, why that did not come to pass; it is
 * thrown as a Refusal. Resolves with `{ found, ms }`.
 */
export async function waitFor(look, { withinMs, everyMs = 300, tooLate }) {
  const started = Date.now();
  for (;;) {
    const found = await look();
    const ms = Date.now() - started;
    if (found !== undefined) return { found, ms };
    if (ms > withinMs) throw new Refusal(...(await tooLate()));
    await sleep(everyMs);
  }
}

/** Creates the payment of `what`, `{order}` or `{checkoutNumber}`, and pays it at WeChat. Resolves with the payment as it was created. */
export async function pay({ shop, sandbox, shopper, tell }, what) {
  const created = await call('POST', `${shop}/payments`, {
    token: shopper.token,
    body: { ...what, method: 'wechat' },
    headers: { 'Idempotency-Key': randomUUID() },
    expect: 201,
  });
  const { data: payment, payParams } = created.body;
  tell('创建支付 create the payment', created, `${payment.paymentNumber} · ¥${payment.amount}`);
  const paid = await call('POST', `${sandbox}/control/pay`, {
    body: { payParams, openid: shopper.openid },
    expect: 200,
  });
  if (!paid.body.paid) throw new Refusal(`支付失败：${paid.body.errMsg}`, 'The sandbox refused the payment.');
  tell('微信支付 pay (wx.requestPayment)', paid, `${paid.body.errMsg} · ${paid.body.transactionId}`);
  return payment;
}

/** Waits until WeChat's notification has reached the shop. */
export async function waitUntilPaid({ shop, shopper, tell }, checkoutNumber) {
  const statuses = async () =>
    (await readOrders({ shop, shopper }, checkoutNumber)).map(({ status }) => status);
  const { found, ms } = await waitFor(
    async () => {
      const seen = await statuses();
      return seen.every((status) => status === 'paid') ? seen : undefined;
    },
    {
      withinMs: PAID_WITHIN_MS,
      tooLate: async () => [
        '支付通知没有在 30 秒内到达。',
        `No notification within 30 s: ${(await statuses()).join(', ')}.`,
      ],
    },
  );
  tell('支付通知到达 the notification arrived', { status: 200, ms }, found.join(', '));
}

export async function readOrders({ shop, shopper }, checkoutNumber) {
  const query = new URLSearchParams({
    'filters[checkoutNumber][$eq]': checkoutNumber,
    'pagination[pageSize]': '100',
  });
  const { body } = await call('GET', `${shop}/orders?${query}`, { token: shopper.token, expect: 200 });
  return body.data;
}

export async function readPayment({ shop, shopper }, { documentId }) {
  const { body } = await call('GET', `${shop}/payments/${documentId}`, { token: shopper.token, expect: 200 });
  return body.data;
}
