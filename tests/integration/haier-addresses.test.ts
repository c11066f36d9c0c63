import { startApp, type TestApp } from '../support/app';
import { ADDRESS_INPUT, createAddress, createStaff, signInShopper } from '../support/factories/accounts';
import { placeOrder, stockProduct } from '../support/factories/orders';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await startApp();
  ({ token } = await signInShopper(app));
});
afterAll(() => app?.stop());

const { contactName, phone, detail } = ADDRESS_INPUT;
const save = (region: Record<string, unknown>) =>
  app.api('post', '/addresses', token).send({ data: { contactName, phone, detail, ...region } });
const count = async () =>
  (await app.api('get', '/addresses', token).expect(200)).body.meta.pagination.total as number;

describe('the district of an address', () => {
  it.each([
    ['found by its names', { province: '山东省', city: '青岛市', district: '崂山区' }, '370212'],
    ['found without endings', { province: '山东', city: '青岛', district: '崂山' }, '370212'],
    ['found in a municipality', { province: '北京市', city: '北京市', district: '东城区' }, '110101'],
    [
      'found in a city without districts',
      { province: '广东省', city: '东莞市', district: '长安镇' },
      '441900',
    ],
    [
      'believed when code and names agree',
      { province: '河北省', city: '石家庄市', district: '桥西区', districtCode: '130104' },
      '130104',
    ],
    [
      'put right when the picker gives the code of a town',
      { province: '广东省', city: '东莞市', district: '南城区', districtCode: '441901' },
      '441900',
    ],
    [
      'kept as the statistics bureau has it',
      { province: '江苏省', city: '苏州市', district: '苏州工业园区', districtCode: '320576' },
      '320576',
    ],
    [
      'left out when the shopper wants it so',
      { province: '新疆', city: '和田', district: '和安县', districtCode: null },
      null,
    ],
  ])('is %s', async (_, region, code) => {
    const answer = await save(region);
    expect([answer.status, answer.body.data?.districtCode]).toEqual([201, code]);
    // The names stay as the shopper wrote them.
    expect(answer.body.data).toMatchObject({ province: region.province, district: region.district });
  });

  it.each([
    ['no such district', { province: '山东省', city: '青岛市', district: '劳山区' }, '370212'],
    ['another province', { province: '浙江省', city: '青岛市', district: '崂山区' }, '370212'],
    [
      'names and code of two districts',
      { province: '山东省', city: '青岛市', district: '崂山区', districtCode: '110101' },
      '370212',
    ],
    [
      'a code that is nowhere',
      { province: '山东省', city: '青岛市', district: '崂山区', districtCode: '999999' },
      '370212',
    ],
  ])(
    'mistake 4: %s is refused at once, with the closest districts, and nothing is kept',
    async (_, region, first) => {
      const before = await count();
      const answer = await save(region);
      expect([answer.status, answer.body.error.details.code]).toEqual([422, 'REGION_UNKNOWN']);
      const { suggestions } = answer.body.error.details;
      expect(suggestions[0]).toEqual({
        province: expect.any(String),
        city: expect.any(String),
        district: expect.any(String),
        code: first,
      });
      expect(await count()).toBe(before);
      // A suggestion can be sent back as it is.
      const { code, ...names } = suggestions[0];
      const taken = await save({ ...names, districtCode: code });
      expect([taken.status, taken.body.data.districtCode]).toEqual([201, code]);
    },
  );

  it('stays when the whole address is sent again, and is looked for when the place changes', async () => {
    const { body } = await save({ province: '山东省', city: '青岛市', district: '崂山区' });
    const { documentId, createdAt, updatedAt, isDefault, ...all } = body.data;
    expect([createdAt, updatedAt, isDefault].every((value) => value !== undefined)).toBe(true);
    const put = (data: Record<string, unknown>) =>
      app.api('put', `/addresses/${documentId}`, token).send({ data });
    expect((await put(all)).body.data.districtCode).toBe('370212');
    expect((await put({ city: '济南市', district: '历下区' })).body.data.districtCode).toBe('370102');
    const refused = await put({ district: '崂山区' });
    expect([refused.status, refused.body.error.details.code]).toEqual([422, 'REGION_UNKNOWN']);
    const kept = (await app.api('get', `/addresses/${documentId}`, token)).body.data;
    expect(kept).toMatchObject({ district: '历下区', districtCode: '370102' });
  });

  it('is needed for an order, which names the closest when there is none', async () => {
    const address = await createAddress(app, token, { districtCode: null });
    const staff = await createStaff(app);
    const product = await stockProduct(app, staff, 5);
    const answer = await app
      .api('post', '/orders', token)
      .send({ data: { product, quantity: 1, address: address.documentId } });
    expect([answer.status, answer.body.error.details]).toEqual([
      422,
      expect.objectContaining({
        code: 'REGION_UNKNOWN',
        suggestions: [{ province: '山东省', city: '青岛市', district: '崂山区', code: '370212' }],
      }),
    ]);
  });

  it('may be a development zone for goods of the shop’s own', async () => {
    const shopper = await signInShopper(app);
    const address = await createAddress(app, shopper.token, {
      province: '江苏省',
      city: '苏州市',
      district: '苏州工业园区',
      districtCode: '320576',
    });
    const staff = await createStaff(app);
    const product = await stockProduct(app, staff, 5);
    const order = await placeOrder(app, { ...shopper, address: address.documentId }, product);
    expect(order).toMatchObject({ snapshotDistrict: '苏州工业园区', snapshotDistrictCode: '320576' });
  });
});
