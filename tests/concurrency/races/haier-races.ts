/** Haier in two web processes at once: its last pieces, sold against its word less what this shop has promised; its one token. */
import { haierProduct, payOrder } from '../../support/race-haier';
import type { RaceAnswer, RaceBuyer, RaceShop } from '../../support/race-shop';
import { countSold, type Race } from '../../support/race-run';
import { dice, pause } from '../../support/seeds';

const BUYERS = 40;
const PUSHED_WITHIN_MS = 30_000;

/** Every buyer at once, by turns in both processes; how many were sold must be so many. */
async function sell(
  shop: RaceShop,
  buyers: RaceBuyer[],
  { product, expected }: { product: string; expected: number },
): Promise<{ buyer: RaceBuyer; answer: RaceAnswer }[]> {
  const answers = await Promise.all(
    buyers.map((buyer, index) => shop.order(buyer, product, { web: index % 2 })),
  );
  const sold = countSold(answers);
  if (sold !== expected) throw new Error(`${sold} sold, should be ${expected}`);
  return answers.flatMap((answer, index) =>
    answer.status === 201 ? [{ buyer: buyers[index] as RaceBuyer, answer }] : [],
  );
}

const idOf = ({ body }: RaceAnswer): string => String(body.data?.documentId);

async function untilPushed(shop: RaceShop, id: string): Promise<void> {
  const deadline = Date.now() + PUSHED_WITHIN_MS;
  for (;;) {
    const { haier_status: status } = (await shop
      .db('orders')
      .where({ document_id: id })
      .first('haier_status')) as { haier_status: string };
    if (status === 'pushed') return;
    if (Date.now() > deadline) throw new Error(`the order is ${status}, not pushed`);
    await pause(50);
  }
}

const lastPieces: Race = {
  name: 'the last pieces at Haier, wanted in two processes',
  short: 1,
  async run(shop, seed) {
    const { int, shuffle } = dice(seed);
    const buyers = shuffle(await shop.shoppers(BUYERS));
    const pieces = 1 + int(2);
    const product = await haierProduct(shop, pieces);
    const sold = await sell(shop, buyers, { product, expected: pieces });
    // Paid and pushed within the minute for which Haier's answer is shared: Haier's figure of before does not know of it.
    const [paid] = sold as [(typeof sold)[number]];
    await payOrder(shop, paid.buyer, idOf(paid.answer));
    await untilPushed(shop, idOf(paid.answer));
    await sell(shop, buyers, { product, expected: 0 });
    // Who gives up leaves the piece to one of the others, and to one alone.
    const others = sold.slice(1);
    for (const { buyer, answer } of others) {
      const path = `/orders/${idOf(answer)}/cancel`;
      const { status } = await shop.call('POST', path, { token: buyer.token, body: {} });
      if (status !== 200) throw new Error(`the cancel was answered ${status}`);
    }
    await sell(shop, buyers, { product, expected: others.length });
  },
};

const DISTRICTS = ['370212', '370203', '110105', '310115', '440305', '510107'];
const WAVES = 3;

/** Questions Haier has not been asked within the minute, all at once and by turns in both processes. */
const askEverywhere = async (shop: RaceShop, products: string[]): Promise<RaceAnswer[]> =>
  Promise.all(
    products.flatMap((product, turn) =>
      DISTRICTS.map((district, index) =>
        shop.call('GET', `/products/${product}/availability?districtCode=${district}`, {
          web: (turn + index) % 2,
        }),
      ),
    ),
  );

async function answered(asking: Promise<RaceAnswer[]>): Promise<void> {
  const odd = (await asking).find(({ status }) => status !== 200);
  if (odd !== undefined) throw new Error(`a question was answered ${JSON.stringify(odd)}`);
}

const tokenEnds: Race = {
  name: 'Haier’s token, ended under questions in two processes',
  short: 1,
  async run(shop, seed) {
    const { int } = dice(seed);
    const { tokens } = shop.sandbox.control.haier;
    // A new token ends the one before it: two processes that each fetched their own would lock each other out.
    shop.sandbox.control.haier.habits({ token: { newEndsOld: true } });
    for (let wave = 0; wave < WAVES; wave += 1) {
      // The wave begins with a good token, so that no question meets two that have ended: such an account has lost its right.
      await answered(askEverywhere(shop, [await haierProduct(shop, 5)]));
      const products = await Promise.all(Array.from({ length: 4 }, () => haierProduct(shop, 5)));
      const before = tokens.list().length;
      const ended = pause(int(120)).then(() => tokens.end());
      await answered(askEverywhere(shop, products));
      await ended;
      const fetched = tokens.list().length - before;
      if (fetched > 1) throw new Error(`${fetched} tokens were fetched where one process fetches for all`);
    }
  },
};

export const HAIER_RACES: Race[] = [lastPieces, tokenEnds];
