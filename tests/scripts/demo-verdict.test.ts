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

const goodAtHaier = {
  order: { status: 'completed', haierStatus: 'confirmed' },
  payment: { status: 'succeeded' },
  pushes: [{ stage: 'delivered' }],
  callbacks: [{ event: 'confirm', attempts: [{ problems: [] }] }],
  images: ['delivery'],
};

const judgeHaier = (outcome: unknown) =>
  evaluate<string[]>(
    `import { judgeHaier } from ${script('lib/play-demo.mjs')}; answer(judgeHaier(${JSON.stringify(outcome)}));`,
  );

describe('the verdict on its Haier order', () => {
  it('is good when everything ended as it should', async () => {
    expect(await judgeHaier(goodAtHaier)).toEqual([]);
  });

  it.each([
    [
      'an order that is not completed',
      { ...goodAtHaier, order: { status: 'shipped', haierStatus: 'confirmed' } },
    ],
    [
      'an order Haier has not confirmed',
      { ...goodAtHaier, order: { status: 'completed', haierStatus: 'pushed' } },
    ],
    ['a payment that did not succeed', { ...goodAtHaier, payment: { status: 'pending' } }],
    ['an order YLH does not have', { ...goodAtHaier, pushes: [] }],
    ['an order YLH has twice', { ...goodAtHaier, pushes: [{ stage: 'delivered' }, { stage: 'delivered' }] }],
    [
      'a call-back answered wrongly',
      { ...goodAtHaier, callbacks: [{ event: 'confirm', attempts: [{ problems: ['no timeStamp'] }] }] },
    ],
    ['a delivery without photos', { ...goodAtHaier, images: [] }],
  ])('is bad for %s', async (_name, outcome) => {
    expect(await judgeHaier(outcome)).toHaveLength(1);
  });
});

describe('the Haier order of the demo', () => {
  const settings = (address: string) => ({
    haier: { baseUrl: address },
    ylh: { authUrl: address, orderBaseUrl: address, retailBaseUrl: address, stockBaseUrl: address },
  });
  const LOCAL = 'http://127.0.0.1:4010';

  /** Asks a server that has (or has not) YLH's book and these settings of the plugin. */
  const whyNot = (hasBook: boolean, data: object | undefined) =>
    evaluate<string[] | null>(`
      import { createServer } from 'node:http';
      import { whyNoHaier } from ${script('lib/demo-haier.mjs')};
      const answers = { '/control/ylh/orders': ${hasBook ? '[]' : 'undefined'}, '/haier-integration/settings': ${JSON.stringify(data && { data })} };
      const server = createServer((request, response) => {
        const found = answers[request.url];
        response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
      });
      server.listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + server.address().port;
        answer(await whyNoHaier({ panel: url, sandbox: url, admin: { token: 'token' } }));
        server.close();
        server.closeAllConnections();
      });
    `);

  it('is played where the sandbox has Haier and the shop is connected to it', async () => {
    expect(await whyNot(true, settings(LOCAL))).toBeNull();
  });

  it.each([
    ['the sandbox has no Haier', false, settings(LOCAL), /no simulator/],
    ['the shop has no plugin for it', true, undefined, /no plugin/],
    ['the shop is not set up', true, settings(''), /not connected/],
    [
      'one address of YLH leads elsewhere',
      true,
      { ...settings(LOCAL), ylh: { ...settings(LOCAL).ylh, orderBaseUrl: 'http://ylh.example/order' } },
      /not connected/,
    ],
  ])('is left out with a word when %s', async (_name, hasBook, data, words) => {
    expect((await whyNot(hasBook, data))?.join(' ')).toMatch(words);
  });
});
