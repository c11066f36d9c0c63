import type { Ports } from '../../src/plugins/haier-integration/server/src/ports';
import { compiled, startApp, type TestApp } from '../support/app';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

type PortsModule = typeof import('../../src/plugins/haier-integration/server/src/ports');

const UID = 'plugin::haier-integration.haier-mapping';
const PATH = '/haier-integration/mappings';
const BRANDS = [{ documentId: 'brandhaier00000000000000', name: '海尔' }];
const CATEGORIES = [{ documentId: 'categoryfridge0000000000', name: '冰箱' }];

let app: TestApp;
let admin: PanelUser;
let connected: Ports;

const ports = () => compiled<PortsModule>('src/plugins/haier-integration/server/src/ports');
const put = (mappings: unknown) => admin.call('put', PATH).send({ mappings });

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
  connected = ports().connectedPorts();
  ports().connectPorts({
    ...connected,
    catalogue: {
      listBrands: () => Promise.resolve(BRANDS),
      listCategories: () => Promise.resolve(CATEGORIES),
    } as never,
  });
  const seenAt = new Date('2026-06-30T00:00:00Z');
  await insertRaw(UID, { kind: 'brand', haierName: '卡萨帝', target: 'x', seenAt });
  await insertRaw(UID, { kind: 'brand', haierName: '统帅_1', target: null, seenAt });
  await insertRaw(UID, { kind: 'category', haierName: '冷柜', target: null, seenAt });
});
afterAll(async () => {
  ports().connectPorts(connected);
  await app?.stop();
});

describe('what a brand or product group of Haier stands for', () => {
  it('is listed with what it may stand for, names nobody has decided on first', async () => {
    const { status, body } = await admin.call('get', PATH);
    expect(status).toBe(200);
    expect(
      body.data.map(({ haierName, target }: { haierName: string; target: string }) => [haierName, target]),
    ).toEqual([
      ['统帅_1', null],
      ['冷柜', null],
      ['卡萨帝', 'x'],
    ]);
    expect(body.data[0]).toMatchObject({ kind: 'brand', seenAt: '2026-06-30T00:00:00.000Z' });
    expect(body.meta.targets).toEqual({ brand: BRANDS, category: CATEGORIES });
    expect(body.meta.pagination.total).toBe(3);
  });

  it.each([
    ['kind=category', ['冷柜']],
    ['unmapped=true', ['统帅_1', '冷柜']],
    ['unmapped=false', ['卡萨帝']],
    [`search=${encodeURIComponent('帅')}`, ['统帅_1']],
    ['search=_', ['统帅_1']],
    [`search=${encodeURIComponent('%')}`, []],
    ['pageSize=1&page=2', ['冷柜']],
  ])('is found by %s', async (query, names) => {
    const { body } = await admin.call('get', `${PATH}?${query}`);
    expect(body.data.map(({ haierName }: { haierName: string }) => haierName)).toEqual(names);
  });

  it('is set by staff, also for a name no sync has met, and taken back', async () => {
    const brand = BRANDS[0]?.documentId ?? '';
    const saved = await put([
      { kind: 'brand', haierName: '统帅_1', target: brand },
      { kind: 'category', haierName: '洗衣机', target: CATEGORIES[0]?.documentId },
      { kind: 'brand', haierName: '卡萨帝', target: 'wrong' },
      { kind: 'brand', haierName: '卡萨帝', target: null },
    ]);
    // Nothing of a list with a mistake is saved.
    expect([saved.status, saved.body.error.details.errors]).toMatchObject([
      400,
      [{ path: ['mappings', 2, 'target'] }],
    ]);
    const right = await put([
      { kind: 'brand', haierName: '统帅_1', target: brand },
      { kind: 'category', haierName: '洗衣机', target: CATEGORIES[0]?.documentId },
      { kind: 'brand', haierName: '卡萨帝', target: brand },
      { kind: 'brand', haierName: '卡萨帝', target: null },
    ]);
    expect(right.status).toBe(200);
    const rows = (await rowsOf(app, UID)) as {
      haier_name: string;
      target: string | null;
      seen_at: unknown;
    }[];
    expect(rows.map(({ haier_name, target }) => [haier_name, target])).toEqual([
      ['卡萨帝', null],
      ['统帅_1', brand],
      ['冷柜', null],
      ['洗衣机', CATEGORIES[0]?.documentId],
    ]);
    // When a name was seen is the sync's to say.
    expect(rows[1]?.seen_at).not.toBeNull();
  });

  it.each([
    [[]],
    [[{ kind: 'brand', haierName: '', target: null }]],
    [[{ kind: 'colour', haierName: 'x', target: null }]],
    [[{ kind: 'brand', haierName: 'x' }]],
    [Array.from({ length: 501 }, (_, n) => ({ kind: 'brand', haierName: `n${n}`, target: null }))],
  ])('refuses what is no mapping (%#)', async (mappings) => {
    const { status, body } = await put(mappings);
    expect([status, body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('is not there where the shop has connected no catalogue', async () => {
    const before = ports().connectedPorts();
    ports().connectPorts({});
    const answer = await admin.call('get', PATH);
    expect([answer.status, answer.body.error.details.port]).toEqual([503, 'catalogue']);
    expect((await put([{ kind: 'brand', haierName: 'x', target: null }])).status).toBe(503);
    ports().connectPorts(before);
  });
});
