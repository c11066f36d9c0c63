/** Work promised inside a transaction and done after it, at least once. See docs/architecture.md. */
export { type Backlog, readBacklog, watchBacklog } from './backlog';
export { type NewMessage, enqueue, OUTBOX_UID } from './enqueue';
export type { OutboxMessage } from './claim';
export { GiveUpError } from './give-up-error';
export { currentOrigin, type Origin } from './origin';
export { hasten, replayMessage, replayTopic } from './replay';
export { saveState } from './settle';
export type { Attempt, Lane, MessageHandler, Topic } from './topic';
export { retryDelayMs } from './retry-delay';
export { createWorker, type Worker, type WorkerOptions } from './worker';
