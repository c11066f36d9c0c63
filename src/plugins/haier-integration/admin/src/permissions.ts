/** The five permissions, as the server registers them; what a page hides the server refuses as well. */
const action = (name: string) => [{ action: `plugin::haier-integration.${name}`, subject: null }];

export const CAN_READ = action('read');
export const CAN_SET = action('settings');
export const CAN_SYNC = action('sync');
export const CAN_PUSH = action('push');
export const CAN_REPLAY = action('replay');
