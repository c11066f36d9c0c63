/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import { PLUGIN_ID } from './constants';
import type { SettingsService } from './services/settings';
import type { SettingsViewService } from './services/settings-view';

export interface PluginServices {
  settings: SettingsService;
  settingsView: SettingsViewService;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
