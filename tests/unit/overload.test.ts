import { isOutcomeUnknown, isOverload } from '../../src/platform/database/database-errors';
import { renderError } from '../../src/platform/errors';

const failure = (code: string, message = 'from the driver'): Error =>
  Object.assign(new Error(message), { code });

describe('a database that cannot do it now', () => {
  it.each([
    ['a lock that did not come', failure('55P03')],
    ['a statement cut short', failure('57014')],
    ['a transaction that stood idle', failure('25P03')],
    ['a deadlock, tried again in vain', failure('40P01')],
    ['a server that is stopping', failure('57P01')],
    ['too many connections', failure('53300')],
    ['a broken line', failure('08006')],
    ['nobody at the address', failure('ECONNREFUSED')],
    ['SQLite, busy', failure('SQLITE_BUSY')],
    [
      'a pool without a free connection',
      new Error('Knex: Timeout acquiring a connection. The pool is probably full.'),
    ],
    ['a line cut under a statement', new Error('select 1 - Connection terminated unexpectedly')],
    ['a line cut under nothing', new Error('Connection terminated unexpectedly')],
  ])('is told by %s', (_, error) => {
    expect(isOverload(error)).toBe(true);
    const { status, body, isDefect } = renderError(error, {
      language: 'zh',
      requestId: 'r',
      keepMessages: false,
    });
    expect([status, body.error.details.code, body.error.details.retryAfterSeconds, isDefect]).toEqual([
      503,
      'UPSTREAM_UNAVAILABLE',
      1,
      true,
    ]);
    expect(body.error.message).toBe('系统繁忙，请稍后再试');
  });

  it.each([
    ['a unique index', failure('23505')],
    ['a misspelt column', failure('42703')],
    ['a value too large', failure('22003')],
    ['a defect', new Error('Connection is no word to go by')],
    ['nothing', undefined],
  ])('is not told by %s', (_, error) => {
    expect(isOverload(error)).toBe(false);
  });
});

describe('an outcome nobody can tell', () => {
  it.each(['57P01', '08006', 'ECONNRESET', 'EPIPE'])('is left by %s', (code) => {
    expect(isOutcomeUnknown(failure(code))).toBe(true);
  });

  it.each(['55P03', '57014', '40001', '53300', '23505'])(
    'is not left by %s: that was rolled back',
    (code) => {
      expect(isOutcomeUnknown(failure(code))).toBe(false);
    },
  );
});
