import { AsyncLocalStorage } from 'node:async_hooks';

/** A tap on the shoulder of this process's worker, so that fresh work does not wait for the next look. */
type Listener = () => void;

let listener: Listener | undefined;

/** What the worker does belongs to no request and no transaction, whoever woke it: taken before there are any. */
export const outsideRequests = AsyncLocalStorage.snapshot();

export function onWake(next: Listener | undefined): void {
  listener = next;
}

export function wakeWorker(): void {
  if (listener !== undefined) outsideRequests(listener);
}
