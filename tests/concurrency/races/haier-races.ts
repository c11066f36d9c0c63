/** Haier's last pieces, wanted in two web processes at once: sold against Haier's word, less what this shop has promised. */
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

export const HAIER_RACES: Race[] = [lastPieces];
