export const PLUGIN_ID = 'haier-integration';

/** The id of a text of this plugin. */
export const textId = (name: string): string => `${PLUGIN_ID}.${name}`;
