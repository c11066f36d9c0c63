import * as fc from 'fast-check';

import {
  endOfBeijingDay,
  readTime,
} from '../../src/plugins/haier-integration/server/src/domain/beijing-time';
import {
  fenToYuan,
  readRate,
  yuanToFen,
} from '../../src/plugins/haier-integration/server/src/domain/decimal';

describe('yuan to fen', () => {
  it.each([
    ['0', 0],
    ['12', 1_200],
    [' 12.3 ', 1_230],
    ['12.345', 1_235],
    ['12.3449', 1_234],
    ['-0.005', -1],
    ['-0', 0],
    [0.1 + 0.2, 30],
    [1e-7, 0],
    [4.35, 435],
    [1.005, 101],
    ['9999999999.99', 999_999_999_999],
  ])('%j is %d', (yuan, fen) => {
    expect(yuanToFen(yuan)).toBe(fen);
  });

  it.each([[''], [' '], ['12,5'], ['1e3'], ['￥5'], [null], [undefined], [Number.NaN], [Infinity], [{}]])(
    '%j is no amount',
    (yuan) => {
      expect(yuanToFen(yuan)).toBeNull();
    },
  );

  it('and back again is the same, as number and as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (fen) => {
        const yuan = fenToYuan(fen);
        expect(yuanToFen(yuan)).toBe(fen);
        expect(yuanToFen(yuan.toFixed(2))).toBe(fen);
      }),
    );
  });
});

describe('rates', () => {
  it.each([
    [0.05, 0.05],
    ['0.05', 0.05],
    ['COM', null],
    ['', null],
    [null, null],
    ['5%', null],
  ])('%j is %j', (value, rate) => {
    expect(readRate(value)).toBe(rate);
  });
});

describe('times of Beijing', () => {
  it('ends a day at 23:59:59', () => {
    expect(endOfBeijingDay('2026-03-01')).toBe(Date.parse('2026-03-01T15:59:59Z'));
  });

  it.each([['2026-02-31'], ['2026-13-01'], ['2026-3-1'], ['01.03.2026'], ['']])('%j is no day', (day) => {
    expect(() => endOfBeijingDay(day)).toThrow(RangeError);
  });

  it.each([
    ['2026-01-31 08:30:00', '2026-01-31T00:30:00.000Z'],
    ['2026-01-31T08:30:00', '2026-01-31T00:30:00.000Z'],
    ['2026/01/31 08:30', '2026-01-31T00:30:00.000Z'],
    ['20260131083000', '2026-01-31T00:30:00.000Z'],
    ['2026-01-31', '2026-01-30T16:00:00.000Z'],
    ['2026-01-31T08:30:00Z', '2026-01-31T08:30:00.000Z'],
    ['2026-01-31T08:30:00.5+08:00', '2026-01-31T00:30:00.500Z'],
    [1_769_819_400_000, '2026-01-31T00:30:00.000Z'],
    [1_769_819_400, '2026-01-31T00:30:00.000Z'],
    ['1769819400000', '2026-01-31T00:30:00.000Z'],
  ])('reads %j', (text, iso) => {
    expect(readTime(text)?.toISOString()).toBe(iso);
  });

  it.each([['soon'], [''], [null], [undefined], [0], [{}], ['2026-02-41 00:00:00']])(
    '%j is no time',
    (value) => {
      expect(readTime(value)).toBeNull();
    },
  );
});
