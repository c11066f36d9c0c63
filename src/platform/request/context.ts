import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

import type { Language } from '../errors';

/** What is known of the request in progress, for logs and answers. */
export interface RequestContext {
  requestId: string;
  language: Language;
}

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

/** The request in progress, or undefined in jobs and at start. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();
