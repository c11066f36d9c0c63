/** Words of the database that found their way into a form's answer: knex puts the statement before the driver's message. */
const STATEMENT = /\b(?:select\b.+\bfrom|insert into|update\b.+\bset|delete from)\b.+ - /is;

/** True for a text that tells how the database is asked. */
export const tellsStatement = (text: string): boolean => STATEMENT.test(text);

/** The same, with `instead` in the place of every text that tells a statement, at whatever depth. */
export function withoutStatements(value: unknown, instead: string): unknown {
  if (typeof value === 'string') return tellsStatement(value) ? instead : value;
  if (Array.isArray(value)) return value.map((member) => withoutStatements(member, instead));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutStatements(member, instead)]),
  );
}
