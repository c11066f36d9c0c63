import { evaluate, script } from './in-node';

const good = {
  orders: [{ orderNumber: 'A1', status: 'completed' }],
  payment: { status: 'succeeded' },
  shipping: { finished: true },
  stock: [{ name: '冰箱', quantity: 2, before: { onHand: 10, locked: 1 }, after: { onHand: 8, locked: 1 } }],
};

const judge = (outcome: unknown) =>
  evaluate<string[]>(
    `import { judge } from ${script('lib/play-demo.mjs')}; answer(judge(${JSON.stringify(outcome)}));`,
  );

describe('the verdict of npm run demo', () => {
  it('is good when everything ended as it should', async () => {
    expect(await judge(good)).toEqual([]);
  });

  it.each([
    ['an order that is not completed', { ...good, orders: [{ orderNumber: 'A1', status: 'shipped' }] }],
    ['no order at all', { ...good, orders: [] }],
    ['a payment that did not succeed', { ...good, payment: { status: 'pending' } }],
    ['a shipment WeChat was not told of', { ...good, shipping: undefined }],
    [
      'goods that did not leave',
      { ...good, stock: [{ ...good.stock[0], after: { onHand: 10, locked: 1 } }] },
    ],
    ['stock that stayed locked', { ...good, stock: [{ ...good.stock[0], after: { onHand: 8, locked: 3 } }] }],
  ])('is bad for %s', async (_name, outcome) => {
    expect(await judge(outcome)).toHaveLength(1);
  });
});
