/** WeChat's notifications: verified over their exact bytes, kept in the inbox, and applied in the same transaction. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { clock } from '../../../platform/clock';
import { inTransaction, newDocument, query, toColumns, type Tx } from '../../../platform/database';
import { NotificationRejected, type OpenedNotice } from '../../../platform/wechat/pay-client';
import { wechatPay } from '../../../platform/wechat/pay';
import { findPayment, findRefund } from '../payment-store';
import { applyRefundAnswer } from './refund-execution';
import { settlePayment } from './settlement';

export type NoticeSource = 'wechat_pay' | 'wechat_refund';

const INBOX_UID = 'api::callback.callback-inbox';

interface InboxEntry {
  source: NoticeSource;
  eventId: string;
  rawBody: Buffer;
  verified: boolean;
  outcome: string;
  detail?: string;
}

/** Writes the inbox row, or counts one more delivery of it. Returns true for the first. */
async function receive(tx: Tx | undefined, entry: InboxEntry): Promise<boolean> {
  const now = clock.now();
  const [row] = (await query(INBOX_UID, tx)
    .insert(
      toColumns(INBOX_UID, {
        ...newDocument(),
        ...entry,
        // Bytes that are no text would be refused by the column; they are rubbish and may lose their look.
        rawBody: entry.rawBody.toString('utf8').replaceAll('\u0000', ''),
        detail: entry.detail ?? null,
        deliveries: 1,
        receivedAt: now,
      }),
    )
    .onConflict(['source', 'event_id'])
    .merge({ deliveries: strapi.db.connection.raw('callback_inbox.deliveries + 1'), updated_at: now })
    .returning(['deliveries'])) as { deliveries: number }[];
  return row?.deliveries === 1;
}

async function setOutcome(tx: Tx, source: NoticeSource, eventId: string, outcome: string): Promise<void> {
  await query(INBOX_UID, tx).where({ source, event_id: eventId }).update({ outcome });
}

async function applyPayment(notice: OpenedNotice): Promise<string> {
  const transaction = wechatPay().readTransaction(notice.plaintext);
  if (transaction === undefined) return 'unreadable';
  const payment = await findPayment({ paymentNumber: transaction.out_trade_no });
  return payment === undefined ? 'unknown_payment' : settlePayment(payment.id, transaction);
}

async function applyRefund(notice: OpenedNotice): Promise<string> {
  const answer = wechatPay().readRefund(notice.plaintext);
  if (answer === undefined) return 'unreadable';
  if (answer.mchid !== wechatPay().mchId) return 'mismatch';
  const refund = await findRefund({ refundNumber: answer.out_refund_no });
  return refund === undefined ? 'unknown_refund' : applyRefundAnswer(refund.id, answer);
}

/** Rubbish gets a row too, under a name no real event can have, so that it cannot stand in a real one's place. */
async function reject(source: NoticeSource, rawBody: Buffer, rejection: NotificationRejected): Promise<void> {
  const eventId = `unverified:${createHash('sha256').update(rawBody).digest('hex')}`;
  await receive(undefined, {
    source,
    eventId,
    rawBody,
    verified: false,
    outcome: 'rejected',
    detail: rejection.reason,
  });
}

/**
 * Takes in one notification. Resolves once it is recorded and applied, also when it says nothing new or nothing we
 * know: sending it again would not help. Throws NotificationRejected for what is not WeChat's word to us.
 */
export async function takeNotice(
  source: NoticeSource,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): Promise<string> {
  let notice: OpenedNotice;
  try {
    notice = wechatPay().openNotice(headers, rawBody);
  } catch (error) {
    if (error instanceof NotificationRejected) await reject(source, rawBody, error);
    throw error;
  }
  return inTransaction(async (tx) => {
    // The inbox row is the first write: of copies arriving together one passes, the others wait for its commit.
    const isFirst = await receive(tx, {
      source,
      eventId: notice.id,
      rawBody,
      verified: true,
      outcome: 'received',
    });
    if (!isFirst) return 'duplicate';
    const outcome = source === 'wechat_pay' ? await applyPayment(notice) : await applyRefund(notice);
    await setOutcome(tx, source, notice.id, outcome);
    return outcome;
  });
}

export default () => ({ takeNotice });
