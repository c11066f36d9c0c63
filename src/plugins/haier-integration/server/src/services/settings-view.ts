import type { Core } from '@strapi/strapi';

import { readConfig } from '../config';
import { PLUGIN_ID } from '../constants';
import type { Language } from '../domain/refusal';
import { PRESETS, type SettingsPart } from '../domain/settings';
import { type FieldPath, type FieldSource, hideSecrets, showSecret } from '../domain/settings-merge';
import {
  findMissing,
  invalidProblem,
  NO_KEY_PROBLEM,
  type SettingsProblem,
  unreadableProblem,
} from '../domain/settings-problems';
import { getService } from '../plugin-services';
import type { SettingsState } from './settings';
import { listChanges, type SettingsChange } from './settings-store';

/** The settings page as it is answered: never a secret. */
export interface SettingsPage {
  data: { version: number } & Record<SettingsPart, Record<string, unknown>>;
  meta: {
    /** Where each field's value comes from. */
    sources: Record<FieldPath, FieldSource>;
    presets: typeof PRESETS;
    /** The address to give to YLH; null where the shop does not know its own. */
    callbackUrl: string | null;
    problems: (Omit<SettingsProblem, 'message'> & { message: string })[];
    /** The last twenty, newest first. */
    changes: SettingsChange[];
  };
}

export interface SettingsViewService {
  describe(language: Language): Promise<SettingsPage>;
}

const CHANGES_SHOWN = 20;

/** Everything shown, with secrets that cannot be read as set: they are stored. */
function showSettings({ settings, unreadable, version }: SettingsState): SettingsPage['data'] {
  const shown = hideSecrets(settings);
  for (const path of unreadable) {
    const [part, name] = path.split('.') as [SettingsPart, string];
    shown[part][name] = { ...showSecret(''), configured: true };
  }
  return { version, ...shown };
}

/** What the environment or the page lacks; a secret that cannot be read is told once, not as missing too. */
function findProblems(state: SettingsState, hasKey: boolean): SettingsProblem[] {
  const problems = findMissing(state.settings).filter(
    ({ fields }) => !fields.every((path) => state.unreadable.includes(path)),
  );
  if (state.invalid.length > 0) problems.unshift(invalidProblem(state.invalid));
  if (state.unreadable.length > 0) problems.unshift(unreadableProblem(state.unreadable));
  if (!hasKey) problems.unshift(NO_KEY_PROBLEM);
  return problems;
}

export default function createSettingsView({ strapi }: { strapi: Core.Strapi }): SettingsViewService {
  const callbackUrl = (): string | null => {
    const { publicUrl } = readConfig(strapi);
    const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
    return publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}${prefix}/${PLUGIN_ID}/callback`;
  };

  return {
    async describe(language) {
      const [state, changes] = await Promise.all([
        getService('settings').readState(),
        listChanges(strapi, CHANGES_SHOWN),
      ]);
      const hasKey = Boolean(strapi.config.get('admin.secrets.encryptionKey'));
      return {
        data: showSettings(state),
        meta: {
          sources: state.sources,
          presets: PRESETS,
          callbackUrl: callbackUrl(),
          problems: findProblems(state, hasKey).map((problem) => ({
            ...problem,
            message: problem.message[language],
          })),
          changes,
        },
      };
    },
  };
}
