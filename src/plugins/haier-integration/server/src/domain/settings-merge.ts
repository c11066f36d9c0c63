/** How what staff set on the page and what the environment brings become one set of settings. Pure. */
import { z } from 'zod';

import { type HaierIntegrationSettings, SECRET_FIELDS, settingsSchema, type SettingsPart } from './settings';

/** Values by part and field, not all of them there. */
export type Values = Partial<Record<SettingsPart, Record<string, unknown>>>;
export type FieldPath = `${SettingsPart}.${string}`;
export type FieldSource = 'page' | 'environment' | 'default';

export interface SettingsField {
  part: SettingsPart;
  name: string;
  path: FieldPath;
  isSecret: boolean;
  schema: z.ZodType;
}

const isSecret = (part: SettingsPart, name: string): boolean =>
  (SECRET_FIELDS as Partial<Record<SettingsPart, readonly string[]>>)[part]?.includes(name) ?? false;

const PARTS = Object.keys(settingsSchema.shape) as SettingsPart[];

/** Every field there is, in the order of the page. */
export const SETTINGS_FIELDS: readonly SettingsField[] = PARTS.flatMap((part) =>
  Object.entries(settingsSchema.shape[part].unwrap().shape as Record<string, z.ZodType>).map(
    ([name, schema]) => ({
      part,
      name,
      path: `${part}.${name}` as const,
      isSecret: isSecret(part, name),
      schema,
    }),
  ),
);

/** What was chosen for each field, and from where. */
export interface ResolvedSettings {
  settings: HaierIntegrationSettings;
  sources: Record<FieldPath, FieldSource>;
  /** Stored or configured values that are no longer valid, and count as not set. */
  invalid: FieldPath[];
}

const valueOf = (values: Values, { part, name }: SettingsField): unknown => values[part]?.[name];

/** The first of these that is set and valid. */
function choose(field: SettingsField, offers: [FieldSource, unknown][]) {
  let isInvalid = false;
  for (const [source, offer] of offers) {
    if (offer === undefined) continue;
    const parsed = field.schema.safeParse(offer);
    if (parsed.success) return { source, value: parsed.data as unknown, isInvalid };
    isInvalid = true;
  }
  return { source: 'default' as const, value: undefined, isInvalid };
}

/** The page wins over the environment field by field; what neither sets has its default. */
export function resolveSettings(environment: Values, page: Values): ResolvedSettings {
  const values: Values = {};
  const sources: ResolvedSettings['sources'] = {};
  const invalid: FieldPath[] = [];
  for (const field of SETTINGS_FIELDS) {
    const chosen = choose(field, [
      ['page', valueOf(page, field)],
      ['environment', valueOf(environment, field)],
    ]);
    if (chosen.isInvalid) invalid.push(field.path);
    sources[field.path] = chosen.source;
    if (chosen.value !== undefined) (values[field.part] ??= {})[field.name] = chosen.value;
  }
  return { settings: settingsSchema.parse(values), sources, invalid };
}

/** How a secret reads: whether there is one, and its end where that does not give it away. */
export interface ShownSecret {
  configured: boolean;
  lastFour: string | null;
}

/** Four letters of a shorter secret would be too much of it. */
const SHORTEST_SHOWN = 12;

export const showSecret = (secret: string): ShownSecret => ({
  configured: secret !== '',
  lastFour: secret.length >= SHORTEST_SHOWN ? secret.slice(-4) : null,
});

/** The settings as they may leave the server. */
export function hideSecrets(
  settings: HaierIntegrationSettings,
): Record<SettingsPart, Record<string, unknown>> {
  const shown = structuredClone(settings) as Record<SettingsPart, Record<string, unknown>>;
  for (const { part, name, isSecret: hidden } of SETTINGS_FIELDS)
    if (hidden) shown[part][name] = showSecret(String(shown[part][name]));
  return shown;
}

const secretInput = z
  .union(
    [z.string().trim().max(500), z.object({ configured: z.boolean(), lastFour: z.string().nullable() })],
    {
      error: 'must be a text, null, or left out',
    },
  )
  .nullable();

const plainInput = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType).nullable() : schema.nullable();

const partSchema = (part: SettingsPart): z.ZodOptional<z.ZodType<Record<string, unknown>>> =>
  z
    .strictObject(
      Object.fromEntries(
        SETTINGS_FIELDS.filter((field) => field.part === part).map((field) => [
          field.name,
          (field.isSecret ? secretInput : plainInput(field.schema)).optional(),
        ]),
      ),
    )
    .optional();

/**
 * What staff send: any part, any field. Left out: stays. `null`: no longer set on the page, so the environment's or the default.
 * A secret also stays when it is empty or comes back as it was shown. `version` is the one the page was read at.
 */
export const patchSchema = z.strictObject({
  version: z.int().min(0).optional(),
  haier: partSchema('haier'),
  ylh: partSchema('ylh'),
  callback: partSchema('callback'),
  schedules: partSchema('schedules'),
  policy: partSchema('policy'),
});
export type SettingsPatch = z.infer<typeof patchSchema>;

/** What of a patch is a change, against what is set now. */
export interface SettingsChanges {
  set: { field: SettingsField; value: unknown }[];
  removed: SettingsField[];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isUntouchedSecret = (value: unknown): boolean => value === '' || typeof value === 'object';

/**
 * Compares a patch with what is set. A value that comes back as it was read is no change, also when it came from the
 * environment: saving the whole page does not take everything over from there. `isOnPage` says what the page has set.
 */
export function findChanges(
  patch: SettingsPatch,
  settings: HaierIntegrationSettings,
  isOnPage: (field: SettingsField) => boolean,
): SettingsChanges {
  const changes: SettingsChanges = { set: [], removed: [] };
  for (const field of SETTINGS_FIELDS) {
    const value = patch[field.part]?.[field.name];
    if (value === undefined) continue;
    if (value === null) {
      if (isOnPage(field)) changes.removed.push(field);
    } else if (!(field.isSecret && isUntouchedSecret(value))) {
      const current: unknown = (settings[field.part] as Record<string, unknown>)[field.name];
      if (!isSame(value, current)) changes.set.push({ field, value });
    }
  }
  return changes;
}

/** The page's values (secrets in clear) with the changes in them. */
export function applyChanges(page: Values, { set, removed }: SettingsChanges): Values {
  const next = structuredClone(page);
  for (const { field, value } of set) (next[field.part] ??= {})[field.name] = value;
  for (const { part, name } of removed) delete next[part]?.[name];
  return next;
}

/** The fields that changed, in the order of the page. */
export function changedPaths({ set, removed }: SettingsChanges): FieldPath[] {
  const changed = new Set([...set.map(({ field }) => field.path), ...removed.map(({ path }) => path)]);
  return SETTINGS_FIELDS.map(({ path }) => path).filter((path) => changed.has(path));
}
