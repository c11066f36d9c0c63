import fc from 'fast-check';

import { fenToYuan, formatFen, MAX_AMOUNT_FEN, yuanToFen } from '../../src/domain/money';
import { type ApplicableDiscount, priceLine, unitDiscountFen } from '../../src/domain/pricing';

const discount = (more: Partial<ApplicableDiscount> = {}): ApplicableDiscount => ({
  name: 'd',
  kind: 'percent',
  value: 1000,
  minQuantity: 1,
  priority: 0,
  ...more,
});

describe('money', () => {
  it('goes to yuan and back without losing a fen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -MAX_AMOUNT_FEN, max: MAX_AMOUNT_FEN }),
        (fen) => yuanToFen(fenToYuan(fen)) === fen,
      ),
    );
  });

  it.each([
    [0.1 + 0.2, 30],
    ['1234.5', 123450],
    [19.9, 1990],
    ['-0.01', -1],
  ])('reads %p as %p fen', (yuan, fen) => expect(yuanToFen(yuan)).toBe(fen));

  it.each(['1.234', 'abc', '', '1e5', '١', Number.NaN, Number.POSITIVE_INFINITY, 1.005])(
    'refuses %p',
    (yuan) => {
      expect(() => yuanToFen(yuan)).toThrow(RangeError);
    },
  );

  it('is written for people with two places', () => expect(formatFen(5)).toBe('0.05'));
});

describe('the price of a line', () => {
  it('keeps its parts adding up and its discount within the price, whatever the discounts', () => {
    const anyDiscount = fc.record({
      name: fc.string(),
      kind: fc.constantFrom('amount' as const, 'percent' as const),
      value: fc.integer({ min: -100, max: 2_000_000 }),
      minQuantity: fc.integer({ min: 1, max: 5 }),
      priority: fc.integer(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 999 }),
        fc.array(anyDiscount, { maxLength: 5 }),
        (price, quantity, discounts) => {
          const line = priceLine(price, quantity, discounts);
          expect(line.totalFen).toBe(price * quantity);
          expect(line.discountFen + line.actualFen).toBe(line.totalFen);
          expect(line.discountFen).toBeGreaterThanOrEqual(0);
          expect(line.actualFen).toBeGreaterThanOrEqual(0);
          expect(line.discountFen % quantity).toBe(0);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it.each([
    [discount({ value: 1000 }), 999, 100], // 99.9 → 100, half up
    [discount({ value: 1000 }), 995, 100], // 99.5 → 100
    [discount({ value: 1000 }), 994, 99],
    [discount({ value: 10_000 }), 995, 995],
    [discount({ kind: 'amount', value: 300 }), 995, 300],
    [discount({ kind: 'amount', value: 3000 }), 995, 995],
  ])('takes %j off %p fen as %p', (applied, price, expected) =>
    expect(unitDiscountFen(applied, price)).toBe(expected),
  );

  it('takes the one best discount, by priority between equals, and only from its quantity on', () => {
    const small = discount({ name: 'small', value: 500 });
    const big = discount({ name: 'big', value: 2000, minQuantity: 2 });
    expect(priceLine(1000, 1, [small, big])).toMatchObject({ discountName: 'small', actualFen: 950 });
    expect(priceLine(1000, 2, [small, big])).toMatchObject({ discountName: 'big', actualFen: 1600 });
    const equal = [discount({ name: 'low', priority: 1 }), discount({ name: 'high', priority: 2 })];
    expect(priceLine(1000, 1, equal).discountName).toBe('high');
  });
});
