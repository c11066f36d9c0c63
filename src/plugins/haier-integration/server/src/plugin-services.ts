/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import type { HaierApi, YlhApi } from './clients/contract';
import { PLUGIN_ID } from './constants';
import type { HaierOperations } from './operations';
import type { CallbackService } from './services/callbacks';
import type { Districts } from './services/districts';
import type { SettingsService } from './services/settings';
import type { SettingsViewService } from './services/settings-view';
import type { StockReader } from './services/stock-reader';

export interface PluginServices {
  callbacks: CallbackService;
  clients: { haier: HaierApi; ylh: YlhApi };
  districts: Districts;
  operations: HaierOperations;
  settings: SettingsService;
  settingsView: SettingsViewService;
  stockReader: StockReader;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
