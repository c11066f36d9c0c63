/** The one row of the settings page, and the record of who changed what. */
import type { Core } from '@strapi/strapi';

import { SETTING_CHANGE_UID, SETTING_UID } from '../constants';
import type { FieldPath, Values } from '../domain/settings-merge';

const KEY = 'page';

export interface StoredPage {
  /** 0: never saved. */
  version: number;
  fields: Values;
  /** Cipher texts by part and field. */
  secrets: Partial<Record<string, Record<string, string>>>;
}

export interface SettingsEditor {
  id: string;
  name: string;
}

export interface SettingsChange {
  at: string;
  by: SettingsEditor;
  fields: FieldPath[];
}

const EMPTY: StoredPage = { version: 0, fields: {}, secrets: {} };
const MAX_NAME = 200;

const tableOf = (strapi: Core.Strapi, uid: string): string => strapi.db.metadata.get(uid).tableName;

type Content = Omit<StoredPage, 'version'>;

/** What the page has set. Joins an open transaction. */
export async function readPage(strapi: Core.Strapi): Promise<StoredPage> {
  const row = (await strapi.db.query(SETTING_UID).findOne({ where: { key: KEY } })) as {
    version: number;
    value: Partial<Content> | null;
  } | null;
  if (row === null) return EMPTY;
  return { version: row.version, fields: row.value?.fields ?? {}, secrets: row.value?.secrets ?? {} };
}

/**
 * Replaces what the page has set if it still has this version, and records who changed which fields. False when somebody else
 * was quicker: then nothing is written.
 */
export async function replacePage(
  strapi: Core.Strapi,
  page: StoredPage,
  change: { by: SettingsEditor; fields: FieldPath[]; at: Date },
): Promise<boolean> {
  const table = tableOf(strapi, SETTING_UID);
  const value = JSON.stringify({ fields: page.fields, secrets: page.secrets } satisfies Content);
  return strapi.db.transaction(async ({ trx }) => {
    if (page.version === 0)
      await trx(table)
        .insert({ key: KEY, value: '{}', version: 0, created_at: change.at })
        .onConflict('key')
        .ignore();
    const changed: number = await trx(table)
      .where({ key: KEY, version: page.version })
      .update({ value, version: page.version + 1, updated_at: change.at });
    if (changed === 0) return false;
    await trx(tableOf(strapi, SETTING_CHANGE_UID)).insert({
      actor_id: change.by.id,
      actor_name: change.by.name.slice(0, MAX_NAME),
      fields: JSON.stringify(change.fields),
      changed_at: change.at,
      created_at: change.at,
    });
    return true;
  });
}

/** The last changes, newest first. */
export async function listChanges(strapi: Core.Strapi, limit: number): Promise<SettingsChange[]> {
  const rows = (await strapi.db
    .query(SETTING_CHANGE_UID)
    .findMany({ orderBy: [{ changedAt: 'desc' }, { id: 'desc' }], limit })) as {
    changedAt: string;
    actorId: string;
    actorName: string;
    fields: FieldPath[];
  }[];
  return rows.map(({ changedAt, actorId, actorName, fields }) => ({
    at: new Date(changedAt).toISOString(),
    by: { id: actorId, name: actorName },
    fields,
  }));
}
