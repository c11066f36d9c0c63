/**
 * What the buttons of a difference do. Money is moved by its own writers alone; a difference is closed only when WeChat's
 * word and the books agree afterwards, or when a person says that it has been dealt with.
 */
import { yuanToFen } from '../../../domain/money';
import { comparePayment, compareRefund, type Mend, mendOf } from '../../../domain/reconciliation';
import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import {
  afterCommit,
  fetchRow,
  inTransaction,
  query,
  toColumns,
  type Tx,
  updateRow,
} from '../../../platform/database';
import { auditMoney } from '../../../platform/logging';
import type { WechatRefund } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { lockOrders } from '../../order/services/lifecycle';
import { conflict } from '../../payment/payment-conflict';
import {
  findPayment,
  findRefund,
  lockPayment,
  readAllocations,
  receivedYuan,
} from '../../payment/payment-store';
import { applyRefundAnswer } from '../../payment/services/refund-answers';
import { isPaidState, settlePayment } from '../../payment/services/settlement';
import { returnSurplus, type SurplusPart } from '../../payment/services/surplus';
import { findOverpaid } from '../comparison/doubles';
import { countOpen } from '../comparison/record';
import { DIFFERENCE_UID, type DifferenceRow, RUN_UID } from '../reconciliation-rows';

const stillDiffers = () =>
  conflict(
    '已向微信支付查询，结果仍与系统记录不符：请在微信商户平台核实处理后，标记为已处理',
    'WeChat was asked and still does not agree with the books: settle it in the merchant console, then mark it as handled',
  );

async function findOpen(documentId: string): Promise<DifferenceRow> {
  const row = await fetchRow<DifferenceRow>(
    DIFFERENCE_UID,
    query(DIFFERENCE_UID).where('document_id', documentId),
  );
  if (row === undefined) throw notFound();
  if (row.status !== 'open') throw conflict('该差异已处理', 'This difference has already been dealt with');
  return row;
}

interface Closing {
  status: 'resolved' | 'ignored';
  note: string;
}

/** Closes a difference that is still open; of two people one does, and the other finds it done. */
async function close(tx: Tx, difference: DifferenceRow, actor: Actor, closing: Closing): Promise<void> {
  const changed = await query(DIFFERENCE_UID, tx)
    .where({ id: difference.id, status: 'open' })
    .update(
      toColumns(DIFFERENCE_UID, {
        ...closing,
        resolvedAt: clock.now(),
        resolvedBy: actorLabel(actor),
        updatedAt: clock.now(),
      }),
    );
  if (changed === 0) return;
  const { documentId, kind, subject } = difference;
  afterCommit(() =>
    auditMoney('reconciliation.closed', {
      difference: documentId,
      kind,
      subject,
      status: closing.status,
      by: actorLabel(actor),
    }),
  );
  await updateRow(RUN_UID, tx, difference.runId, { openCount: await countOpen(tx, difference.runId) });
}

const closeAgreed = (difference: DifferenceRow, actor: Actor): Promise<void> =>
  inTransaction((tx) =>
    close(tx, difference, actor, {
      status: 'resolved',
      note: '已向微信支付查询，系统记录与之一致 / WeChat was asked, the books agree',
    }),
  );

/** Takes over what WeChat says of a payment, and tells whether it is now what the books say. */
async function askPayment({ paymentId }: DifferenceRow): Promise<boolean> {
  const payment = await findPayment({ id: paymentId });
  if (payment === undefined) throw notFound();
  const transaction = await wechatPay().findTransaction(payment.paymentNumber);
  if (transaction === undefined || !isPaidState(transaction)) return false;
  await settlePayment(payment.id, transaction, 'return_amount');
  const ours = await findPayment({ id: payment.id });
  if (ours === undefined) return false;
  const theirs = {
    tradeState: 'SUCCESS',
    amountFen: transaction.amount?.total ?? 0,
    transactionId: transaction.transaction_id ?? '',
  };
  return comparePayment(theirs, { ...ours, amountFen: yuanToFen(receivedYuan(ours)) }) === undefined;
}

/** The words of the bill for those of the query. */
const BILL_STATES: Readonly<Record<WechatRefund['status'], string>> = {
  SUCCESS: 'SUCCESS',
  PROCESSING: 'PROCESSING',
  ABNORMAL: 'CHANGE',
  CLOSED: 'FAIL',
};
/** WeChat's word of this moment leaves no time after it in which something may have changed. */
const NEVER = new Date(8.64e15);

/** Takes over what WeChat says of a refund, and tells whether it is now what the books say. */
async function askRefund({ refundId }: DifferenceRow): Promise<boolean> {
  const refund = await findRefund({ id: refundId });
  if (refund === undefined) throw notFound();
  const answer = await wechatPay().findRefund(refund.refundNumber);
  if (answer === undefined) return false;
  await applyRefundAnswer(refund.id, answer);
  const ours = await findRefund({ id: refund.id });
  if (ours === undefined) return false;
  const theirs = { refundState: BILL_STATES[answer.status], refundFen: answer.amount.refund };
  return compareRefund(theirs, { ...ours, amountFen: yuanToFen(ours.amount) }, NEVER) === undefined;
}

/** Sends a payment's shares back for those of its orders that an earlier payment pays. */
async function returnDouble(difference: DifferenceRow, actor: Actor): Promise<void> {
  const paymentId = difference.paymentId ?? 0;
  await inTransaction(async (tx) => {
    const shares = await readAllocations(paymentId, tx);
    const orders = await lockOrders(
      tx,
      shares.map(({ orderId }) => orderId),
    );
    const payment = await lockPayment(tx, paymentId);
    // Judged under the lock: a second press finds nothing left to send back.
    const overpaid = await findOverpaid(paymentId);
    const parts: SurplusPart[] = orders
      .filter((order: OrderRow) => overpaid.has(order.id))
      .map((order) => ({
        order,
        amountFen: yuanToFen(shares.find(({ orderId }) => orderId === order.id)?.amount ?? 0),
        cause: 'duplicate',
      }));
    if (parts.length === 0) {
      throw conflict(
        '系统中没有需要退回的重复支付：账单重复列出该支付单时，请在微信商户平台核实后标记为已处理',
        'The books hold no second payment to send back: where the bill lists the number twice, look in the merchant console, then mark it as handled',
      );
    }
    await returnSurplus(tx, payment, parts, actorLabel(actor));
    await close(tx, difference, actor, {
      status: 'resolved',
      note: '重复支付的款项已发起退回 / The second payment is on its way back',
    });
  });
}

const WORK: Readonly<Record<Mend, (difference: DifferenceRow, actor: Actor) => Promise<void>>> = {
  async ask_payment(difference, actor) {
    if (!(await askPayment(difference))) throw stillDiffers();
    await closeAgreed(difference, actor);
  },
  async ask_refund(difference, actor) {
    if (!(await askRefund(difference))) throw stillDiffers();
    await closeAgreed(difference, actor);
  },
  return_surplus: returnDouble,
};

/**
 * Mends an open difference the way its kind allows. Throws NOT_FOUND, PAYMENT_CONFLICT (dealt with already, nothing to
 * be done from here, or WeChat still does not agree) and what an unreachable WeChat throws.
 */
export async function mendDifference(documentId: string, actor: Actor): Promise<void> {
  const difference = await findOpen(documentId);
  const mend = mendOf(difference.kind, {
    payment: difference.paymentId !== null,
    refund: difference.refundId !== null,
  });
  if (mend === undefined) {
    throw conflict(
      '系统中没有对应的记录，无法自动处理：请在微信商户平台核实处理后，标记为已处理',
      'The books have no such record, so nothing can be done from here: settle it in the merchant console, then mark it as handled',
    );
  }
  await WORK[mend](difference, actor);
}

/** A person says that a difference has been dealt with elsewhere. Throws NOT_FOUND, PAYMENT_CONFLICT (not open). */
export async function ignoreDifference(documentId: string, note: string, actor: Actor): Promise<void> {
  const difference = await findOpen(documentId);
  await inTransaction((tx) => close(tx, difference, actor, { status: 'ignored', note }));
}

export default () => ({ mendDifference, ignoreDifference });
