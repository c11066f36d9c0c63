import type { Core } from '@strapi/strapi';

import { readConfig } from '../config';
import { fromZod, PluginRefusal, validationFailed } from '../domain/refusal';
import type { HaierIntegrationSettings } from '../domain/settings';
import {
  applyChanges,
  changedPaths,
  type FieldPath,
  findChanges,
  patchSchema,
  type ResolvedSettings,
  resolveSettings,
  type SettingsChanges,
  type SettingsPatch,
  type Values,
} from '../domain/settings-merge';
import { isHaierConfigured, isYlhConfigured, unreadableProblem } from '../domain/settings-problems';
import { findRuleProblem } from '../domain/settings-rules';
import { changePage, type OpenPage, openPage } from './settings-page';
import { readPage, replacePage, type SettingsEditor, type StoredPage } from './settings-store';
import { createVault } from './vault';

/** What is set, and all there is to say about where it came from. Secrets are in clear: not for an answer. */
export interface SettingsState extends ResolvedSettings {
  version: number;
  /** Secrets of the page that cannot be decrypted; they count as empty. */
  unreadable: FieldPath[];
}

export interface SettingsService {
  /** What is set now: page before environment before default, secrets in clear; at most two seconds old on every process. */
  read(): Promise<HaierIntegrationSettings>;
  /** Which systems have an account. */
  isConfigured(): Promise<{ haier: boolean; ylh: boolean }>;
  /** As `read`, from the database now, with where each field comes from. */
  readState(): Promise<SettingsState>;
  /**
   * Saves what staff sent (`patchSchema`) and records who changed which fields; returns those. Throws PluginRefusal:
   * VALIDATION_FAILED, SETTINGS_CONFLICT when the page was saved since `version`, ENCRYPTION_FAILED; then nothing is written.
   */
  write(input: unknown, editor: SettingsEditor): Promise<FieldPath[]>;
  /** What would be set after saving `input`; nothing is saved. Throws VALIDATION_FAILED. */
  propose(input: unknown): Promise<HaierIntegrationSettings>;
}

/** Below the promised two seconds, so that the query has its time too. */
const MAX_AGE_MS = 1_500;
/** Who names no version wants no comparison: the change is made to whatever is there. */
const MAX_ATTEMPTS = 5;

export default function createSettings({ strapi }: { strapi: Core.Strapi }): SettingsService {
  const vault = createVault(strapi);
  const environment = (): Values => readConfig(strapi).settings as Values;
  const isProduction = (): boolean => strapi.config.get('environment') === 'production';

  let opened: { source: string; page: OpenPage } | undefined;
  let kept: { at: number; state: Promise<SettingsState> } | undefined;

  /** Decrypted once for each content: what cannot be decrypted leaves a line in the log each time. */
  function open(page: StoredPage): OpenPage {
    const source = JSON.stringify(page);
    if (opened?.source !== source) {
      opened = { source, page: openPage(page, vault) };
      const { unreadable } = opened.page;
      if (unreadable.length > 0)
        strapi.log.error(`haier-integration: ${unreadableProblem(unreadable).message.en}`);
    }
    return opened.page;
  }

  async function readState(): Promise<SettingsState> {
    const page = await readPage(strapi);
    const { values, unreadable } = open(page);
    return { ...resolveSettings(environment(), values), version: page.version, unreadable };
  }

  async function read(): Promise<HaierIntegrationSettings> {
    const now = performance.now();
    if (kept === undefined || now - kept.at > MAX_AGE_MS) {
      const fresh = { at: now, state: readState() };
      kept = fresh;
      // The next reader asks again.
      fresh.state.catch(() => {
        if (kept === fresh) kept = undefined;
      });
    }
    return (await kept.state).settings;
  }

  /** Throws VALIDATION_FAILED. */
  function checkRules({ set }: SettingsChanges): void {
    const problems = set.flatMap(({ field, value }) => {
      const message = findRuleProblem(field, value, { isProduction: isProduction() });
      return message === undefined ? [] : [{ path: [field.part, field.name], message }];
    });
    if (problems.length > 0) throw validationFailed(problems);
  }

  /** Throws VALIDATION_FAILED. */
  function findValidChanges(patch: SettingsPatch, { values }: OpenPage): SettingsChanges {
    const { settings } = resolveSettings(environment(), values);
    const changes = findChanges(patch, settings, ({ part, name }) => values[part]?.[name] !== undefined);
    checkRules(changes);
    return changes;
  }

  /** Undefined when somebody else was quicker. Throws PluginRefusal. */
  async function save(patch: SettingsPatch, by: SettingsEditor): Promise<FieldPath[] | undefined> {
    const page = await readPage(strapi);
    if (patch.version !== undefined && patch.version !== page.version) return undefined;
    const changes = findValidChanges(patch, open(page));
    const fields = changedPaths(changes);
    if (fields.length === 0) return fields;
    const next = changePage(page, changes, vault);
    const isSaved = await replacePage(strapi, next, { by, fields, at: new Date() });
    return isSaved ? fields : undefined;
  }

  return {
    read,
    readState,
    async isConfigured() {
      const settings = await read();
      return { haier: isHaierConfigured(settings), ylh: isYlhConfigured(settings) };
    },
    async write(input, editor) {
      const patch = parsePatch(input);
      const attempts = patch.version === undefined ? MAX_ATTEMPTS : 1;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const fields = await save(patch, editor);
        if (fields === undefined) continue;
        kept = undefined;
        return fields;
      }
      throw new PluginRefusal('SETTINGS_CONFLICT');
    },
    async propose(input) {
      const page = open(await readPage(strapi));
      const changes = findValidChanges(parsePatch(input), page);
      return resolveSettings(environment(), applyChanges(page.values, changes)).settings;
    },
  };
}

/** Throws VALIDATION_FAILED. */
function parsePatch(input: unknown): SettingsPatch {
  const parsed = patchSchema.safeParse(input);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data;
}
