/** What a call-back of YLH says: its form, its time and its `Data` (contract, section 3). */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { CallbackDelivery } from '../ports';
import type { CallbackFields } from './callback-signature';

const REQUIRED = ['AppKey', 'TimeStamp', 'Sign', 'Method', 'Data'] as const;

/** The fields of a form; undefined when a name comes twice or one that must be there is missing or blank. */
export function readFields(form: Iterable<readonly [string, unknown]>): CallbackFields | undefined {
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    if (typeof value !== 'string' || fields.has(name)) return undefined;
    fields.set(name, value);
  }
  const isComplete = REQUIRED.every((name) => (fields.get(name) ?? '').trim() !== '');
  return isComplete ? Object.fromEntries(fields) : undefined;
}

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** A `yyyyMMddHHmmss` of Beijing; undefined when it is no time. */
export function readBeijingTime(text: string): Date | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  // 31 April would roll over to May.
  return Number.isNaN(time.getTime()) || writeBeijingTime(time) !== text.trim() ? undefined : time;
}

export const writeBeijingTime = (time: Date): string =>
  new Date(time.getTime() + BEIJING_OFFSET_MS).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);

const EVENTS: Readonly<Record<string, CallbackDelivery['event']>> = {
  'hmm.scm_heorder.confirm': 'confirm',
  'hmm.scm_heorder.cancel': 'cancel',
  'hmm.scm_heorder.oostock': 'out_of_stock',
};

const STATES: Readonly<Record<string, CallbackDelivery['state']>> = {
  '0': 'failed',
  '1': 'done',
  '2': 'partly',
};

const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    const trimmed = String(value ?? '').trim();
    return trimmed === '' ? null : trimmed;
  });
const pieces = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^\d+(?:\.0+)?$/),
    z.literal(''),
  ])
  .nullish()
  .transform((value) => Number(value ?? 0))
  .pipe(z.number().int().min(0).max(1_000_000));

const item = z
  .object({
    productCode: z.union([z.string(), z.number()]).transform(String),
    receiveQty: pieces,
    returnQty: pieces,
    rejectQty: pieces,
  })
  .transform(({ productCode, receiveQty, returnQty, rejectQty }) => ({
    productCode,
    received: receiveQty,
    returned: returnQty,
    rejected: rejectQty,
  }));

const data = z.object({
  ExtOrderNo: text,
  PlatformOrderNo: text.pipe(z.string()),
  State: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => (value === null || value === undefined ? null : String(value).trim())),
  FailMsg: text,
  itemList: z.unknown().optional(),
});

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}

/** A list, or a JSON text of one. What cannot be read is no reason to drop a verdict: the raw body keeps it. */
function readItems(value: unknown): CallbackDelivery['quantities'] {
  const parsed = z.array(item).safeParse(typeof value === 'string' ? parseJson(value) : value);
  return parsed.success && parsed.data.length > 0 ? parsed.data : null;
}

/** Objects with their names in order, so that the same facts have the same text. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, inOrder(part)]));
}

export type ReadMessage =
  | { kind: 'read'; delivery: Omit<CallbackDelivery, 'sentAt' | 'rawBody'> }
  | { kind: 'unreadable'; reason: string };

/** What `Method` and `Data` say. The time is left out of the event's id: a repetition may be signed anew. */
export function readMessage({ Method = '', Data = '' }: CallbackFields): ReadMessage {
  const event = EVENTS[Method.trim()];
  if (event === undefined) return { kind: 'unreadable', reason: 'an unknown Method' };
  const json = parseJson(Data);
  const parsed = data.safeParse(json);
  if (!parsed.success) return { kind: 'unreadable', reason: 'Data is not what it should be' };
  const { ExtOrderNo, PlatformOrderNo, State, FailMsg, itemList } = parsed.data;
  // Out of stock says it by its Method.
  const state = STATES[State ?? ''] ?? (event === 'out_of_stock' ? 'failed' : undefined);
  if (state === undefined) return { kind: 'unreadable', reason: 'an unknown State' };
  const canonical = JSON.stringify([event, inOrder(json)]);
  return {
    kind: 'read',
    delivery: {
      eventId: createHash('sha256').update(canonical).digest('hex'),
      event,
      orderNumber: PlatformOrderNo,
      haierOrderNo: ExtOrderNo,
      state,
      failMessage: FailMsg,
      quantities: readItems(itemList),
    },
  };
}
