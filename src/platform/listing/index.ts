/** Lists in Strapi's query grammar, on an allow-list per resource: `readListQuery` at the door, `runList` on the table. */
export * from './cursor';
export * from './list-query';
export * from './one-query';
export type { Paging, Sort } from './paging';
export * from './run-list';
