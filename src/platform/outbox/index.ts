/** Work promised inside a transaction and done after it, at least once. See docs/architecture.md. */
export { type NewMessage, enqueue, OUTBOX_UID } from './enqueue';
export type { OutboxMessage } from './claim';
export { replayMessage } from './replay';
export { createWorker, type MessageHandler, retryDelayMs, type Worker, type WorkerOptions } from './worker';
