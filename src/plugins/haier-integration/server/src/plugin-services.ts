/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import { PLUGIN_ID } from './constants';
import type { BalanceService } from './services/balance';
import type { CallbackService } from './services/callbacks';
import type { CallLog } from './services/call-log';
import type { CallsService } from './services/calls';
import type { ClientsService } from './services/clients';
import type { ConnectionTestService } from './services/connection-test';
import type { Districts } from './services/districts';
import type { HaierOperations } from './operations';
import type { MappingsService } from './services/mappings';
import type { OverviewService } from './services/overview';
import type { SettingsService } from './services/settings';
import type { SettingsViewService } from './services/settings-view';
import type { StockReader } from './services/stock-reader';
import type { SyncsService } from './services/syncs';
import type { TokenKeeper } from './services/token-keeper';

export interface PluginServices {
  balance: BalanceService;
  callLog: CallLog;
  callbacks: CallbackService;
  calls: CallsService;
  clients: ClientsService;
  connectionTest: ConnectionTestService;
  districts: Districts;
  mappings: MappingsService;
  operations: HaierOperations;
  overview: OverviewService;
  settings: SettingsService;
  settingsView: SettingsViewService;
  stockReader: StockReader;
  syncs: SyncsService;
  tokenKeeper: TokenKeeper;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
