import {
  addProgress,
  isSuddenDrop,
  MAX_CODES,
  MAX_ERRORS,
  syncRequestSchema,
} from '../../src/plugins/haier-integration/server/src/domain/sync';
import { scheduleKey } from '../../src/plugins/haier-integration/server/src/domain/sync-schedule';
import { tally } from '../../src/plugins/haier-integration/server/src/services/sync-tally';

const NOTHING = { done: 0, created: 0, changed: 0, unchanged: 0, unlisted: 0, failed: 0 };

describe('what may be asked for', () => {
  it('takes codes once each, at most a thousand of them', () => {
    expect(syncRequestSchema.parse({ kind: 'products', productCodes: [' A ', 'B', 'A'] })).toEqual({
      kind: 'products',
      productCodes: ['A', 'B'],
      allowsDrop: false,
    });
    const codes = Array.from({ length: MAX_CODES + 1 }, (_, index) => `C${index}`);
    expect(syncRequestSchema.safeParse({ kind: 'products', productCodes: codes }).success).toBe(false);
    for (const code of ['', 'a b', 'a,b', 'x'.repeat(65), 'a\u0000'])
      expect(syncRequestSchema.safeParse({ kind: 'products', productCodes: [code] }).success).toBe(false);
  });

  it('takes no codes for logistics, no empty list and no other kind', () => {
    for (const wrong of [
      { kind: 'logistics', productCodes: ['A'] },
      { kind: 'prices', productCodes: [] },
      { kind: 'orders' },
      { kind: 'stock', everything: true },
    ])
      expect(syncRequestSchema.safeParse(wrong).success).toBe(false);
  });
});

describe('a report', () => {
  it('sums counts and fields and keeps the first errors', () => {
    const errors = Array.from({ length: MAX_ERRORS }, (_, index) => ({ subject: `C${index}`, reason: 'no' }));
    const row = { ...NOTHING, changedFields: { supplyPrice: 2 }, errors };
    const next = addProgress(row, {
      counts: { done: 3, changed: 2, failed: 1 },
      changedFields: { supplyPrice: 1, stock: 1 },
      errors: [{ subject: 'late', reason: 'x'.repeat(999) }],
    });
    expect(next).toMatchObject({
      done: 3,
      changed: 2,
      failed: 1,
      changedFields: { supplyPrice: 3, stock: 1 },
    });
    expect(next.errors).toHaveLength(MAX_ERRORS);
    expect(
      addProgress(
        { ...row, errors: null },
        { counts: {}, errors: [{ subject: 'a', reason: 'x'.repeat(999) }] },
      ).errors[0]?.reason,
    ).toHaveLength(300);
  });

  it('counts a product once, and its failure before what was written of it', () => {
    const report = tally(
      [
        { productCode: 'A', update: { productCode: 'A' } },
        { productCode: 'B', update: { productCode: 'B' }, error: 'no price' },
        { productCode: 'C', error: 'not listed' },
        { productCode: 'D', update: { productCode: 'D' } },
      ],
      [
        { productCode: 'A', outcome: 'changed', fields: ['supplyPrice'] },
        { productCode: 'B', outcome: 'changed', fields: ['isSales'] },
        { productCode: 'D', outcome: 'failed', reason: 'refused' },
      ],
    );
    expect(report.counts).toEqual({ done: 4, created: 0, changed: 1, unchanged: 0, failed: 3 });
    expect(report.changedFields).toEqual({ supplyPrice: 1, isSales: 1 });
    expect(report.errors).toEqual([
      { subject: 'B', reason: 'no price' },
      { subject: 'C', reason: 'not listed' },
      { subject: 'D', reason: 'refused' },
    ]);
  });
});

it('takes more than half of the goods, if they are more than five, for a broken answer', () => {
  expect(isSuddenDrop({ onSale: 100, leaving: 51 })).toBe(true);
  expect(isSuddenDrop({ onSale: 100, leaving: 50 })).toBe(false);
  expect(isSuddenDrop({ onSale: 5, leaving: 5 })).toBe(false);
  expect(isSuddenDrop({ onSale: 6, leaving: 6 })).toBe(true);
  expect(isSuddenDrop({ onSale: 0, leaving: 0 })).toBe(false);
});

it('names a turn the same in processes whose clocks differ by less than half a second', () => {
  const due = new Date('2026-11-29T03:00:00.000Z');
  expect(scheduleKey('stock', due)).toBe('stock@2026-11-29T03:00:00Z');
  expect(scheduleKey('stock', new Date(due.getTime() + 400))).toBe(scheduleKey('stock', due));
  expect(scheduleKey('prices', due)).not.toBe(scheduleKey('stock', due));
});
