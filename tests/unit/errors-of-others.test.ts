/** Errors of the disk and of Strapi's own layers, as callers and staff read them. */
import { errors } from '@strapi/utils';

import { renderError } from '../../src/platform/errors';

const asStaff = { language: 'zh', requestId: 'r', keepMessages: true } as const;
const failure = (code: string): Error => Object.assign(new Error('from the disk'), { code });
const SQL =
  'select count(*) from "admin_users" as "t0" where "id" = $1 - invalid input syntax for type integer: "x"';

describe('a disk that takes nothing', () => {
  it.each([
    ['full', failure('ENOSPC')],
    ['over its quota', failure('EDQUOT')],
    ['read-only', failure('EROFS')],
    [
      'full, in the words of a library',
      new Error('/tmp/x: write error\nsystem error: No space left on device'),
    ],
  ])('%s, is said with when to come again, and logged', (_name, error) => {
    for (const keepMessages of [false, true]) {
      const { status, body, isDefect } = renderError(error, { ...asStaff, keepMessages });
      expect([status, body.error.details.code, body.error.details.retryAfterSeconds, isDefect]).toEqual([
        503,
        'UPSTREAM_UNAVAILABLE',
        60,
        true,
      ]);
      expect(body.error.message).toContain('磁盘');
      expect(JSON.stringify(body)).not.toContain('/tmp');
    }
  });

  it('is no answer to a file that is not there', () => {
    expect(renderError(failure('ENOENT'), asStaff).status).toBe(500);
  });
});

describe('a validation error of Strapi’s', () => {
  it('keeps its words for staff, and loses those of the database, in its message and its details', () => {
    const kept = new errors.ValidationError('name is required', {
      errors: [{ path: ['name'], message: 'is required' }],
    });
    expect(renderError(kept, asStaff).body.error).toMatchObject({
      message: 'name is required',
      details: { errors: [{ message: 'is required' }] },
    });
    const told = new errors.ValidationError(SQL, {
      errors: [{ path: ['id'], message: SQL, name: 'ValidationError' }],
    });
    const { status, body } = renderError(told, asStaff);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toMatch(/select|admin_users|syntax/);
    expect(body.error.details).toMatchObject({ errors: [{ path: ['id'], name: 'ValidationError' }] });
  });

  it('is one also when its database layer says it in plain words, and only in the panel', () => {
    for (const words of [
      'Operator $or must be an array',
      'Undefined attribute level operator x',
      'Invalid orderBy syntax',
    ]) {
      expect(renderError(new Error(words), asStaff).body.error.details.code).toBe('VALIDATION_FAILED');
      expect(renderError(new Error(words), { ...asStaff, keepMessages: false }).status).toBe(500);
    }
    expect(renderError(new Error('Something else'), asStaff).status).toBe(500);
  });
});
