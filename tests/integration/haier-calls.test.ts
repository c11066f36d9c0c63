import { compiled, startApp, type TestApp } from '../support/app';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { emptyCallLog, fillCallLog, scansOf } from '../support/haier-calls';

type Calls = typeof import('../../src/plugins/haier-integration/server/src/services/calls');
type Domain = typeof import('../../src/plugins/haier-integration/server/src/domain/call-log');

const PATH = '/haier-integration/calls';
const ROWS = 100_000;
const newest = new Date('2026-06-30T12:00:00.000Z');

let app: TestApp;
let admin: PanelUser;

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
  await emptyCallLog(app);
  await fillCallLog(app, ROWS, newest);
});
afterAll(() => app?.stop());

const find = (query: Record<string, string | number>) => admin.call('get', PATH).query(query);
type Line = {
  id: number;
  system: string;
  operation: string;
  outcome: string;
  subject: string;
  calledAt: string;
};

describe('the call log with 100,000 rows', () => {
  it('is read newest first, by pages, without bodies', async () => {
    const first = await find({});
    expect(first.status).toBe(200);
    expect(first.body.data).toHaveLength(20);
    expect(first.body.data[0]).toMatchObject({
      system: 'haier',
      operation: 'readStock',
      outcome: 'ok',
      httpStatus: 200,
      durationMs: 12,
      subject: 'SUBJECT-0',
      calledAt: newest.toISOString(),
    });
    expect(first.body.data[0]).not.toHaveProperty('requestBody');
    const second = await find({ page: 2, pageSize: 20 });
    const ids = [...first.body.data, ...second.body.data].map(({ id }: Line) => id);
    expect(new Set(ids).size).toBe(40);
    const times = [...first.body.data, ...second.body.data].map(({ calledAt }: Line) => calledAt);
    expect([...times].sort().reverse()).toEqual(times);
  });

  it('counts to ten thousand and says that there are more', async () => {
    const { body } = await find({});
    expect(body.meta.pagination).toEqual({
      page: 1,
      pageSize: 20,
      pageCount: 500,
      total: 10_000,
      isTotalCapped: true,
    });
    const few = await find({ subject: 'SUBJECT-3' });
    expect(few.body.meta.pagination).toMatchObject({ total: 100, isTotalCapped: false });
  });

  it.each<[Record<string, string>, (line: Line) => boolean]>([
    [{ system: 'ylh' }, ({ system }) => system === 'ylh'],
    [{ operation: 'readPrices' }, ({ operation }) => operation === 'readPrices'],
    [{ system: 'haier', operation: 'readStock' }, ({ operation }) => operation === 'readStock'],
    [{ outcome: 'ok' }, ({ outcome }) => outcome === 'ok'],
    [{ outcome: 'failed' }, ({ outcome }) => outcome !== 'ok'],
    [{ outcome: 'unknown_outcome', system: 'ylh' }, ({ outcome }) => outcome === 'unknown_outcome'],
    [{ subject: 'SUBJECT-7' }, ({ subject }) => subject === 'SUBJECT-7'],
  ])('finds %j', async (query, isWanted) => {
    const { status, body } = await find(query);
    expect(status).toBe(200);
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data.every(isWanted)).toBe(true);
  });

  it('finds what lies between two moments, the second not included', async () => {
    const { body } = await find({
      from: '2026-06-30T19:57:00+08:00',
      to: '2026-06-30T12:00:00Z',
      pageSize: 100,
    });
    expect(body.data.map(({ calledAt }: Line) => calledAt)).toEqual([
      '2026-06-30T11:59:00.000Z',
      '2026-06-30T11:58:00.000Z',
      '2026-06-30T11:57:00.000Z',
    ]);
  });

  it.each([
    [{ system: 'wechat' }, 'system'],
    [{ outcome: 'fine' }, 'outcome'],
    [{ from: 'yesterday' }, 'from'],
    [{ page: '0' }, 'page'],
    [{ page: '200', pageSize: '100' }, 'page'],
    [{ pageSize: '101' }, 'pageSize'],
    [{ operation: "x' or 1=1" }, 'operation'],
    [{ sort: 'id' }, 'sort'],
  ])('refuses %j', async (query, place) => {
    const { status, body } = await find(query as Record<string, string>);
    expect([status, body.error?.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.error.details.errors[0].path[0]).toBe(place);
  });

  it('shows one call with its bodies; what is not there is not there', async () => {
    const { body } = await find({ subject: 'SUBJECT-5' });
    const one = await admin.call('get', `${PATH}/${body.data[0].id}`);
    expect(one.body.data).toMatchObject({ requestBody: '{"a":1}', responseBody: '{"b":2}' });
    for (const id of ['0', '999999999', '2147483648', '99999999999999', 'x', '1e3', '-1'])
      expect([id, (await admin.call('get', `${PATH}/${id}`)).status]).toEqual([id, 404]);
    expect((await admin.call('get', `${PATH}/1?populate=*`)).status).toBe(400);
  });

  it('looks at no more rows than it must (PostgreSQL)', async () => {
    if (app.strapi.db.dialect.client !== 'postgres') return;
    const { selectPage, selectCounted } = compiled<Calls>(
      'src/plugins/haier-integration/server/src/services/calls',
    );
    const { callQuerySchema } = compiled<Domain>('src/plugins/haier-integration/server/src/domain/call-log');
    const calls = () => app.strapi.db.connection('haier_api_logs') as never;
    const queries: Record<string, string>[] = [{}, { page: '400' }, { subject: 'SUBJECT-7' }];
    for (const query of queries)
      for (const select of [selectPage, selectCounted]) {
        const statement = select(calls(), callQuerySchema.parse(query)).toSQL();
        const looked = (await scansOf(app, statement)).reduce((sum, { rows }) => sum + rows, 0);
        // The counted ten thousand, and the rows of the other system beside them.
        expect([query, looked <= 25_000]).toEqual([query, true]);
      }
    const page = selectPage(calls(), callQuerySchema.parse({})).toSQL();
    expect((await scansOf(app, page)).map(({ kind }) => kind)).toEqual([expect.stringContaining('Index')]);
  });
});
