/** What shoppers read of the brands: those that are active and have a row in the language asked for, as in Strapi. */
import type { Knex } from 'knex';

import { notFound } from '../../../domain/refusal';
import { query } from '../../../platform/database';
import { runList } from '../../../platform/listing';
import { DEFAULT_LOCALE, type Locale } from '../../../platform/locale';
import { readPictures } from '../../../platform/pictures';
import { isDocumentId, type Pagination } from '../../../platform/request';
import { type BrandRow, presentBrand, type PresentedBrand } from '../presenters/brand';
import type { BrandListRequest, BrandRequest } from '../validation/brand-query';

const BRAND_UID = 'api::brand.brand';

/** Figures and picture from the default language's row, texts from the row of the language. */
function activeBrands(locale: Locale): Knex.QueryBuilder {
  return query(BRAND_UID)
    .join('brands as translation', (join) =>
      join.on('translation.document_id', 'brands.document_id').andOnVal('translation.locale', locale),
    )
    .where({ 'brands.locale': DEFAULT_LOCALE, 'brands.is_active': true })
    .select(
      'brands.id',
      'brands.document_id',
      'translation.name',
      'translation.description',
      'brands.order',
      'brands.created_at',
      'brands.updated_at',
    );
}

async function present(rows: BrandRow[], { locale, parts }: BrandRequest): Promise<PresentedBrand[]> {
  const ids = parts.includes('logo') ? rows.map((row) => row.id) : [];
  const pictures = await readPictures([{ uid: BRAND_UID, field: 'logo', ids }]);
  return rows.map((row) =>
    presentBrand(row, { locale, parts, logo: pictures.of(BRAND_UID, 'logo', row.id)[0] ?? null }),
  );
}

/** One page of active brands. */
export async function findBrands(
  request: BrandListRequest,
): Promise<{ brands: PresentedBrand[]; pagination: Pagination }> {
  const { rows, pagination } = await runList(activeBrands(request.locale), request.list, {
    columns: {
      documentId: 'brands.document_id',
      name: 'translation.name',
      order: 'brands.order',
      createdAt: 'brands.created_at',
    },
    emptyAs: { order: 0 },
    id: 'brands.id',
  });
  return { brands: await present(rows as unknown as BrandRow[], request), pagination };
}

/** An active brand. Throws NOT_FOUND for any other. */
export async function findBrand(documentId: string, request: BrandRequest): Promise<PresentedBrand> {
  if (!isDocumentId(documentId)) throw notFound();
  const rows = (await activeBrands(request.locale).where('brands.document_id', documentId)) as BrandRow[];
  const [brand] = await present(rows, request);
  if (brand === undefined) throw notFound();
  return brand;
}
