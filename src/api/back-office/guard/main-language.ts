import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { inTransaction, query } from '../../../platform/database';
import { panelRefusal } from '../../../platform/errors';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { onContentManagerRoutes } from '../content-manager-routes';
import { isLocalized } from '../localized';

/** What the actions judged here have in common; Strapi types them per content type. */
interface Write {
  documentId?: string;
  locale?: unknown;
}

const DELETED_ALONE = {
  zh: '中文内容是其他语言的基础，不能单独删除；要删除整条内容，请选择“删除（所有语言）”',
  en: 'The other languages hang on the Chinese text, which is not deleted alone; to delete all of it choose “Delete entry (all locales)”',
};

const CREATED_WITHOUT = {
  zh: '请先创建中文内容，保存后再切换语言填写翻译',
  en: 'Create the Chinese text first, save it, then switch the language and translate it',
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

/** The languages a write names; without any it means the default one. */
const languagesOf = ({ locale }: Write): unknown[] =>
  [locale ?? DEFAULT_LOCALE].flat().map((named) => (named === '' ? DEFAULT_LOCALE : named));

/** A document begins with its row in the default language, in a copy as well; `*` copies all of them. */
function refuseWithoutMain(write: Write): void {
  const languages = languagesOf(write);
  if (!languages.includes(DEFAULT_LOCALE) && !languages.includes('*')) throw panelRefusal(CREATED_WITHOUT);
}

async function refuseMainAlone(uid: string, write: Write): Promise<void> {
  const languages = languagesOf(write);
  const isAlone = languages.length === 1 && languages[0] === DEFAULT_LOCALE;
  if (isAlone && write.documentId !== undefined && (await hasOtherLanguages(uid, write.documentId)))
    throw panelRefusal(DELETED_ALONE);
}

/**
 * Keeps every document of the catalogue whole: without its row in the default language it is sold to nobody and listed
 * nowhere, while its translations stay behind. Creating a document in another language is refused, and deleting that row
 * alone while there are others. Call in `register`, before the catalogue's own rules.
 */
export function guardMainLanguage(strapi: Core.Strapi): void {
  onContentManagerRoutes(strapi, ({ path }) => path.endsWith('/actions/bulkDelete'), deleteWholeDocuments);
  strapi.documents.use(async (context, next) => {
    if (!isLocalized(strapi, context.uid)) return next();
    const write = context.params as Write;
    if (context.action === 'create' || context.action === 'clone') refuseWithoutMain(write);
    if (context.action === 'delete') await refuseMainAlone(context.uid, write);
    return next();
  });
}
