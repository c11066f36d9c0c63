import type { SyncRunView } from '../../../src/plugins/haier-integration/server/src/domain/sync';
import type { SettingsService } from '../../../src/plugins/haier-integration/server/src/services/settings';
import type { SyncsService } from '../../../src/plugins/haier-integration/server/src/services/syncs';
import { compiled, type TestApp } from '../app';

type Syncs = typeof import('../../../src/plugins/haier-integration/server/src/services/syncs');

const PLUGIN = 'haier-integration';
export const COUNTY = '370212';

export const syncs = (app: TestApp): SyncsService => app.strapi.plugin(PLUGIN).service<SyncsService>('syncs');

/** Another process as far as syncs go: its own timers, leases and timetable on the same database. */
export const otherProcess = (app: TestApp): SyncsService =>
  compiled<Syncs>(`src/plugins/${PLUGIN}/server/src/services/syncs`).default({ strapi: app.strapi });

export const STAFF = { kind: 'staff', id: 'admin:1', name: '测试员' } as const;

/** Saves settings as the page does. */
export const writeSettings = (app: TestApp, patch: unknown): Promise<unknown> =>
  app.strapi.plugin(PLUGIN).service<SettingsService>('settings').write(patch, STAFF);

/** Runs one sync to its end. */
export const runSync = (
  app: TestApp,
  kind: string,
  more: { productCodes?: string[]; allowsDrop?: boolean } = {},
): Promise<SyncRunView> => syncs(app).run({ kind, ...more }, { requestedBy: 'test' });

/** A product at Haier; of one that is there only what is named changes. */
export function putGoods(app: TestApp, productCode: string, facts: Record<string, unknown> = {}): void {
  const { haier } = app.sandbox.control;
  const isThere = haier.products().some((goods) => goods.productCode === productCode);
  const usual = isThere ? {} : { supplyPrice: 1999.5, stockRebatePolicy: 0.05 };
  haier.putProduct({ productCode, ...usual, ...facts });
}

/** A product's rows in all languages, the default one first, as the table has them. */
export async function productRows(
  app: TestApp,
  productCode: string,
): Promise<(Record<string, unknown> & { id: number; document_id: string; locale: string })[]> {
  const rows = (await app.strapi.db.connection('products').where('product_code', productCode)) as never[];
  return (rows as { locale: string }[]).sort((a, b) => (a.locale > b.locale ? -1 : 1)) as never;
}

/** What staff see of a product. */
export async function productOf(app: TestApp, productCode: string): Promise<Record<string, unknown>> {
  const product = (await app.strapi.db.query('api::product.product').findOne({
    where: { productCode, locale: 'zh-Hans' },
    populate: ['brand', 'category'],
  })) as Record<string, unknown> | null;
  if (product === null) throw new Error(`there is no ${productCode}`);
  return product;
}

/** The statements that change these tables while `work` runs. */
export async function writesTo(
  app: TestApp,
  tables: RegExp,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const { connection } = app.strapi.db;
  const seen: string[] = [];
  const listen = ({ sql }: { sql: string }): void => {
    if (/^\s*(insert|update|delete)/i.test(sql) && tables.test(sql)) seen.push(sql);
  };
  connection.on('query', listen);
  try {
    await work();
  } finally {
    connection.removeListener('query', listen);
  }
  return seen;
}

/** From now on: how often the sandbox is asked on a path. */
export function countCalls(app: TestApp): (path: string) => number {
  const last = app.sandbox.control.requests().at(-1);
  return (path) => {
    const seen = app.sandbox.control.requests();
    return seen.slice(last === undefined ? 0 : seen.indexOf(last) + 1).filter((call) => call.path === path)
      .length;
  };
}
