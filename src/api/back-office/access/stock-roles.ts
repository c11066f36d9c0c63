import type { Core } from '@strapi/strapi';

import { isLocalized, readLocales } from '../localized';
import { EDITED_TYPES } from './merchant-role';

/** The roles Strapi makes on its first start, with every right on every type. */
const STOCK_ROLES = ['strapi-editor', 'strapi-author'];
const STORE = { type: 'core', name: 'back-office', key: 'stock-roles' } as const;
const KEPT: ReadonlySet<string> = new Set(EDITED_TYPES);

interface PermissionRow {
  id: number;
  subject: string | null;
  properties: Record<string, unknown> | null;
}

const isOfTheShop = (subject: string): boolean =>
  subject.startsWith('api::') || subject.startsWith('plugin::users-permissions.');

/**
 * Leaves Strapi's own roles Editor and Author the catalogue, in every language there is, and takes everything else of
 * the shop from them: orders, money, stock and shoppers are for those who are given them on purpose. Done once per
 * database; what an administrator gives later stays. Call in `bootstrap`, once the shop's languages exist.
 */
export async function narrowStockRoles(strapi: Core.Strapi): Promise<void> {
  if ((await strapi.store.get(STORE)) === true) return;
  const permissions = strapi.db.query('admin::permission');
  const rows = (await permissions.findMany({
    where: { role: { code: { $in: STOCK_ROLES } }, subject: { $notNull: true } },
    select: ['id', 'subject', 'properties'],
  })) as PermissionRow[];
  const ofTheShop = rows.filter(({ subject }) => isOfTheShop(subject ?? ''));
  const taken = ofTheShop.filter(({ subject }) => !KEPT.has(subject ?? ''));
  if (taken.length > 0) await permissions.deleteMany({ where: { id: { $in: taken.map(({ id }) => id) } } });
  await openLanguages(
    strapi,
    ofTheShop.filter((row) => !taken.includes(row)),
  );
  await strapi.store.set({ ...STORE, value: true });
}

/** Strapi made the roles when there was no language but its own. */
async function openLanguages(strapi: Core.Strapi, rows: PermissionRow[]): Promise<void> {
  const locales = await readLocales(strapi);
  for (const { id, subject, properties } of rows) {
    if (!isLocalized(strapi, subject ?? '')) continue;
    await strapi.db
      .query('admin::permission')
      .update({ where: { id }, data: { properties: { ...properties, locales } } });
  }
}
