/** The numbers of this process; `registry` says how to add one. */
export * from './events';
export { watchPool } from './process';
export { cachedReading, refreshReadings } from './readings';
export { counter, gauge, histogram, observed, observedTotal, type Sample } from './registry';
export { countRequest, routeOf } from './requests';
export { maySeeMetrics, renderMetrics } from './scrape';
