/** The inbox of call-backs: every one leaves a row, and rubbish leaves little. */
import { clock } from '../../platform/clock';
import { newDocument, query, toColumns, type Tx } from '../../platform/database';
import { type BodyTrace, traceOf } from '../../platform/http/body-trace';
import { auditMoney } from '../../platform/logging';

export const INBOX_UID = 'api::callback.callback-inbox';

export type CallbackSource = 'wechat_pay' | 'wechat_refund' | 'ylh';

/** Anybody may send rubbish: the beginning of each body, and so many rows a minute, are kept. */
const MAX_RUBBISH_ROWS_A_MINUTE = 120;
const MINUTE_MS = 60_000;
/** Unverified call-backs are forgotten after so many days; verified ones are vouchers and stay. */
const KEEP_RUBBISH_MS = 7 * 24 * 60 * MINUTE_MS;

interface InboxEntry {
  source: CallbackSource;
  eventId: string;
  rawBody: Buffer;
  verified: boolean;
  outcome: string;
  detail?: string;
}

/** Bytes that are no text would be refused by the column; they are rubbish and may lose their look. */
const toText = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\u0000', '');

/** Writes the inbox row, or counts one more delivery of it. Returns true for the first. */
export async function receiveCallback(tx: Tx | undefined, entry: InboxEntry): Promise<boolean> {
  const now = clock.now();
  const [row] = (await query(INBOX_UID, tx)
    .insert(
      toColumns(INBOX_UID, {
        ...newDocument(),
        ...entry,
        rawBody: toText(entry.rawBody),
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

/** Writes what came of a call-back. */
export async function setOutcome(
  tx: Tx,
  source: CallbackSource,
  eventId: string,
  outcome: string,
): Promise<void> {
  await query(INBOX_UID, tx).where({ source, event_id: eventId }).update({ outcome });
}

async function isFlooded(): Promise<boolean> {
  const [row] = (await query(INBOX_UID)
    .where('received_at', '>', new Date(clock.now().getTime() - MINUTE_MS))
    .andWhere('verified', false)
    .count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0) >= MAX_RUBBISH_ROWS_A_MINUTE;
}

/**
 * Keeps a trace of what nobody vouches for: digest, size and the beginning, under a name no real event can have, so
 * that it cannot stand in a real one's place. Beyond so many a minute nothing is written.
 */
export async function recordRubbish(
  source: CallbackSource,
  body: Buffer | BodyTrace,
  reason: string,
): Promise<void> {
  if (await isFlooded()) {
    strapi.log.warn(`more unverified call-backs of ${source} than are recorded: ${reason}`);
    return;
  }
  const { digest, beginning, size, isWhole } = Buffer.isBuffer(body) ? traceOf(body) : body;
  await receiveCallback(undefined, {
    source,
    eventId: `unverified:${digest}`,
    rawBody: beginning,
    verified: false,
    outcome: 'rejected',
    detail: `${reason}; ${isWhole ? '' : 'more than '}${size} bytes`,
  });
  // Within the same bound: whoever sends rubbish fills no disk.
  if (source !== 'ylh') auditMoney('notice.refused', { source, reason, digest, bytes: size });
}

/** Narrows a query of the inbox to the rows that may be forgotten by now, the oldest first. */
export const onlyForgettable = (builder: ReturnType<typeof query>): ReturnType<typeof query> =>
  builder
    .where('received_at', '<', new Date(clock.now().getTime() - KEEP_RUBBISH_MS))
    .andWhere('verified', false)
    .orderBy('received_at');
