import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

import type { Language } from '../errors';

/** What is known of the request or the job in progress, for logs and answers. */
export interface RequestContext {
  /** Of a job: that of the request whose promise it keeps; absent when it keeps nobody's. */
  requestId?: string;
  language: Language;
  /** `topic#id` of the outbox message that is being worked; absent in a request. */
  job?: string;
  /** Who asks, as soon as that is known: a shopper's id, or `admin:<id>`. */
  user?: string;
  /** The numbers of the orders it is about, as soon as they are read. */
  orders?: Set<string>;
}

/** The context of a request, which always has an id. */
export type HttpRequestContext = RequestContext & { requestId: string };

const storage = new AsyncLocalStorage<RequestContext>();

/** Ids stand in logs and on pages: no quotes, no brackets, no spaces. */
const ACCEPTED_REQUEST_ID = /^[\w.~:/+=@-]{1,128}$/;

/** Takes over the caller's request id when it is a harmless text, else makes one. */
export function readRequestId(header: string): string {
  return ACCEPTED_REQUEST_ID.test(header) ? header : randomUUID();
}

/** What one entry of `Accept-Language` asks for; a quality that is none (RFC 9110, 12.4.2) counts as no wish. */
function readWish(entry: string): { language: Language; quality: number } | undefined {
  const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
  const [language] = range.split('-');
  if (language !== 'zh' && language !== 'en') return undefined;
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return { language, quality: /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(quality) ? Number(quality) : 0 };
}

/** Of Chinese and English the one the caller would rather have, the first of equals; Chinese for who names neither. */
export function readLanguage(acceptLanguage: string): Language {
  let best: { language: Language; quality: number } = { language: 'zh', quality: 0 };
  for (const entry of acceptLanguage.split(',')) {
    const wish = readWish(entry);
    if (wish !== undefined && wish.quality > best.quality) best = wish;
  }
  return best.language;
}

export const runWithRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** The request or job in progress, or undefined at start and in what belongs to nobody. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** More than these are not named: a line of a log is no list. */
const MAX_ORDERS = 5;

/** From here on every line that is logged names who asks. */
export function noteUser(user: string): void {
  const context = storage.getStore();
  if (context !== undefined) context.user = user;
}

/** From here on every line that is logged names these orders, by their numbers. */
export function noteOrders(orderNumbers: readonly string[]): void {
  const context = storage.getStore();
  if (context === undefined || orderNumbers.length > MAX_ORDERS) return;
  context.orders ??= new Set();
  for (const number of orderNumbers) if (context.orders.size < MAX_ORDERS) context.orders.add(number);
}
