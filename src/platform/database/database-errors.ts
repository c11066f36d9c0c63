interface DriverError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
}

function asDriverError(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : {};
}

/**
 * True when a unique index refused a row; with `index`, when that index did. PostgreSQL names the index; SQLite names
 * it only for partial and expression indexes, else the columns, which `columns` then matches.
 */
export function isUniqueViolation(error: unknown, index?: { name: string; columns: string }): boolean {
  const { code, constraint, message } = asDriverError(error);
  if (code === '23505') return index === undefined || constraint === index.name;
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    const text = String(message);
    return index === undefined || text.includes(index.name) || text.includes(index.columns);
  }
  return false;
}

/** True when a CHECK constraint (or its SQLite trigger) refused a row. */
export function isCheckViolation(error: unknown): boolean {
  const { code } = asDriverError(error);
  return code === '23514' || code === 'SQLITE_CONSTRAINT_CHECK' || code === 'SQLITE_CONSTRAINT_TRIGGER';
}

/** Deadlock and serialization failures: the database rolled everything back and asks to be tried again. */
export function isTransientConflict(error: unknown): boolean {
  const { code } = asDriverError(error);
  return code === '40P01' || code === '40001';
}

/** A value the column cannot hold, which is the caller's fault: SQLSTATE class 22 (data exception). */
export function isDataException(error: unknown): boolean {
  const { code } = asDriverError(error);
  return typeof code === 'string' && (/^22[0-9A-Z]{3}$/.test(code) || code === 'SQLITE_MISMATCH');
}

/**
 * True for a statement that came after one that failed in the same transaction (SQLSTATE 25P02). Strapi checks a form
 * with several statements at once, and which of their errors arrives is chance.
 */
export const isAfterFailure = (error: unknown): boolean => asDriverError(error).code === '25P02';

/** True when a statement names a column that is not there: in our own it is a defect, in a form of the panel a name it was sent. */
export function isUnknownColumn(error: unknown): boolean {
  const { code, message } = asDriverError(error);
  return code === '42703' || (code === 'SQLITE_ERROR' && /no such column/.test(String(message)));
}

/** True when any constraint refused a row: SQLSTATE class 23 (integrity constraint violation). */
export function isConstraintViolation(error: unknown): boolean {
  const { code } = asDriverError(error);
  return typeof code === 'string' && (/^23[0-9A-Z]{3}$/.test(code) || code.startsWith('SQLITE_CONSTRAINT'));
}

/**
 * The line or the server went away (SQLSTATEs of PostgreSQL: 57P0x a server that stops or starts, 08xxx a broken line).
 * Under a COMMIT it may have been done all the same.
 */
const GONE = /^(57P0[123]|08[0-9A-Z]{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
// knex puts the statement before the driver's words.
const GONE_WITHOUT_CODE =
  /(^| - )(Connection (terminated|ended)( unexpectedly)?|Client (was closed|has encountered a connection error) and is not queryable)$/;

/** True when nobody can tell whether a transaction was written: only asking, or the same key again, tells. */
export function isOutcomeUnknown(error: unknown): boolean {
  const { code, message } = asDriverError(error);
  if (typeof code === 'string' && GONE.test(code)) return true;
  return error instanceof Error && GONE_WITHOUT_CODE.test(String(message));
}

/**
 * Timed out waiting, cancelled, or not let in: 55P03 a lock, 57014 a statement, 25P03 an idle transaction, 40P01 and
 * 40001 conflicts that were tried again in vain, 53300 too many connections.
 */
const OVERLOADED = new Set(['55P03', '57014', '25P03', '40P01', '40001', '53300', 'SQLITE_BUSY']);
/** A pool without a free connection. */
const WITHOUT_CODE = /(^| - )(Knex: Timeout acquiring a connection.*|timeout expired)$/s;

/**
 * True when the database could not do it now, though nothing is wrong with what was asked: the same request may succeed
 * in a moment. Nothing was written, unless the outcome is unknown.
 */
export function isOverload(error: unknown): boolean {
  const { code, message } = asDriverError(error);
  if (isOutcomeUnknown(error)) return true;
  if (typeof code === 'string' && OVERLOADED.has(code)) return true;
  return error instanceof Error && WITHOUT_CODE.test(String(message));
}
