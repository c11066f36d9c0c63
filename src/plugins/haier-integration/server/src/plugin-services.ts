/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import { PLUGIN_ID } from './constants';
import type { CallLog } from './services/call-log';
import type { ClientsService } from './services/clients';
import type { SettingsService } from './services/settings';
import type { SettingsViewService } from './services/settings-view';
import type { SyncsService } from './services/syncs';
import type { TokenKeeper } from './services/token-keeper';

export interface PluginServices {
  callLog: CallLog;
  clients: ClientsService;
  settings: SettingsService;
  settingsView: SettingsViewService;
  syncs: SyncsService;
  tokenKeeper: TokenKeeper;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
