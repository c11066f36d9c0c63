import { BODIES } from '../support/hostile-bodies';
import { wrongBodies } from '../support/hostile-shapes';
import { useHostileSuite } from '../support/hostile-suite';
import { hostileBodies, ODD_TEXTS } from '../support/hostile-values';
import { ADDRESS_INPUT as ADDRESS } from '../support/factories/accounts';

const suite = useHostileSuite();
const writes = () => suite.routes.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method));

describe('a body that is wrong', () => {
  it('is described here for every route that takes one', () => {
    expect(
      writes()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(BODIES).sort());
  });

  it('as a whole is refused by every route, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route, index) =>
        // What is heavy is stopped before any route is looked for: some of it on each, the rest on the next.
        Object.entries(hostileBodies())
          .filter(([, body], turn) => body.length < 1_000 || (turn + index) % 3 === 0)
          .map(([name, body]) => ({
            name: `${route.name} with ${name}`,
            request: suite.requestTo(route, { body }),
            codes: ['VALIDATION_FAILED' as const],
          })),
      ),
    );
  });

  it('in one field is refused with the name of that field, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          wrongBodies(shape, suite.world).map(({ name, body, field }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: suite.requestTo(route, { body }),
            codes: ['VALIDATION_FAILED' as const],
            field,
          })),
        ),
      ),
    );
  });

  it('in what it names is refused with the code for that, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          (shape.wrong?.(suite.world) ?? []).map(({ name, body, codes }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: suite.requestTo(route, { body: JSON.stringify(body) }),
            codes,
          })),
        ),
      ),
    );
  });
});

describe('a text that is only odd', () => {
  const address = (name: string) => ({ ...ADDRESS, contactName: name.slice(0, 50), detail: name });

  it('is kept as it was sent, in an address and in the note of an order', async () => {
    const { shopper, products, ids } = suite.world;
    for (const odd of ODD_TEXTS) {
      const changed = await suite.app
        .api('put', `/addresses/${ids.addresses}`, shopper.token)
        .send({ data: address(odd) });
      expect([changed.status, changed.body.data?.detail]).toEqual([200, odd]);
      const order = await suite.app.api('post', '/orders', shopper.token).send({
        data: { product: products.onSale, quantity: 1, address: shopper.address, note: `${odd}\n${odd}` },
      });
      expect([order.status, order.body.data?.note]).toEqual([201, `${odd}\n${odd}`]);
    }
  });

  it('is searched for as it is, and finds nothing', async () => {
    for (const odd of ODD_TEXTS) {
      const answer = await suite.app.api('get', `/products?search=${encodeURIComponent(odd)}`);
      expect([answer.status, answer.body.data]).toEqual([200, []]);
    }
  });

  it('is taken at the greatest length that is promised, in Chinese and in emoji', async () => {
    const { shopper, staff, products, ids } = suite.world;
    for (const letter of ['长', '🧊']) {
      const of = (length: number) => letter.repeat(length);
      const long = { ...ADDRESS, town: of(50), contactName: of(50), detail: of(200) };
      // A region of such names has no code; an order needs one.
      const nowhere = { ...long, province: of(50), city: of(50), district: of(50), districtCode: null };
      const save = (data: object) => suite.app.api('post', '/addresses', shopper.token).send({ data });
      const kept = await save(nowhere);
      expect([kept.status, kept.body.data]).toMatchObject([201, nowhere]);
      const changed = await save(long);
      expect([changed.status, changed.body.data]).toMatchObject([201, long]);
      const order = await suite.app.api('post', '/orders', shopper.token).send({
        data: {
          product: products.onSale,
          quantity: 1,
          address: changed.body.data.documentId,
          note: of(500),
        },
      });
      expect([order.status, order.body.data]).toMatchObject([
        201,
        { note: of(500), snapshotAddress: of(200), snapshotTown: of(50) },
      ]);
      const cancelled = await suite.app
        .api('post', `/orders/${order.body.data.documentId}/cancel`, shopper.token)
        .send({ reason: of(200) });
      expect([cancelled.status, cancelled.body.data?.cancelReason]).toEqual([200, of(200)]);
      const adjusted = await suite.app
        .api('post', `/inventory/${ids.inventory}/adjust`, staff.token)
        .send({ delta: 1, reason: of(200) });
      expect(adjusted.status).toBe(200);
    }
    const avatarUrl = `https://wx.qlogo.cn/${'a'.repeat(235)}`;
    const profile = await suite.app.api('put', '/users/me', shopper.token).send({ data: { avatarUrl } });
    expect([profile.status, profile.body.data?.avatarUrl]).toEqual([200, avatarUrl]);
    const email = `${'e'.repeat(60)}@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.cn`;
    const mail = await suite.app
      .api('put', '/users/me', shopper.token)
      .send({ data: { email, username: '长'.repeat(30) } });
    expect([mail.status, mail.body.data?.email]).toEqual([200, email]);
  });
});
