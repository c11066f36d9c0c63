import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { COMMON_FIELDS } from '../../src/admin/labels/label';
import {
  fieldId,
  LANGUAGES,
  navigationId,
  READ_ONLY_TYPES,
  translations,
  TYPES,
  valueId,
} from '../../src/admin/labels';
import { STRAPI_CHINESE } from '../../src/admin/labels/strapi-chinese';
import { GUARDED_TYPES } from '../../src/api/back-office/guard/guarded-types';
import { VIEWS } from '../../src/api/back-office/views/sync-views';

const ROOT = join(__dirname, '../..');

interface Schema {
  info: { displayName: string };
  pluginOptions?: { 'content-manager'?: { visible?: boolean } };
  attributes: Record<string, { type: string; enum?: string[] }>;
}

const schemas = new Map<string, Schema>();
for (const api of readdirSync(join(ROOT, 'src/api'))) {
  const folder = join(ROOT, 'src/api', api, 'content-types');
  let types: string[] = [];
  try {
    types = readdirSync(folder);
  } catch {
    continue;
  }
  for (const type of types) {
    schemas.set(
      `api::${api}.${type}`,
      JSON.parse(readFileSync(join(folder, type, 'schema.json'), 'utf8')) as Schema,
    );
  }
}
const shown = [...schemas].filter(
  ([, { pluginOptions }]) => pluginOptions?.['content-manager']?.visible !== false,
);
const words = translations();

describe('the words of the panel', () => {
  it.each(shown)('%s has a name and a place in the left list', (uid, { info }) => {
    expect(TYPES[uid]?.displayName).toBe(info.displayName);
    for (const language of LANGUAGES) expect(words[language][info.displayName]).toEqual(expect.any(String));
    expect(words['zh-Hans'][navigationId(uid) ?? '']).toMatch(/\p{Script=Han}/u);
  });

  it.each(shown)('every field of %s has a name in both languages', (uid, { attributes }) => {
    for (const name of Object.keys(attributes)) {
      expect([name, words['zh-Hans'][fieldId(uid, name)]]).toEqual([
        name,
        expect.stringMatching(/\p{Script=Han}/u),
      ]);
      expect([name, words.en[fieldId(uid, name)]]).toEqual([
        name,
        expect.stringMatching(/^[\p{Script=Latin}]/u),
      ]);
    }
  });

  it.each(shown)('no field is named that %s does not have', (uid, { attributes }) => {
    const unknown = Object.keys(TYPES[uid]?.fields ?? {}).filter(
      (name) => !(name in attributes) && !(name in COMMON_FIELDS),
    );
    expect(unknown).toEqual([]);
  });

  it.each(shown)(
    'every value of every enumeration of %s has a name in both languages',
    (uid, { attributes }) => {
      for (const [name, { enum: values = [] }] of Object.entries(attributes)) {
        for (const value of values) {
          for (const language of LANGUAGES)
            expect([valueId(uid, name, value), words[language][valueId(uid, name, value)]]).toEqual([
              expect.anything(),
              expect.any(String),
            ]);
        }
      }
    },
  );

  it('says the same things in both languages', () => {
    const ours = (language: (typeof LANGUAGES)[number]) =>
      Object.keys(words[language])
        .filter((id) => !(id in STRAPI_CHINESE))
        .sort();
    expect(ours('en')).toEqual(ours('zh-Hans'));
  });

  it('marks as read-only exactly what the server refuses to write, of what is shown', () => {
    const guarded = shown.map(([uid]) => uid).filter((uid) => uid in GUARDED_TYPES);
    expect([...READ_ONLY_TYPES].sort()).toEqual(guarded.sort());
  });

  it.each(shown)('%s has a table and a form, of fields it has', (uid, { attributes }) => {
    const view = VIEWS[uid];
    const known = new Set([...Object.keys(attributes), 'createdAt', 'updatedAt']);
    const used = [
      ...(view?.list ?? []),
      ...(view?.edit.flat().map(([name]) => name) ?? []),
      ...Object.keys(view?.relations ?? {}),
    ];
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
    for (const row of view?.edit ?? [])
      expect(row.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(12);
  });
});
