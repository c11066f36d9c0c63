/** Everything that can happen to one order, at once and in every pairing. */
import type { RaceAnswer, RaceBuyer, RaceShop } from '../../support/race-shop';
import { type Race, together } from '../../support/race-run';
import { type Dice, dice } from '../../support/seeds';

/** Of every pairing so many orders run beside each other in one seed. */
const ORDERS_EACH = 2;
/** A worker looks for due messages about this often, so a deadline falls anywhere in it. */
const SPREAD_MS = 400;

interface Placed {
  id: string;
  buyer: RaceBuyer;
  payment: string;
  payParams: Record<string, unknown>;
}

const conflictsOnly = (what: string, { status, body }: RaceAnswer): void => {
  if (status >= 300 && status !== 409) throw new Error(`${what} answered ${status} ${JSON.stringify(body)}`);
};

async function placeAndStartPaying(shop: RaceShop, buyer: RaceBuyer, product: string): Promise<Placed> {
  const order = await shop.order(buyer, product);
  const id = order.body.data?.documentId;
  const paying = await shop.call('POST', '/payments', {
    token: buyer.token,
    body: { order: id, method: 'wechat' },
  });
  if (id === undefined || paying.status !== 201)
    throw new Error(`placing answered ${JSON.stringify(order)}, paying ${JSON.stringify(paying)}`);
  return {
    id,
    buyer,
    payment: String(paying.body.data?.documentId),
    payParams: paying.body.payParams as Record<string, unknown>,
  };
}

type Act = (shop: RaceShop, placed: Placed) => Promise<void>;

const cancel: Act = async (shop, { id, buyer }) =>
  conflictsOnly(
    'cancel',
    await shop.call('POST', `/orders/${id}/cancel`, { token: buyer.token, body: { reason: '不要了' } }),
  );

const cancelByStaff: Act = async (shop, { id }) =>
  conflictsOnly(
    'cancel by staff',
    await shop.call('POST', `/orders/${id}/cancel`, { token: shop.staff, body: { reason: '缺货' } }),
  );

/** The shopper pays (or finds that it is too late), and comes back to the mini-program, which asks. */
const pay: Act = async (shop, { buyer, payment, payParams }) => {
  shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'send' });
  conflictsOnly(
    'sync',
    await shop.call('POST', `/payments/${payment}/sync`, { token: buyer.token, body: {} }),
  );
};

const expire: Act = (shop, { id }) => shop.makeDue(id);

const refund: Act = async (shop, { id, buyer }) =>
  conflictsOnly(
    'refund',
    await shop.call('POST', `/orders/${id}/refund`, { token: buyer.token, body: { reason: '不合适' } }),
  );

const ship: Act = async (shop, { id }) =>
  conflictsOnly(
    'ship',
    await shop.call('POST', `/orders/${id}/ship`, {
      token: shop.staff,
      body: { company: '顺丰', trackingNumber: 'SF1' },
    }),
  );

/** A refund can only be asked of an order that is paid. */
const payFirst = [refund, ship];

async function pit(shop: RaceShop, { int }: Dice, placed: Placed, acts: Act[]): Promise<void> {
  if (acts.some((act) => payFirst.includes(act)) && int(3) > 0) await pay(shop, placed);
  await together(acts.map((act) => ({ afterMs: int(SPREAD_MS), act: () => act(shop, placed) })));
}

/** Staff decide whatever was asked for: mostly yes. */
async function decideRefunds(shop: RaceShop, { once }: Dice): Promise<void> {
  const asked = (await shop.db('refunds').where({ status: 'requested' }).select('document_id')) as {
    document_id: string;
  }[];
  for (const { document_id: id } of asked) {
    const decision = once(4) ? 'reject' : 'approve';
    conflictsOnly(
      decision,
      await shop.call('POST', `/refunds/${id}/${decision}`, { token: shop.staff, body: { reason: '同意' } }),
    );
  }
}

function pairings(name: string, short: number, groups: Act[][]): Race {
  return {
    name,
    short,
    async run(shop, seed) {
      const chance = dice(seed);
      const buyers = await shop.shoppers(groups.length * ORDERS_EACH);
      const product = await shop.product(groups.length * ORDERS_EACH - chance.int(2));
      const matches = groups.flatMap((acts) => Array.from({ length: ORDERS_EACH }, () => acts));
      await Promise.all(
        matches.map(async (acts, place) => {
          const buyer = buyers[place] as RaceBuyer;
          // The last piece may be gone; then there is nothing to fight over.
          const first = await shop.order(buyer, product).then(({ body }) => body.data?.documentId);
          if (first === undefined) return;
          const paying = await shop.call('POST', '/payments', {
            token: buyer.token,
            body: { order: first, method: 'wechat' },
          });
          if (paying.status !== 201) throw new Error(`paying answered ${JSON.stringify(paying)}`);
          const payParams = paying.body.payParams as Record<string, unknown>;
          const payment = String(paying.body.data?.documentId);
          await pit(shop, chance, { id: first, buyer, payment, payParams }, acts);
        }),
      );
      await decideRefunds(shop, chance);
    },
  };
}

const everyPairing = pairings('cancel, pay, expire, refund: every pairing', 2, [
  [cancel, pay],
  [cancel, expire],
  [cancel, refund],
  [pay, expire],
  [pay, refund],
  [expire, refund],
  [cancel, pay, expire, refund],
]);

const shipAgainstCancel = pairings('ship against cancel, refund and pay', 2, [
  [ship, cancel],
  [ship, cancelByStaff],
  [ship, refund],
  [ship, pay, cancel],
  [ship, ship, refund, expire],
]);

const outcomes = (answers: RaceAnswer[]): number[] => answers.map(({ status }) => status).sort();

function expectOneWinner(what: string, answers: RaceAnswer[]): void {
  const won = answers.filter(({ status }) => status < 300).length;
  const lost = answers.filter(({ status }) => status === 409).length;
  if (won !== 1 || won + lost !== answers.length)
    throw new Error(`${what}: one should win, the others be refused: ${outcomes(answers).join(', ')}`);
}

/** Two members of staff at two windows press the same buttons. */
const twoStaff: Race = {
  name: 'two staff members at once',
  short: 1,
  async run(shop, seed) {
    const chance = dice(seed);
    const [first, second] = (await shop.shoppers(2)) as [RaceBuyer, RaceBuyer];
    const product = await shop.product(10);
    const [a, b] = [
      await placeAndStartPaying(shop, first, product),
      await placeAndStartPaying(shop, second, product),
    ];
    for (const placed of [a, b]) await pay(shop, placed);
    const asStaff = (path: string, body: object, web: number) => () =>
      shop.call('POST', path, { token: shop.staff, body, web });
    const atOnce = async (...acts: (() => Promise<RaceAnswer>)[]): Promise<RaceAnswer[]> =>
      (await together(acts.map((act) => ({ afterMs: chance.int(8), act })))) as RaceAnswer[];
    const parcel = { company: '顺丰', trackingNumber: 'SF1' };
    expectOneWinner(
      'two shipments',
      await atOnce(asStaff(`/orders/${a.id}/ship`, parcel, 0), asStaff(`/orders/${a.id}/ship`, parcel, 1)),
    );
    const asked = await shop.call('POST', `/orders/${b.id}/refund`, {
      token: b.buyer.token,
      body: { reason: '不合适' },
    });
    const refundPath = `/refunds/${String(asked.body.data?.documentId)}`;
    expectOneWinner(
      'approve against reject',
      await atOnce(
        asStaff(`${refundPath}/approve`, {}, chance.int(2)),
        asStaff(`${refundPath}/reject`, { reason: '已备货' }, chance.int(2)),
        asStaff(`${refundPath}/approve`, {}, chance.int(2)),
      ),
    );
    const before = await shop.figures(product);
    const adjusted = await atOnce(
      ...[3, -2, 5, -1].map((delta, place) =>
        asStaff(`/inventory/${product}/adjust`, { delta, reason: '盘点' }, place),
      ),
    );
    if (adjusted.some(({ status }) => status !== 200))
      throw new Error(`adjusting answered ${outcomes(adjusted).join(', ')}`);
    await shop.calm();
    const after = await shop.figures(product);
    if (after.onHand !== before.onHand + 5)
      throw new Error(`four adjustments made ${before.onHand} into ${after.onHand}`);
  },
};

/** Deadlines of one moment are met together; they meet shoppers who cancel, pay at last, or want the pieces. */
const deadlinesTogether: Race = {
  name: 'many deadlines at once, with cancels, payments and new buyers',
  short: 1,
  async run(shop, seed) {
    const chance = dice(seed);
    const buyers = await shop.shoppers(40);
    const products = [await shop.product(25), await shop.product(25)];
    const place = async (buyer: RaceBuyer): Promise<Placed | undefined> => {
      const product = chance.pick(products);
      if (chance.once(4)) return placeAndStartPaying(shop, buyer, product);
      const id = (await shop.order(buyer, product)).body.data?.documentId;
      return id === undefined ? undefined : { id, buyer, payment: '', payParams: {} };
    };
    const placed = (await Promise.all(buyers.slice(0, 30).map(place))).filter((each) => each !== undefined);
    await together([
      ...placed.map((each) => ({ afterMs: chance.int(150), act: () => shop.makeDue(each.id) })),
      ...placed
        .filter(() => chance.once(3))
        .map((each) => ({
          afterMs: chance.int(SPREAD_MS),
          act: () => (each.payment === '' ? cancel(shop, each) : pay(shop, each)),
        })),
      ...buyers.slice(30).map((buyer) => ({
        afterMs: chance.int(2 * SPREAD_MS),
        act: async () => {
          const answer = await shop.order(buyer, chance.pick(products));
          if (answer.status !== 201) conflictsOnly('an order', answer);
        },
      })),
    ]);
    await shop.calm();
    const [{ late }] = (await shop
      .db('orders')
      .where({ status: 'pending' })
      .where('expires_at', '<=', new Date())
      .count({ late: '*' })) as [{ late: string }];
    if (Number(late) > 0) throw new Error(`${late} orders have outlived their deadline`);
  },
};

export const ORDER_RACES: Race[] = [everyPairing, shipAgainstCancel, twoStaff, deadlinesTogether];
