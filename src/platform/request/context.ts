import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

import type { Language } from '../errors';

/** What is known of the request in progress, for logs and answers. */
export interface RequestContext {
  requestId: string;
  language: Language;
}

const storage = new AsyncLocalStorage<RequestContext>();

const ACCEPTED_REQUEST_ID = /^[\w.:-]{8,128}$/;

/** Takes over the caller's request id when it is a harmless text, else makes one. */
export function readRequestId(header: string): string {
  return ACCEPTED_REQUEST_ID.test(header) ? header : randomUUID();
}

/** Chinese unless the caller prefers English. */
export function readLanguage(acceptLanguage: string): Language {
  const first = acceptLanguage.split(',')[0]?.trim().toLowerCase() ?? '';
  return first.startsWith('en') ? 'en' : 'zh';
}

export const runWithRequest = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** The request in progress, or undefined in jobs and at start. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();
