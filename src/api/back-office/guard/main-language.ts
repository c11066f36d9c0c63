import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { inTransaction, query } from '../../../platform/database';
import { panelRefusal } from '../../../platform/errors';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { onContentManagerRoutes } from '../content-manager-routes';
import { isLocalized } from '../localized';

interface Deletion {
  documentId?: string;
  locale?: unknown;
}

const SENTENCE = {
  zh: '中文内容是其他语言的基础，不能单独删除；要删除整条内容，请选择“删除（所有语言）”',
  en: 'The other languages hang on the Chinese text, which is not deleted alone; to delete all of it choose “Delete entry (all locales)”',
};

async function hasOtherLanguages(uid: string, documentId: string): Promise<boolean> {
  // Several documents may be deleted in one transaction of Strapi's: this joins it.
  const rows = await inTransaction(
    async (tx) =>
      (await query(uid, tx)
        .where('document_id', documentId)
        .whereNot('locale', DEFAULT_LOCALE)
        .limit(1)
        .select('id')) as unknown[],
  );
  return rows.length > 0;
}

/** Rows ticked in a table are whole documents; Strapi means the row of the language in which the table is read. */
async function deleteWholeDocuments(ctx: Context, next: Next): Promise<void> {
  const { body } = ctx.request as { body?: { locale?: unknown } };
  if (body !== undefined && isLocalized(strapi, String(ctx.params.model))) body.locale = '*';
  await next();
}

/**
 * Keeps every document of the catalogue whole: without its row in the default language it is sold to nobody and listed
 * nowhere, while its translations stay behind. Deleting that row alone is refused while there are others. Call in
 * `register`, before the catalogue's own rules.
 */
export function guardMainLanguage(strapi: Core.Strapi): void {
  onContentManagerRoutes(strapi, ({ path }) => path.endsWith('/actions/bulkDelete'), deleteWholeDocuments);
  strapi.documents.use(async (context, next) => {
    if (context.action !== 'delete' || !isLocalized(strapi, context.uid)) return next();
    const { documentId, locale } = context.params as Deletion; // Strapi types them per content type.
    const named: unknown[] = [locale ?? DEFAULT_LOCALE].flat();
    const isAlone = named.length === 1 && (named[0] === DEFAULT_LOCALE || named[0] === '');
    if (isAlone && documentId !== undefined && (await hasOtherLanguages(context.uid, documentId)))
      throw panelRefusal(SENTENCE);
    return next();
  });
}
