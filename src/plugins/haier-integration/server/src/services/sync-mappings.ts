/** Which brand and category of the shop Haier's names stand for. Names are recorded as the sync meets them; staff map them. */
import type { Core } from '@strapi/strapi';

import type { HaierProduct } from '../clients/contract';
import { connectedPorts, type NamedDocument } from '../ports';

const MAPPINGS = 'haier_mappings';
const MAX_NAME = 200;

type MappingKind = 'brand' | 'category';

/** The name as it is mapped; null where there is nothing to map. */
const nameOf = (text: string | null): string | null => {
  const name =
    text
      ?.replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, MAX_NAME) ?? '';
  return name === '' ? null : name;
};

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** What a run knows of the mapping. */
export interface SyncMapping {
  /** Records names that are new, or not yet seen in this run. Outside a transaction. */
  record(products: HaierProduct[]): Promise<void>;
  /** documentIds for these products, as mapped now. */
  read(
    products: HaierProduct[],
  ): Promise<(product: HaierProduct) => { brand: string | null; category: string | null }>;
}

export function createSyncMapping(strapi: Core.Strapi): SyncMapping {
  const table = () => strapi.db.connection(MAPPINGS);
  const seen = new Set<string>();
  let targets: Promise<Record<MappingKind, NamedDocument[]>> | undefined;

  const readTargets = async (): Promise<Record<MappingKind, NamedDocument[]>> => {
    const { catalogue } = connectedPorts();
    if (catalogue === undefined) return { brand: [], category: [] };
    return { brand: await catalogue.listBrands(), category: await catalogue.listCategories() };
  };

  const namesOf = (kind: MappingKind, products: HaierProduct[]): string[] => [
    ...new Set(
      products.flatMap(
        ({ brandName, productGroup }) => nameOf(kind === 'brand' ? brandName : productGroup) ?? [],
      ),
    ),
  ];

  async function recordKind(kind: MappingKind, products: HaierProduct[]): Promise<void> {
    const names = namesOf(kind, products).filter((name) => !seen.has(`${kind} ${name}`));
    if (names.length === 0) return;
    targets ??= readTargets();
    const known = (await targets)[kind];
    const now = new Date();
    await table()
      .insert(
        names.map((haierName) => ({
          kind,
          haier_name: haierName,
          // Where the shop has exactly this name there is nothing to ask; staff may change it like any other.
          target: known.find(({ name }) => sameName(name, haierName))?.documentId ?? null,
          seen_at: now,
          created_at: now,
          updated_at: now,
        })),
      )
      .onConflict(['kind', 'haier_name'])
      .merge(['seen_at']);
    for (const name of names) seen.add(`${kind} ${name}`);
  }

  async function readKind(kind: MappingKind, products: HaierProduct[]): Promise<Map<string, string>> {
    const rows = (await table()
      .where('kind', kind)
      .whereIn('haier_name', namesOf(kind, products))
      .whereNotNull('target')
      .select('haier_name', 'target')) as { haier_name: string; target: string }[];
    return new Map(rows.map((row) => [row.haier_name, row.target]));
  }

  return {
    async record(products) {
      await recordKind('brand', products);
      await recordKind('category', products);
    },
    async read(products) {
      const brands = await readKind('brand', products);
      const categories = await readKind('category', products);
      const find = (map: Map<string, string>, text: string | null): string | null =>
        map.get(nameOf(text) ?? '') ?? null;
      return ({ brandName, productGroup }) => ({
        brand: find(brands, brandName),
        category: find(categories, productGroup),
      });
    },
  };
}
