import { randomBytes } from 'node:crypto';
import { yuan } from '../pay/bill-rows';
import type { SandboxControl } from './control';
import { SCRIPT, STYLE } from './page-assets';
import { button, escapeHtml, table, time, type Cell } from './page-parts';
import { supplierButtons, supplierTables } from './page-suppliers';
import { WORDS, type Language, type Words } from './page-words';
import type { NotificationView, RefundView, StateView, TransactionView } from './views';

const SHOWN_REQUESTS = 50;

const latestFirst = <Row>(rows: Row[]): Row[] => [...rows].reverse();

function transactionRow(words: Words, known: TransactionView): Cell[] {
  const actions =
    known.state === 'NOTPAY'
      ? button(words.pay, '/control/pay-by-number', { outTradeNo: known.outTradeNo }) +
        button(words.payHold, '/control/pay-by-number', { outTradeNo: known.outTradeNo, notify: 'hold' })
      : '';
  return [
    known.outTradeNo,
    known.description,
    yuan(known.totalFen),
    known.state,
    yuan(known.refundedFen),
    time(known.createdAt),
    time(known.paidAt),
    { html: actions },
  ];
}

function refundRow(words: Words, refund: RefundView): Cell[] {
  const settle = (label: string, outcome: string): string =>
    button(label, '/control/refunds/settle', { outRefundNo: refund.outRefundNo, outcome });
  const actions =
    refund.status === 'PROCESSING'
      ? settle(words.arrived, 'SUCCESS') + settle(words.abnormal, 'ABNORMAL')
      : '';
  return [
    refund.outRefundNo,
    refund.outTradeNo,
    yuan(refund.refundFen),
    refund.status,
    time(refund.createdAt),
    time(refund.settledAt),
    { html: actions },
  ];
}

function notificationRow(words: Words, notification: NotificationView): Cell[] {
  const { id } = notification;
  const attempts = notification.attempts
    .map((attempt) => `${attempt.kind}: ${attempt.status ?? attempt.error}`)
    .join(' · ');
  const actions =
    button(words.resend, '/control/notifications/resend', { id }) +
    button(words.fiveCopies, '/control/notifications/copies', { id, count: 5 }) +
    button(words.forged, '/control/notifications/send', { id, variant: 'wrong-signature' });
  return [
    notification.eventType,
    notification.outRefundNo ?? notification.outTradeNo,
    notification.delivered ? words.delivered : notification.held ? words.held : words.open,
    attempts,
    time(notification.nextAttemptAt),
    { html: actions },
  ];
}

function clockButtons(words: Words): string {
  const steps: [string, number][] = [
    ['+15 s', 15_000],
    ['+1 min', 60_000],
    ['+5 min', 300_000],
    ['+31 min', 1_860_000],
    ['+2 h', 7_200_000],
    ['+1 d', 86_400_000],
  ];
  const advance = steps.map(([label, ms]) => button(label, '/control/clock/advance', { ms })).join('');
  return `<p>${escapeHtml(words.clock)} ${advance} ${button(words.reset, '/control/reset', {})}</p>`;
}

function faultButtons(words: Words, state: StateView): string {
  const once = { times: 1 };
  const faults: [string, object][] = [
    [words.payDown, { host: 'pay', kind: 'status', status: 500, ...once }],
    [words.paySlow, { host: 'pay', kind: 'delay', ms: 8_000, ...once }],
    [words.payLost, { host: 'pay', kind: 'lose-answer', ...once }],
    [words.payForged, { host: 'pay', kind: 'wrong-signature', ...once }],
    [words.apiBusy, { host: 'api', kind: 'business', errcode: -1, message: 'system error', ...once }],
  ];
  const add = faults.map(([label, fault]) => button(label, '/control/faults', fault)).join('');
  const active = state.faults.map((fault) => `${fault.host} ${fault.path ?? '*'} ${fault.kind}`).join(' · ');
  const refund =
    button(words.nextAbnormal, '/control/refunds/script', { outcome: 'ABNORMAL' }) +
    button(words.nextNotEnough, '/control/refunds/script', { outcome: 'NOT_ENOUGH' });
  return `<p>${escapeHtml(words.faults)} ${add} ${button(words.clear, '/control/faults/clear', {})}
<span class="quiet">${escapeHtml(active)}</span></p><p>${escapeHtml(words.refundScripts)} ${refund}</p>`;
}

function tables(state: StateView, words: Words): string {
  return [
    table(
      words.transactions,
      words.transactionColumns,
      latestFirst(state.transactions).map((row) => transactionRow(words, row)),
      words.none,
    ),
    table(
      words.refunds,
      words.refundColumns,
      latestFirst(state.refunds).map((row) => refundRow(words, row)),
      words.none,
    ),
    table(
      words.notifications,
      words.notificationColumns,
      latestFirst(state.notifications).map((row) => notificationRow(words, row)),
      words.none,
    ),
  ].join('\n');
}

function requestTable(control: SandboxControl, words: Words): string {
  const requests = latestFirst(control.requests()).slice(0, SHOWN_REQUESTS);
  return table(
    words.requests,
    words.requestColumns,
    requests.map((seen) => [
      time(seen.at),
      seen.host,
      seen.method,
      seen.path + seen.query,
      seen.status,
      seen.fault ?? '',
      seen.body,
      seen.reply,
    ]),
    words.none,
  );
}

/** The page of the control server, with the headers that keep it from running or showing anything not its own. */
export function controlPage(
  control: SandboxControl,
  language: Language,
): { html: string; headers: Record<string, string> } {
  const words = WORDS[language];
  const state = control.state();
  const nonce = randomBytes(16).toString('base64');
  const other: Language = language === 'zh' ? 'en' : 'zh';
  const html = `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<title>${escapeHtml(words.title)}</title><style nonce="${nonce}">${STYLE}</style></head><body>
<h1>${escapeHtml(words.title)}</h1>
<p>${escapeHtml(words.now)} <b>${escapeHtml(time(state.now))}</b> (${escapeHtml(words.beijing)}) ·
<a href="/?lang=${language}">${escapeHtml(words.refresh)}</a> · <a href="/?lang=${other}">${escapeHtml(WORDS[other].language)}</a></p>
${clockButtons(words)}${faultButtons(words, state)}${supplierButtons(state, language)}<p id="answer" role="status"></p>
${tables(state, words)}
${supplierTables(control, state, language)}
${requestTable(control, words)}
<script nonce="${nonce}">${SCRIPT}</script></body></html>`;
  return {
    html,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  };
}
