/** A small value all processes share, in a row of its own beside the settings page; replaced by whoever saw it last. */
import type { Core } from '@strapi/strapi';

import { SETTING_UID } from '../constants';

export interface SharedNote<Value> {
  /** Version 0: nothing was noted yet. */
  read(): Promise<{ value: Value | null; version: number }>;
  /** False when it is no longer at this version; then nothing is written. */
  replace(version: number, value: Value): Promise<boolean>;
}

export function createSharedNote<Value extends object>(strapi: Core.Strapi, key: string): SharedNote<Value> {
  const rows = () => strapi.db.connection(strapi.db.metadata.get(SETTING_UID).tableName);
  return {
    async read() {
      const row = (await rows().where({ key }).first('value', 'version')) as
        { value: Value | string; version: number } | undefined;
      if (row === undefined) return { value: null, version: 0 };
      const value = typeof row.value === 'string' ? (JSON.parse(row.value) as Value) : row.value;
      return { value, version: row.version };
    },
    async replace(version, value) {
      const now = new Date();
      const text = JSON.stringify(value);
      if (version > 0) {
        const changed: number = await rows()
          .where({ key, version })
          .update({ value: text, version: version + 1, updated_at: now });
        return changed === 1;
      }
      const added = (await rows()
        .insert({ key, value: text, version: 1, created_at: now, updated_at: now })
        .onConflict('key')
        .ignore()
        .returning('id')) as unknown[];
      return added.length === 1;
    },
  };
}
