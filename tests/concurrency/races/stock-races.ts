/** Many buyers, few pieces. */
import type { RaceBuyer, RaceShop } from '../../support/race-shop';
import { countSold, type Race } from '../../support/race-run';
import { dice } from '../../support/seeds';

const BUYERS = 500;

async function expectFigures(shop: RaceShop, product: string, onHand: number, locked: number): Promise<void> {
  const found = await shop.figures(product);
  if (found.onHand !== onHand || found.locked !== locked)
    throw new Error(`stock is ${JSON.stringify(found)}, should be ${onHand} on hand, ${locked} locked`);
}

const buyersForPieces = (pieces: number): Race => ({
  name: `500 buyers for ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`,
  short: 1,
  async run(shop, seed) {
    const { shuffle } = dice(seed);
    const buyers = shuffle(await shop.shoppers(BUYERS));
    const product = await shop.product(pieces);
    const sold = countSold(await Promise.all(buyers.map((buyer) => shop.order(buyer, product))));
    if (sold !== pieces) throw new Error(`${sold} sold of ${pieces}`);
    await expectFigures(shop, product, pieces, pieces);
  },
});

const checkout = (shop: RaceShop, buyer: RaceBuyer, items: { product: string; quantity: number }[]) =>
  shop.call('POST', '/orders/checkout', { token: buyer.token, body: { items, address: buyer.address } });

const crossingBaskets: Race = {
  name: 'baskets that cross (A+B against B+A)',
  short: 2,
  async run(shop, seed) {
    const { int, once } = dice(seed);
    const buyers = await shop.shoppers(80);
    const [a, b] = [await shop.product(20 + int(30)), await shop.product(20 + int(30))];
    const answers = await Promise.all(
      buyers.map((buyer) => {
        const items = [
          { product: a, quantity: 1 + int(2) },
          { product: b, quantity: 1 + int(2) },
        ];
        return checkout(shop, buyer, once(2) ? items : items.reverse());
      }),
    );
    countSold(answers);
  },
};

const sameProductTwice: Race = {
  name: 'the same product twice in one basket',
  short: 2,
  async run(shop, seed) {
    const { int } = dice(seed);
    const buyers = await shop.shoppers(40);
    const [first, second] = [1 + int(3), 1 + int(3)];
    const fitting = 1 + int(6);
    // What is left over after the baskets that fit is never enough for one more, line by line it would be.
    const stock = fitting * (first + second) + Math.max(first, second) - 1;
    const product = await shop.product(stock);
    const items = [
      { product, quantity: first },
      { product, quantity: second },
    ];
    const sold = countSold(await Promise.all(buyers.map((buyer) => checkout(shop, buyer, items))));
    if (sold !== fitting) throw new Error(`${sold} baskets sold of ${fitting}`);
    await expectFigures(shop, product, stock, fitting * (first + second));
  },
};

const twoHotProducts: Race = {
  name: 'two hot products',
  short: 1,
  async run(shop, seed) {
    const { int, once, pick } = dice(seed);
    const buyers = await shop.shoppers(300);
    const stock = [10 + int(40), 10 + int(40)] as const;
    const products = [await shop.product(stock[0]), await shop.product(stock[1])] as const;
    const answers = await Promise.all(
      buyers.map((buyer) =>
        once(5)
          ? checkout(shop, buyer, [
              { product: products[int(2)] ?? products[0], quantity: 1 },
              { product: pick(products), quantity: 1 },
            ])
          : shop.order(buyer, pick(products)),
      ),
    );
    countSold(answers);
    // So many more buyers than pieces that both are sold to the last one.
    for (const index of [0, 1] as const) {
      const { locked } = await shop.figures(products[index]);
      if (locked !== stock[index])
        throw new Error(`${locked} of ${stock[index]} sold, and buyers were refused`);
    }
  },
};

export const STOCK_RACES: Race[] = [
  buyersForPieces(1),
  buyersForPieces(10),
  buyersForPieces(100),
  crossingBaskets,
  sameProductTwice,
  twoHotProducts,
];
