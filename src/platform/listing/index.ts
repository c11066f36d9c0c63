/** Lists in Strapi's query grammar, on an allow-list per resource: `readListQuery` at the door, `runList` on the table. */
export * from './cursor';
export { type Condition, type Filter, type FilterKind, isCondition } from './filters';
export * from './list-query';
export * from './one-query';
export type { Paging, Sort } from './paging';
export * from './run-list';
export { pick, select, type Selection } from './selection';
