import { clock } from '../clock';
import { newDocument, query, toColumns, type Tx } from '../database';
import { IDEMPOTENCY_UID, type IdempotentRequest, KEEP_MS, type StoredAnswer } from './keys';

/** A request with the answer it will have been given if the transaction commits. */
export interface AnsweredRequest {
  request: IdempotentRequest;
  answer: StoredAnswer;
}

const nameOf = ({ userId, route, key }: IdempotentRequest): string => JSON.stringify([userId, route, key]);

/** True when two requests are the same one sent twice, or one that takes the key of another. */
export const isSameKey = (a: IdempotentRequest, b: IdempotentRequest): boolean => nameOf(a) === nameOf(b);

/**
 * Takes the keys of several requests together with their answers, in one statement. Returns those requests whose key
 * somebody else holds. No key may be among them twice. Waits, at the unique index, for a transaction that holds one of
 * the keys; keys are taken in order, so that two of these never wait for each other.
 */
export async function claimAnswers(tx: Tx, answered: AnsweredRequest[]): Promise<Set<IdempotentRequest>> {
  if (answered.length === 0) return new Set();
  const now = clock.now();
  const sorted = [...answered].sort((a, b) => (nameOf(a.request) < nameOf(b.request) ? -1 : 1));
  const rows = sorted.map(({ request, answer }) =>
    toColumns(IDEMPOTENCY_UID, {
      ...newDocument(),
      userId: request.userId,
      route: request.route,
      key: request.key,
      requestHash: request.requestHash,
      status: 'done',
      lockedUntil: null,
      responseStatus: answer.status,
      response: JSON.stringify(answer.body),
      expiresAt: new Date(now.getTime() + KEEP_MS),
    }),
  );
  const claimed = (await query(IDEMPOTENCY_UID, tx)
    .insert(rows)
    .onConflict(['user_id', 'route', 'key'])
    .merge(Object.keys(rows[0] ?? {}))
    .where('idempotency_keys.expires_at', '<', now)
    .returning(['user_id', 'route', 'key'])) as { user_id: number; route: string; key: string }[];
  const ours = new Set(claimed.map((row) => JSON.stringify([row.user_id, row.route, row.key])));
  return new Set(sorted.map(({ request }) => request).filter((request) => !ours.has(nameOf(request))));
}
