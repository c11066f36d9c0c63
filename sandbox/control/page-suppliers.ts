import type { TokenView } from '../supplier/tokens';
import type { CallbackView, YlhOrderView } from '../ylh/views';
import type { SandboxControl } from './control';
import { button, escapeHtml, table, time, type Cell } from './page-parts';
import type { Language } from './page-words';
import { SUPPLIER_WORDS, type SupplierWords } from './supplier-words';
import type { StateView } from './views';

const SHOWN_ROWS = 50;
const ORDERS = '/control/ylh/orders';

const latest = <Row>(rows: Row[]): Row[] => rows.slice(-SHOWN_ROWS).reverse();

function hostButtons(words: SupplierWords, host: 'haier' | 'ylh'): string {
  const once = { host, times: 1 };
  const faults: [string, object][] = [
    [words.failing, { ...once, kind: 'status', status: 500 }],
    [words.busy, { ...once, kind: 'status', status: 503 }],
    [words.slow, { ...once, kind: 'delay', ms: 8_000 }],
    [words.lost, { ...once, kind: 'lose-answer' }],
    [words.refusal, { ...once, kind: 'business', message: '系统繁忙' }],
    [words.rubbish, { ...once, kind: 'rubbish' }],
  ];
  return [
    escapeHtml(`${words[host]} ${words.next} `),
    ...faults.map(([label, fault]) => button(label, '/control/faults', fault)),
    button(words.third, '/control/faults/random', { host, rate: 0.33, seed: 1 }),
    button(words.down, `/control/${host}/down`, {}),
    button(words.up, `/control/${host}/up`, {}),
    button(words.endTokens, `/control/${host}/tokens/end`, {}),
  ].join('');
}

/** What can be done to both systems as a whole. */
export function supplierButtons(state: StateView, language: Language): string {
  const words = SUPPLIER_WORDS[language];
  const { mode } = state.ylh.pace;
  const other = mode === 'automatic' ? 'manual' : 'automatic';
  const random = state.randomFaults
    .map(({ host, rate }) => `${host} ${Math.round(rate * 100)} %`)
    .join(' · ');
  return `<p>${hostButtons(words, 'haier')}</p><p>${hostButtons(words, 'ylh')}
<span class="quiet">${escapeHtml(random)}</span></p>
<p>${escapeHtml(words.lifeIs[mode])} ${button(words[other], '/control/ylh/pace', { mode: other })}
${escapeHtml(words.callsBackTo)} ${escapeHtml(state.ylh.callbackUrl ?? words.nowhere)}</p>`;
}

function orderButtons(words: SupplierWords, order: YlhOrderView): string {
  const ref = order.soId;
  const step = (label: string, path: string, more: object = {}): string =>
    button(label, `${ORDERS}/${path}`, { ref, ...more });
  const verdicts =
    order.cancel && order.cancel.verdict === undefined
      ? step(words.agree, 'decide-cancel', { verdict: 'done' }) +
        step(words.disagree, 'decide-cancel', { verdict: 'failed' }) +
        step(words.partly, 'decide-cancel', { verdict: 'partly' })
      : '';
  const cancel = step(words.cancel, 'cancel');
  const outOfStock = step(words.outOfStock, 'out-of-stock');
  switch (order.stage) {
    case 'created':
      return verdicts + step(words.confirm, 'confirm') + step(words.refuse, 'refuse') + outOfStock + cancel;
    case 'confirmed':
      return verdicts + step(words.ship, 'ship') + outOfStock + cancel;
    case 'shipped':
      return verdicts + step(words.deliver, 'deliver') + step(words.reject, 'reject') + cancel;
    case 'delivered':
      return order.photos === 0 ? step(words.photograph, 'photograph') : '';
    default:
      return '';
  }
}

function orderRow(words: SupplierWords, order: YlhOrderView): Cell[] {
  const { request, cancel, next } = order;
  const asked = cancel && cancel.verdict === undefined ? ` · ${words.cancelAsked}` : '';
  return [
    order.soId,
    order.retailOrderNo,
    request.itemList.map(({ productCode }) => productCode).join(', '),
    request.totalAmt.toFixed(2),
    `${request.city} ${request.area}`,
    words.stages[order.stage] + asked,
    next ? `${words.steps[next.step]} ${time(next.dueAt)}` : '',
    time(order.createdAt),
    { html: orderButtons(words, order) },
  ];
}

function callbackRow(words: SupplierWords, callback: CallbackView): Cell[] {
  const { id } = callback;
  const path = '/control/ylh/callbacks';
  const attempts = callback.attempts.map(
    ({ kind, status, error, problems }) => `${kind}: ${[status ?? error, ...problems].join(' ')}`,
  );
  const actions =
    button(words.resend, `${path}/resend`, { id }) +
    button(words.fiveCopies, `${path}/copies`, { id, count: 5 }) +
    button(words.forged, `${path}/send`, { id, variant: 'wrong-signature' }) +
    button(words.old, `${path}/send`, { id, variant: 'old-timestamp' });
  return [
    callback.event,
    callback.platformOrderNo,
    JSON.stringify(callback.data),
    callback.delivered ? words.delivered : callback.held ? words.held : words.open,
    attempts.join(' · '),
    time(callback.nextAttemptAt),
    { html: actions },
  ];
}

function tokenRow(words: SupplierWords, system: string, token: TokenView): Cell[] {
  const { endsIn, issuedAt, expiresAt, isGood, uses } = token;
  return [system, `…${endsIn}`, time(issuedAt), time(expiresAt), isGood ? words.yes : words.no, uses];
}

/** What both systems have seen: orders, call-backs, tokens, accounts. */
export function supplierTables(control: SandboxControl, state: StateView, language: Language): string {
  const words = SUPPLIER_WORDS[language];
  const tokens = [
    ...latest(control.haier.tokens.list()).map((token) => tokenRow(words, 'Haier', token)),
    ...latest(control.ylh.tokens.list()).map((token) => tokenRow(words, 'YLH', token)),
  ];
  const orders = latest(state.ylh.orders).map((order) => orderRow(words, order));
  const callbacks = latest(state.ylh.callbacks).map((callback) => callbackRow(words, callback));
  const accounts = state.haier.accounts.map((account) => [
    account.payerAccountCode,
    account.payerAccountName,
    account.payerAccountBalance.toFixed(2),
  ]);
  return [
    table(words.orders, words.orderColumns, orders, words.none),
    table(words.callbacks, words.callbackColumns, callbacks, words.none),
    table(words.tokens, words.tokenColumns, tokens, words.none),
    table(words.accounts, words.accountColumns, accounts, words.none),
  ].join('\n');
}
