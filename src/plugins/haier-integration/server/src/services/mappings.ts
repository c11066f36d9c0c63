import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import { MAPPING_UID } from '../constants';
import type { Mapping, MappingChange, MappingKind, MappingQuery } from '../domain/mapping';
import { validationFailed } from '../domain/refusal';
import type { CataloguePort, NamedDocument, Page } from '../ports';

/** What a name may stand for. */
export type MappingTargets = Record<MappingKind, NamedDocument[]>;

export interface MappingsService {
  /** Names nobody has decided on first, then by kind and name. */
  list(query: MappingQuery): Promise<Page<Mapping>>;
  listTargets(catalogue: CataloguePort): Promise<MappingTargets>;
  /** Says what names stand for, also names no sync has met yet. Throws VALIDATION_FAILED for a target the shop does not have. */
  save(changes: MappingChange[], targets: MappingTargets): Promise<void>;
}

interface Row {
  id: number;
  kind: MappingKind;
  haier_name: string;
  target: string | null;
  seen_at: string | number | Date | null;
}

const toMapping = ({ id, kind, haier_name, target, seen_at }: Row): Mapping => ({
  id: Number(id),
  kind,
  haierName: haier_name,
  target,
  seenAt: seen_at === null ? null : new Date(seen_at).toISOString(),
});

/** A search is for the letters as they are typed. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

function search(rows: Knex.QueryBuilder, { kind, unmapped, search: part }: MappingQuery): Knex.QueryBuilder {
  if (kind !== undefined) void rows.where({ kind });
  if (unmapped === true) void rows.whereNull('target');
  if (unmapped === false) void rows.whereNotNull('target');
  if (part !== undefined)
    void rows.whereRaw("lower(haier_name) like lower(?) escape '\\'", [`%${escapeLike(part)}%`]);
  return rows;
}

/** The last word on a name counts; one statement must not name a row twice. */
function lastWords(changes: MappingChange[]): MappingChange[] {
  return [...new Map(changes.map((change) => [`${change.kind} ${change.haierName}`, change])).values()];
}

export default function createMappings({ strapi }: { strapi: Core.Strapi }): MappingsService {
  const table = (): string => strapi.db.metadata.get(MAPPING_UID).tableName;
  const rows = (): Knex.QueryBuilder => strapi.db.connection(table()) as Knex.QueryBuilder;

  return {
    async list(query) {
      const { page, pageSize } = query;
      const [found, counted] = await Promise.all([
        search(rows(), query)
          .orderByRaw('case when target is null then 0 else 1 end, kind, haier_name')
          .limit(pageSize)
          .offset((page - 1) * pageSize) as Promise<Row[]>,
        search(rows(), query).count({ total: '*' }).first() as Promise<{ total: number | string }>,
      ]);
      return { rows: found.map(toMapping), total: Number(counted.total) };
    },

    async listTargets(catalogue) {
      const [brand, category] = await Promise.all([catalogue.listBrands(), catalogue.listCategories()]);
      return { brand, category };
    },

    async save(changes, targets) {
      const known = {
        brand: new Set(targets.brand.map(({ documentId }) => documentId)),
        category: new Set(targets.category.map(({ documentId }) => documentId)),
      };
      const problems = changes.flatMap(({ kind, target }, index) =>
        target === null || known[kind].has(target)
          ? []
          : [{ path: ['mappings', index, 'target'], message: 'is not known here' }],
      );
      if (problems.length > 0) throw validationFailed(problems);
      const now = new Date();
      await rows()
        .insert(
          lastWords(changes).map(({ kind, haierName, target }) => ({
            kind,
            haier_name: haierName,
            target,
            created_at: now,
            updated_at: now,
          })),
        )
        .onConflict(['kind', 'haier_name'])
        .merge(['target', 'updated_at']);
    },
  };
}
