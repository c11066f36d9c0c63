/** The plugin's services by name, typed; Strapi's own look-up knows names only. */
import type { HaierApi, YlhApi } from './clients/contract';
import { PLUGIN_ID } from './constants';
import type { HaierIntegrationSettings } from './domain/settings';
import type { SyncsService } from './services/syncs';

export interface PluginServices {
  settings: {
    read(): Promise<HaierIntegrationSettings>;
    isConfigured(): Promise<{ haier: boolean; ylh: boolean }>;
  };
  clients: { haier: HaierApi; ylh: YlhApi };
  syncs: SyncsService;
}

/** Throws when there is no such service, which is a mistake in `services/index.ts`. */
export function getService<Name extends keyof PluginServices>(name: Name): PluginServices[Name] {
  return strapi.plugin(PLUGIN_ID).service(name);
}
