/** Names that both halves of the plugin and its tables go by. */
export const PLUGIN_ID = 'haier-integration';

const uid = <const Name extends string>(name: Name) => `plugin::${PLUGIN_ID}.${name}` as const;

export const API_LOG_UID = uid('haier-api-log');
export const SYNC_RUN_UID = uid('haier-sync-run');
export const SYNC_ITEM_UID = uid('haier-sync-item');
export const MAPPING_UID = uid('haier-mapping');
export const SETTING_UID = uid('haier-setting');
export const SETTING_CHANGE_UID = uid('haier-setting-change');
export const TOKEN_UID = uid('haier-token');

/** The five permissions of the panel; each admin route asks for one. */
export const PERMISSIONS = ['read', 'settings', 'sync', 'push', 'replay'] as const;
export type Permission = (typeof PERMISSIONS)[number];
export const actionOf = (permission: Permission): string => uid(permission);

/** The two systems on the other side. */
export const SYSTEMS = ['haier', 'ylh'] as const;
export type System = (typeof SYSTEMS)[number];
