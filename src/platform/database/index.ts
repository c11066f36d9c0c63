/** Rows, transactions and database errors. The only place that knows how the two databases differ. */
export * from './database-errors';
export * from './certain-commit';
export * from './database-lock';
export * from './replicas';
export * from './session-limits';
export * from './silence';
export * from './table';
export * from './transaction';
export * from './write-watch';
export * from './start-lock';
