import { createHash } from 'node:crypto';

import type { Core } from '@strapi/strapi';

import { CATALOGUE_VIEWS } from './catalogue';
import { RECORD_VIEWS } from './records';
import { RECONCILIATION_VIEWS } from './reconciliation';
import { TRADE_VIEWS } from './trade';
import type { View } from './view';

export const VIEWS: Readonly<Record<string, View>> = {
  ...CATALOGUE_VIEWS,
  ...TRADE_VIEWS,
  ...RECORD_VIEWS,
  ...RECONCILIATION_VIEWS,
};

interface FieldMetadata {
  edit: Record<string, unknown>;
  list: Record<string, unknown>;
}
interface Configuration {
  settings: Record<string, unknown>;
  metadatas: Record<string, FieldMetadata>;
  layouts: { list: readonly string[]; edit: { name: string; size: number }[][] };
}
/** The content manager's store of table and form settings; its services are not typed. */
interface ConfigurationService {
  findContentType(uid: string): { uid: string } | undefined;
  findConfiguration(contentType: { uid: string }): Promise<Configuration>;
  updateConfiguration(contentType: { uid: string }, configuration: Configuration): Promise<unknown>;
}

const STORE = { type: 'core', name: 'back-office', key: 'views' } as const;
const fingerprint = (view: View): string => createHash('sha256').update(JSON.stringify(view)).digest('hex');

function withView(current: Configuration, view: View): Configuration {
  const metadatas: Record<string, FieldMetadata> = {};
  for (const [name, metadata] of Object.entries(current.metadatas)) {
    const edit = { ...metadata.edit };
    if (view.locked?.includes(name) === true) edit.editable = false;
    const shown = view.relations?.[name];
    if (shown !== undefined) edit.mainField = shown;
    metadatas[name] = { ...metadata, edit };
  }
  return {
    settings: {
      ...current.settings,
      mainField: view.mainField,
      defaultSortBy: view.sortBy,
      defaultSortOrder: view.order ?? 'ASC',
      pageSize: view.pageSize ?? 20,
      bulkable: view.bulkable ?? false,
    },
    metadatas,
    layouts: { list: view.list, edit: view.edit.map((row) => row.map(([name, size]) => ({ name, size }))) },
  };
}

/**
 * Brings tables and forms of the content manager in line with the code, each only when our version of it changed:
 * what staff rearrange in the panel stays until then. Call in `bootstrap`.
 */
export async function syncViews(
  strapi: Core.Strapi,
  views: Readonly<Record<string, View>> = VIEWS,
): Promise<void> {
  const service = strapi
    .plugin('content-manager')
    .service('content-types') as unknown as ConfigurationService;
  const known = ((await strapi.store.get(STORE)) ?? {}) as Record<string, string>;
  const next: Record<string, string> = {};
  for (const [uid, view] of Object.entries(views)) {
    const contentType = service.findContentType(uid);
    if (contentType === undefined) throw new Error(`there is a view for ${uid}, which is no content type`);
    next[uid] = fingerprint(view);
    if (known[uid] === next[uid]) continue;
    await service.updateConfiguration(
      contentType,
      withView(await service.findConfiguration(contentType), view),
    );
  }
  if (JSON.stringify(known) !== JSON.stringify(next)) await strapi.store.set({ ...STORE, value: next });
}
