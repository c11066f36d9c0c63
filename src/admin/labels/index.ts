/** All of the panel's words, as Strapi wants them: one flat list per language. */
import { COMMON_FIELDS, type FieldLabel, type Label } from './label';
import { STRAPI_CHINESE } from './strapi-chinese';
import { VALUES } from './values';
import { TYPES } from './types';
import { STRAPI_WORDS, WORDS } from './words';

export { READ_ONLY_TYPES, TYPES } from './types';
export { VALUES } from './values';

/** The id under which the content manager itself looks for a field's name. */
export const fieldId = (uid: string, name: string): string => `content-manager.content-types.${uid}.${name}`;
export const hintId = (uid: string, name: string): string => `back-office.hint.${uid}.${name}`;
export const valueId = (uid: string, name: string, value: string): string =>
  `back-office.value.${uid}.${name}.${value}`;

/**
 * The id of a type in the left list. Strapi sorts and searches the list by it before translating, so it begins with
 * the type's place and holds its name in both languages.
 */
export function navigationId(uid: string): string | undefined {
  const place = Object.keys(TYPES).indexOf(uid);
  const type = TYPES[uid];
  return type === undefined ? undefined : `${String(place + 10)} ${type.name[0]} ${type.name[1]}`;
}

export const LANGUAGES = ['zh-Hans', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
const index = (language: Language): 0 | 1 => (language === 'zh-Hans' ? 0 : 1);

function* fieldMessages(uid: string, name: string, { label, hint }: FieldLabel): Generator<[string, Label]> {
  yield [fieldId(uid, name), label];
  if (hint !== undefined) yield [hintId(uid, name), hint];
}

function* allMessages(): Generator<[string, Label]> {
  for (const [uid, type] of Object.entries(TYPES)) {
    yield [type.displayName, type.name];
    yield [navigationId(uid) ?? uid, type.name];
    for (const [name, field] of Object.entries({ ...COMMON_FIELDS, ...type.fields }))
      yield* fieldMessages(uid, name, field);
  }
  for (const [uid, fields] of Object.entries(VALUES)) {
    for (const [name, values] of Object.entries(fields)) {
      for (const [value, label] of Object.entries(values)) yield [valueId(uid, name, value), label];
    }
  }
  yield* Object.entries({ ...WORDS, ...STRAPI_WORDS });
}

/** `config.translations` of the panel. */
export function translations(): Record<Language, Record<string, string>> {
  const result: Record<Language, Record<string, string>> = { 'zh-Hans': { ...STRAPI_CHINESE }, en: {} };
  for (const [id, label] of allMessages()) {
    for (const language of LANGUAGES) result[language][id] = label[index(language)];
  }
  return result;
}

/** An enumeration's value in one language; the bare value when it has no label. */
export function valueLabel(uid: string, name: string, value: string, language: Language): string {
  return VALUES[uid]?.[name]?.[value]?.[index(language)] ?? value;
}
