/**
 * The shopper's account, extended in code: a `schema.json` here would replace all of the plugin's attributes instead of
 * adding to them. The plugin's own REST routes are closed; `src/api/account` has the shop's.
 */
interface UsersPermissionsPlugin {
  contentTypes: { user: { schema: { attributes: Record<string, unknown> } } };
  routes: Record<string, unknown>;
}

/** Written by the account service only; `private` keeps them out of every answer Strapi itself makes. */
const ACCOUNT_ATTRIBUTES = {
  phone: { type: 'string', maxLength: 20, private: true, configurable: false },
  openId: { type: 'string', maxLength: 128, private: true, configurable: false },
  unionId: { type: 'string', maxLength: 128, private: true, configurable: false },
  avatarUrl: { type: 'string', maxLength: 500, configurable: false },
  userType: { type: 'enumeration', enum: ['wechat', 'admin'], default: 'wechat', configurable: false },
  isStaff: { type: 'boolean', default: false, configurable: false },
  isSuperuser: { type: 'boolean', default: false, private: true, configurable: false },
  hasPassword: { type: 'boolean', default: false, private: true, configurable: false },
  lastLoginAt: { type: 'datetime', configurable: false },
};

export default (plugin: UsersPermissionsPlugin): UsersPermissionsPlugin => {
  Object.assign(plugin.contentTypes.user.schema.attributes, ACCOUNT_ATTRIBUTES);
  plugin.routes['content-api'] = () => ({ type: 'content-api', prefix: '', routes: [] });
  return plugin;
};
