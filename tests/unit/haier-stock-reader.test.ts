import { createStockReader } from '../../src/plugins/haier-integration/server/src/services/stock-reader';

const stockOf = (productCode: string, countyCode: string, pieces: number) => ({
  productCode,
  countyCode,
  pieces,
  deliveryPromise: null,
  warehouses: [],
});

function createReader() {
  const clock = { ms: 1_000 };
  const asked: string[] = [];
  const waiting: ((result: number | Error) => void)[] = [];
  const reader = createStockReader({
    now: () => clock.ms,
    guard: () => undefined,
    ask: (productCode, countyCode) =>
      new Promise((resolve, reject) => {
        asked.push(`${productCode}@${countyCode}`);
        waiting.push((result) =>
          result instanceof Error ? reject(result) : resolve(stockOf(productCode, countyCode, result)),
        );
      }),
  });
  const answer = (result: number | Error): void => waiting.shift()?.(result);
  return { clock, asked, answer, reader };
}

describe('stock at Haier', () => {
  it('is asked for once by many, and kept for a minute', async () => {
    const { reader, asked, answer, clock } = createReader();
    const many = Promise.all(Array.from({ length: 20 }, () => reader.read('A', '370212')));
    await Promise.resolve();
    expect(asked).toEqual(['A@370212']);
    clock.ms += 400;
    answer(7);
    // Age counts from the question, for what was sold meanwhile may be missing in the answer.
    expect((await many).map(({ pieces, ageMs }) => [pieces, ageMs])).toEqual(
      Array.from({ length: 20 }, () => [7, 400]),
    );
    clock.ms = 1_000 + 59_999;
    expect(await reader.read('A', '370212')).toMatchObject({ pieces: 7, ageMs: 59_999 });
    expect(asked).toHaveLength(1);
    clock.ms += 1;
    const next = reader.read('A', '370212');
    await Promise.resolve();
    answer(6);
    expect(await next).toMatchObject({ pieces: 6, ageMs: 0 });
    expect(asked).toHaveLength(2);
  });

  it('is another question for another product or district', async () => {
    const { reader, asked, answer } = createReader();
    const all = [reader.read('A', '370212'), reader.read('A', '370202'), reader.read('B', '370212')];
    await Promise.resolve();
    for (const pieces of [1, 2, 3]) answer(pieces);
    expect((await Promise.all(all)).map(({ pieces }) => pieces)).toEqual([1, 2, 3]);
    expect(asked).toEqual(['A@370212', 'A@370202', 'B@370212']);
  });

  it('that could not be told is not remembered', async () => {
    const { reader, asked, answer } = createReader();
    const both = [reader.read('A', '370212'), reader.read('A', '370212')];
    await Promise.resolve();
    answer(new Error('down'));
    for (const one of both) await expect(one).rejects.toThrow('down');
    const next = reader.read('A', '370212');
    await Promise.resolve();
    answer(4);
    expect((await next).pieces).toBe(4);
    expect(asked).toHaveLength(2);
  });

  it('keeps so many answers and forgets the oldest', async () => {
    const { reader, asked, answer } = createReader();
    for (let count = 0; count <= 5_000; count += 1) {
      const one = reader.read(`P${count}`, '370212');
      await Promise.resolve();
      answer(count);
      await one;
    }
    await reader.read('P5000', '370212');
    await reader.read('P1', '370212');
    expect(asked).toHaveLength(5_001);
    const oldest = reader.read('P0', '370212');
    await Promise.resolve();
    answer(0);
    await oldest;
    expect(asked).toHaveLength(5_002);
  });

  it('is refused where nothing may be asked, known or not', async () => {
    let mayAsk = true;
    const reader = createStockReader({
      guard() {
        if (!mayAsk) throw new Error('a transaction is open');
      },
      ask: (productCode, countyCode) => Promise.resolve(stockOf(productCode, countyCode, 1)),
    });
    await reader.read('A', '370212');
    mayAsk = false;
    await expect(reader.read('A', '370212')).rejects.toThrow('a transaction is open');
  });
});
