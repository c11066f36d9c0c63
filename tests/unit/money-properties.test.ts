import fc from 'fast-check';

import { fenToYuan, yuanToFen } from '../../src/domain/money';
import { type ApplicableDiscount, priceLine } from '../../src/domain/pricing';
import { splitFen } from '../../src/domain/refunds';

const RUNS = 100_000;
// Some seconds each; a machine that is busy with other suites takes longer.
jest.setTimeout(180_000);
/** Printed when a property fails, together with the smallest basket that breaks it. */
const run = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: RUNS, seed: 20_240_817 });

const discount: fc.Arbitrary<ApplicableDiscount> = fc.oneof(
  fc.record({
    name: fc.constant('立减'),
    kind: fc.constant('amount' as const),
    value: fc.integer({ min: -100, max: 1_000_000 }),
    minQuantity: fc.integer({ min: 0, max: 5 }),
    priority: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({
    name: fc.constant('折扣'),
    kind: fc.constant('percent' as const),
    value: fc.integer({ min: -100, max: 12_000 }),
    minQuantity: fc.integer({ min: 0, max: 5 }),
    priority: fc.integer({ min: -3, max: 3 }),
  }),
);
const line = fc.record({
  unitPriceFen: fc.integer({ min: 1, max: 10_000_000 }),
  quantity: fc.integer({ min: 1, max: 999 }),
  discounts: fc.array(discount, { maxLength: 4 }),
});
const basket = fc.array(line, { minLength: 1, maxLength: 6 });
const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

describe(`over ${RUNS} random baskets`, () => {
  it('the parts add up to the whole, and every discount stays within 0 and the price', () => {
    run(basket, (lines) => {
      const priced = lines.map(({ unitPriceFen, quantity, discounts }) =>
        priceLine(unitPriceFen, quantity, discounts),
      );
      for (const { totalFen, discountFen, actualFen, unitPriceFen, quantity } of priced) {
        if (totalFen !== unitPriceFen * quantity) throw new Error('a total is not price times quantity');
        if (discountFen < 0 || discountFen > totalFen) throw new Error('a discount left its bounds');
        if (actualFen + discountFen !== totalFen) throw new Error('the parts are not the whole');
        // One piece is one order of a supplier's product, so every piece must come out at whole fen.
        if (!Number.isInteger(discountFen / quantity)) throw new Error('a piece is worth no whole fen');
      }
      const whole = sum(priced.map(({ totalFen }) => totalFen));
      const rest = sum(priced.map(({ actualFen }) => actualFen));
      if (whole - sum(priced.map(({ discountFen }) => discountFen)) !== rest)
        throw new Error('the basket does not add up');
    });
  });

  it('yuan in a column and fen in a calculation are the same amount, there and back', () => {
    run(fc.array(fc.integer({ min: 0, max: 9_999_999_999 }), { minLength: 1, maxLength: 6 }), (amounts) => {
      const back = amounts.map((fen) => yuanToFen(fenToYuan(fen)));
      if (sum(back) !== sum(amounts)) throw new Error('an amount changed on its way through a column');
    });
  });

  it('a refund splits over the orders of a payment without losing or making a fen', () => {
    const refund = fc.record({
      totalFen: fc.integer({ min: 0, max: 9_999_999_999 }),
      weights: fc
        .array(fc.integer({ min: 0, max: 9_999_999_999 }), { minLength: 1, maxLength: 12 })
        .filter((weights) => sum(weights) > 0),
    });
    run(refund, ({ totalFen, weights }) => {
      const parts = splitFen(totalFen, weights);
      if (sum(parts) !== totalFen) throw new Error(`${sum(parts)} fen came of ${totalFen}`);
      const all = BigInt(sum(weights));
      parts.forEach((part, place) => {
        if (part < 0 || !Number.isInteger(part)) throw new Error('a part is no amount');
        const exact = BigInt(totalFen) * BigInt(weights[place] ?? 0);
        const lowest = exact / all;
        if (BigInt(part) < lowest || BigInt(part) > lowest + 1n) throw new Error('a part is not its share');
        if (weights[place] === 0 && part !== 0) throw new Error('somebody without a share got one');
      });
    });
  });

  it('refunds in any number of parts give back exactly what was paid', () => {
    const parts = fc.record({
      paidFen: fc.integer({ min: 1, max: 10_000_000 }),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    });
    run(parts, ({ paidFen, cuts }) => {
      let leftFen = paidFen;
      let returnedYuan: number[] = [];
      for (const cut of cuts) {
        const partFen = Math.floor(leftFen * cut);
        leftFen -= partFen;
        returnedYuan = [...returnedYuan, fenToYuan(partFen)];
      }
      const returnedFen = sum([...returnedYuan, fenToYuan(leftFen)].map(yuanToFen));
      if (returnedFen !== paidFen) throw new Error('refunds do not add up to the payment');
    });
  });
});

describe('splitting', () => {
  it('gives what is left over to the largest remainders, the earlier of equals first', () => {
    expect(splitFen(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitFen(10, [1, 2, 4])).toEqual([1, 3, 6]);
    expect(splitFen(9_999_999_999, [9_999_999_998, 9_999_999_997])).toEqual([5_000_000_000, 4_999_999_999]);
    expect(splitFen(0, [3, 5])).toEqual([0, 0]);
  });

  it('refuses what is no amount, and nobody to give to', () => {
    for (const [total, weights] of [
      [1.5, [1]],
      [-1, [1]],
      [1, [0.5]],
      [1, [-1, 2]],
      [1, []],
      [1, [0, 0]],
    ] as const)
      expect(() => splitFen(total, [...weights])).toThrow(RangeError);
  });
});
