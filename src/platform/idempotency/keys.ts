import { createHmac } from 'node:crypto';

import type { Context } from 'koa';

import { settings } from '../../../config/environment';
import { Refusal, validationFailed } from '../../domain/refusal';
import { clock } from '../clock';
import { type BaseRow, fetchRow, newDocument, query, toColumns, type Tx } from '../database';

export const IDEMPOTENCY_UID = 'api::idempotency.idempotency-key';

export const KEEP_MS = 24 * 60 * 60 * 1000;
const KEY_FORMAT = /^[\x21-\x7E]{8,128}$/;

/** A write request that may be sent twice: who, what, and a digest of what was asked. */
export interface IdempotentRequest {
  userId: number;
  route: string;
  key: string;
  requestHash: string;
}

export interface StoredAnswer {
  status: number;
  body: unknown;
}

interface KeyRow extends BaseRow {
  requestHash: string;
  status: 'running' | 'done';
  responseStatus: number | null;
  response: string | null;
  lockedUntil: Date | null;
  lockedBy: string | null;
  expiresAt: Date;
}

/** Objects with their keys in order, so that the same request has the same digest however it was printed. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, canonical(entry)]),
  );
}

/**
 * The idempotency key of a signed-in user's request, or undefined when it sent none.
 * Throws VALIDATION_FAILED for a header that is not 8–128 visible ASCII characters.
 */
export function readIdempotentRequest(ctx: Context): IdempotentRequest | undefined {
  const key = ctx.get('Idempotency-Key');
  const user = ctx.state.user as { id: number } | undefined;
  if (key === '' || user === undefined) return undefined;
  if (!KEY_FORMAT.test(key)) {
    throw validationFailed([
      { path: ['Idempotency-Key'], message: 'must have 8 to 128 visible ASCII characters' },
    ]);
  }
  // As the router reads it, which tells neither capitals nor a slash at the end apart.
  const path = ctx.path.toLowerCase().replace(/\/+$/, '');
  const route = `${ctx.method} ${path}`.slice(0, 200);
  // Keyed, because a body can hold a password: a plain digest of it would let whoever reads the table try guesses.
  const requestHash = createHmac('sha256', settings().ENCRYPTION_KEY ?? '')
    .update(JSON.stringify([ctx.method, path, canonical(ctx.request.body ?? null)]))
    .digest('hex');
  return { userId: user.id, route, key, requestHash };
}

interface ClaimValues {
  status: 'running' | 'done';
  lockedUntil?: Date | null;
  /** Who holds it until then; nobody else may renew, answer or release it. */
  lockedBy?: string | null;
  answer?: StoredAnswer;
}

/**
 * Takes the key in `tx`. Returns undefined when it is now ours, else the row that holds it. A second request with the
 * same key waits here, at the unique index, until the first has committed or rolled back.
 */
export async function claimKey(
  tx: Tx,
  request: IdempotentRequest,
  values: ClaimValues,
): Promise<KeyRow | undefined> {
  const now = clock.now();
  const row = toColumns(IDEMPOTENCY_UID, {
    ...newDocument(),
    userId: request.userId,
    route: request.route,
    key: request.key,
    requestHash: request.requestHash,
    status: values.status,
    lockedUntil: values.lockedUntil ?? null,
    lockedBy: values.lockedBy ?? null,
    responseStatus: values.answer?.status ?? null,
    response: values.answer === undefined ? null : JSON.stringify(values.answer.body),
    expiresAt: new Date(now.getTime() + KEEP_MS),
  });
  const claimed = (await query(IDEMPOTENCY_UID, tx)
    .insert(row)
    .onConflict(['user_id', 'route', 'key'])
    .merge(row)
    // Ours to take over: kept long enough, or begun by a process that died.
    .where((holder) =>
      holder
        .where('idempotency_keys.expires_at', '<', now)
        .orWhere((dead) =>
          dead
            .where('idempotency_keys.status', 'running')
            .andWhere('idempotency_keys.locked_until', '<', now),
        ),
    )
    .returning('id')) as unknown[];
  if (claimed.length > 0) return undefined;
  const holder = await readHolder(request, tx);
  if (holder === undefined) throw new Error('an idempotency key was held and is gone');
  return holder;
}

async function readHolder(request: IdempotentRequest, tx?: Tx): Promise<KeyRow | undefined> {
  const holder = await fetchRow<KeyRow>(
    IDEMPOTENCY_UID,
    query(IDEMPOTENCY_UID, tx).where({ user_id: request.userId, route: request.route, key: request.key }),
  );
  if (holder !== undefined && holder.requestHash !== request.requestHash)
    throw new Refusal('IDEMPOTENCY_CONFLICT');
  return holder;
}

/**
 * The answer this request has already been given, if any. Throws IDEMPOTENCY_CONFLICT when the key was used for
 * another request.
 */
export async function findAnswer(request: IdempotentRequest): Promise<StoredAnswer | undefined> {
  const holder = await readHolder(request);
  return holder === undefined || holder.expiresAt < clock.now() ? undefined : storedAnswer(holder);
}

/** The answer a finished request was given. */
export function storedAnswer(row: KeyRow): StoredAnswer | undefined {
  if (row.status !== 'done') return undefined;
  return { status: row.responseStatus ?? 200, body: row.response === null ? null : JSON.parse(row.response) };
}

/** The row of this request while `owner` holds it; without an owner, while the transaction that took it is open. */
const heldBy = (request: IdempotentRequest, owner: string | null, tx?: Tx) =>
  query(IDEMPOTENCY_UID, tx).where({
    user_id: request.userId,
    route: request.route,
    key: request.key,
    status: 'running',
    locked_by: owner,
  });

/** Writes the answer beside the key. False when the key was lost to a later request, whose answer will be the one. */
export async function storeAnswer(
  tx: Tx | undefined,
  request: IdempotentRequest,
  answer: StoredAnswer,
  owner: string | null = null,
): Promise<boolean> {
  const changed = await heldBy(request, owner, tx).update(
    toColumns(IDEMPOTENCY_UID, {
      status: 'done',
      responseStatus: answer.status,
      response: JSON.stringify(answer.body ?? null),
      lockedUntil: null,
      lockedBy: null,
      updatedAt: clock.now(),
    }),
  );
  return changed === 1;
}

/** Holds the key until `lockedUntil`. False when it was lost. */
export async function renewKey(
  request: IdempotentRequest,
  owner: string,
  lockedUntil: Date,
): Promise<boolean> {
  return (await heldBy(request, owner).update(toColumns(IDEMPOTENCY_UID, { lockedUntil }))) === 1;
}

/** Gives a key back after a refusal that wrote nothing, so that the next try is a real one. */
export async function releaseKey(request: IdempotentRequest, owner: string): Promise<void> {
  await heldBy(request, owner).delete();
}
