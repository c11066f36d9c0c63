/** `fields` and `populate` choose from what an answer shows. */
import { startApp, type TestApp } from '../support/app';
import { createAddress, createStaff, type SignedInClient } from '../support/factories/accounts';
import { makeBranch, makeBrand, makeProduct } from '../support/factories/catalogue';
import { type Buyer, createBuyer, placePaidOrder, stockProduct } from '../support/factories/orders';

let app: TestApp;
let staff: SignedInClient;
let buyer: Buyer;
let product: string;
let refund: string;

beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
  buyer = await createBuyer(app);
  product = await stockProduct(app, staff, 5);
  const { order } = await placePaidOrder(app, buyer, product);
  const answer = await app
    .api('post', `/orders/${order.documentId}/refund`, buyer.token)
    .send({ reason: '不想要了' });
  refund = answer.body.data.documentId;
});
afterAll(() => app?.stop());

const expectRefused = async (path: string, token?: string) => {
  const { status, body } = await app.api('get', path, token);
  expect([path, status, body.error?.details.code]).toEqual([path, 400, 'VALIDATION_FAILED']);
};

describe('fields', () => {
  it.each<[string, () => string, () => string, string[]]>([
    ['refunds', () => '/refunds', () => buyer.token, ['amount', 'status']],
    ['a refund', () => `/refunds/${refund}`, () => buyer.token, ['amount', 'order']],
    ['addresses', () => '/addresses', () => buyer.token, ['city', 'isDefault']],
    ['an address', () => `/addresses/${buyer.address}`, () => buyer.token, ['city']],
    ['users', () => '/users', () => staff.token, ['username', 'blocked']],
    ['a user', () => `/users/${buyer.user.documentId}`, () => staff.token, ['username']],
    ['notifications', () => '/notifications', () => buyer.token, ['title', 'createdAt']],
    ['stock movements', () => `/inventory/${product}/logs`, () => staff.token, ['changeType', 'reason']],
  ])('of %s are those that were named, and the documentId', async (_name, path, token, fields) => {
    const whole = await app.api('get', path(), token());
    const part = await app.api('get', `${path()}?fields=${fields.join(',')}`, token());
    expect(part.status).toBe(200);
    const [all, some] = [whole, part].map(({ body }) => [body.data].flat() as Record<string, unknown>[]);
    expect(some?.length).toBeGreaterThan(0);
    const wanted = ['documentId', ...fields];
    expect(some).toEqual(all?.map((row) => Object.fromEntries(wanted.map((name) => [name, row[name]]))));
    const byIndex = await app.api('get', `${path()}?fields[0]=documentId&fields[1]=${fields[0]}`, token());
    expect(Object.keys([byIndex.body.data].flat()[0]).sort()).toEqual(['documentId', fields[0]].sort());
    await expectRefused(`${path()}?fields=${fields[0]},password`, token());
    await expectRefused(`${path()}?fields=id`, token());
    await expectRefused(`${path()}?populate=user`, token());
    const everything = await app.api('get', `${path()}?fields=*`, token());
    expect(everything.body).toEqual(whole.body);
  });
});

describe('populate', () => {
  it.each([
    ['refunds', () => '/refunds', 'order'],
    ['a refund', () => `/refunds/${refund}`, 'payment'],
    ['orders', () => '/orders', 'product'],
  ])('of %s takes what is in the answer already', async (_name, path, relation) => {
    const plain = await app.api('get', path(), buyer.token);
    for (const query of [`populate=${relation}`, `populate[${relation}]=true`]) {
      const answer = await app.api('get', `${path()}?${query}`, buyer.token);
      expect([query, answer.status, answer.body]).toEqual([query, 200, plain.body]);
    }
    await expectRefused(`${path()}?populate[${relation}][fields][0]=price`, buyer.token);
    await expectRefused(`${path()}?populate=createdBy`, buyer.token);
  });

  describe('of products', () => {
    let path: string;
    let all: Record<string, { documentId: string; name: string; logo: unknown }>;

    beforeAll(async () => {
      const brand = await makeBrand(app);
      const { item } = await makeBranch(app);
      const made = await makeProduct(app, { brand: brand.documentId, category: item.documentId });
      path = `/products/${made.documentId}`;
      all = (await app.api('get', path)).body.data;
    });

    it('shows the fields named of a relation, and its documentId', async () => {
      const read = async (query: string) => (await app.api('get', `${path}?${query}`)).body.data;
      const { documentId, name } = all.brand ?? {};
      expect((await read('populate[brand][fields][0]=name')).brand).toEqual({ documentId, name });
      expect((await read('populate[brand][fields]=documentId')).brand).toEqual({ documentId });
      expect((await read('populate[brand][fields]=*')).brand).toEqual(all.brand);
      expect((await read('populate[brand]=*')).brand).toEqual(all.brand);
      const two = await read('fields=price&populate[brand][fields]=logo&populate[category]=true');
      expect(two).toEqual({
        documentId: all.documentId,
        price: 1999,
        brand: { documentId, logo: null },
        category: all.category,
      });
      expect(await read('populate[brand]=true&populate[category]=false')).not.toHaveProperty('category');
    });

    it.each([
      'populate[brand][nonsense]=1',
      'populate[brand][populate]=*',
      'populate[brand][filters][name]=x',
      'populate[brand][fields][0]=description',
      'populate[brand][fields]=name,id',
      'populate[brand]=perhaps',
      'populate[mainImages][fields]=hash',
      'populate[createdBy][fields]=email',
    ])('refuses %s', async (query) => {
      for (const from of [path, '/products', `${path}/related`, '/products/recommended'])
        await expectRefused(`${from}?${query}`);
    });

    it.each(['/brands?populate[logo][fields]=url', '/categories?populate[parent][nonsense]=1'])(
      'refuses to pass over %s',
      (query) => expectRefused(query),
    );
  });
});

it('an address that is not there is not there, whatever is asked of it', async () => {
  const { documentId } = await createAddress(app, buyer.token);
  expect((await app.api('get', `/addresses/${documentId}?fields=city`, staff.token)).status).toBe(404);
});
