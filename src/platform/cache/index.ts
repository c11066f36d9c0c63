/** Answers that are the same for everybody, kept until something they were made from changes. */
export type { Life, Reading } from './answer';
export type { CacheOutcome } from './answer-cache';
export { answerCached, CALM, LIVE } from './answer-cached';
export { type Passage, standBefore } from './edge';
export { triedBefore } from './served';
export { keptTotal } from './kept-total';
export { closeCache, openCache, shopCache, tellChanged } from './shop-cache';
