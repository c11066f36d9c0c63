/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import type { HaierApi, YlhApi } from './clients/contract';
import { PLUGIN_ID } from './constants';
import type { BalanceService } from './services/balance';
import type { CallsService } from './services/calls';
import type { MappingsService } from './services/mappings';
import type { OverviewService } from './services/overview';
import type { SettingsService } from './services/settings';
import type { SettingsViewService } from './services/settings-view';

export interface PluginServices {
  balance: BalanceService;
  calls: CallsService;
  clients: { haier: HaierApi; ylh: YlhApi };
  mappings: MappingsService;
  overview: OverviewService;
  settings: SettingsService;
  settingsView: SettingsViewService;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
