/**
 * Anchors of the payment audit: how far each chain had come, kept in the database, where whoever shortens a file cannot reach
 * them. Written behind the lines, at most once a second, so a chain may be a little longer than its anchor, never shorter.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Core } from '@strapi/strapi';

import type { ChainEnd } from './audit-chain';
import { watchAudit } from './shop-log';

const STORE = { type: 'shop', name: 'payment-audit' } as const;
/** As Strapi's store builds the key of a row. */
export const ANCHOR_KEYS = `${STORE.type}_${STORE.name}_`;
const WRITE_AFTER_MS = 1_000;

const outsideRequests = AsyncLocalStorage.snapshot();

let pending: ChainEnd | undefined;
let timer: NodeJS.Timeout | undefined;
let writing: Promise<void> = Promise.resolve();
let target: Core.Strapi | undefined;

async function writeAnchor(strapi: Core.Strapi, end: ChainEnd): Promise<void> {
  try {
    await strapi.store(STORE).set({ key: end.chain, value: end });
  } catch (error) {
    // Tried again: the next one covers this one too.
    pending ??= end;
    strapi.log.warn('the anchor of the payment audit could not be written', { error });
    schedule();
  }
}

function schedule(): void {
  if (timer !== undefined || target === undefined) return;
  timer = setTimeout(() => void flushAnchor(), WRITE_AFTER_MS);
  timer.unref();
}

async function flushAnchor(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const [strapi, end] = [target, pending];
  pending = undefined;
  if (strapi !== undefined && end !== undefined) writing = writing.then(() => writeAnchor(strapi, end));
  await writing;
}

/** Keeps the anchor of this process's chain, once the database is open. */
export function keepAnchors(strapi: Core.Strapi): void {
  target = strapi;
  watchAudit((end) => {
    pending = end;
    // Outside the request that has just been logged: it waits for nobody, and its transaction is over.
    outsideRequests(schedule);
  });
}

/** Writes the last anchor. To be awaited before the database is closed. */
export async function stopAnchors(): Promise<void> {
  await flushAnchor();
  clearTimeout(timer);
  timer = undefined;
  target = undefined;
}
