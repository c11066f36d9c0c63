import type { Core } from '@strapi/strapi';

import { Refusal } from '../../domain/refusal';
import { authStrategy } from './auth-strategy';

/**
 * The shopper's account, extended in code: a `schema.json` here would replace all of the plugin's attributes instead of
 * adding to them. The plugin's own REST routes are closed; `src/api/account` has the shop's.
 */
interface UsersPermissionsPlugin {
  register(input: { strapi: Core.Strapi }): void;
  controllers: { role: Record<string, unknown> };
  contentTypes: { user: { schema: { attributes: Record<string, unknown>; indexes?: unknown[] } } };
  routes: Record<string, unknown>;
}

/** Written by the account service only; `private` keeps them out of every answer Strapi itself makes. */
const ACCOUNT_ATTRIBUTES = {
  phone: { type: 'string', maxLength: 20, private: true, configurable: false },
  openId: { type: 'string', maxLength: 128, private: true, configurable: false },
  unionId: { type: 'string', maxLength: 128, private: true, configurable: false },
  avatarUrl: { type: 'string', maxLength: 255, configurable: false },
  userType: { type: 'enumeration', enum: ['wechat', 'admin'], default: 'wechat', configurable: false },
  isStaff: { type: 'boolean', default: false, configurable: false },
  isSuperuser: { type: 'boolean', default: false, private: true, configurable: false },
  hasPassword: { type: 'boolean', default: false, private: true, configurable: false },
  lastLoginAt: { type: 'datetime', configurable: false },
};

/** What staff and the panel list accounts by; names and phones are found by the indexes of `database/constraints.ts`. */
const ACCOUNT_INDEXES = [
  { name: 'shop_users_created', columns: ['created_at', 'id'] },
  { name: 'shop_users_username', columns: ['username', 'id'] },
  { name: 'shop_users_blocked', columns: ['blocked', 'created_at', 'id'] },
  { name: 'shop_users_staff', columns: ['is_staff', 'created_at', 'id'] },
  { name: 'shop_users_last_login', columns: ['last_login_at'] },
];

/** The plugin's own register step, on a Strapi whose door for authentication strategies is shut: ours is in already. */
function withoutOwnStrategy(
  register: UsersPermissionsPlugin['register'],
): UsersPermissionsPlugin['register'] {
  return ({ strapi }) => {
    const view = Object.create(strapi, {
      get: { value: (name: string): unknown => (name === 'auth' ? { register() {} } : strapi.get(name)) },
    }) as Core.Strapi; // Object.create forgets the type of its prototype.
    register({ strapi: view });
  };
}

/** The plugin's role page writes rows that decide nothing here; better no button than one that does nothing. */
function refuseRoleChange(): never {
  const both =
    '角色与权限由程序代码统一管理，启动时自动同步 / Roles and permissions are kept in the code and synced at start';
  throw new Refusal('FORBIDDEN', { sentence: { zh: both, en: both } });
}

export default (plugin: UsersPermissionsPlugin): UsersPermissionsPlugin => {
  const { schema } = plugin.contentTypes.user;
  Object.assign(schema.attributes, ACCOUNT_ATTRIBUTES);
  schema.indexes = [...(schema.indexes ?? []), ...ACCOUNT_INDEXES];
  plugin.routes['content-api'] = () => ({ type: 'content-api', prefix: '', routes: [] });
  for (const action of ['createRole', 'updateRole', 'deleteRole'])
    plugin.controllers.role[action] = refuseRoleChange;
  plugin.register = withoutOwnStrategy(plugin.register);
  // While plugins load, that is before the admin panel registers its strategy for API tokens: asked in this order, a
  // shopper's token is not looked up among the API tokens on every request.
  strapi.get('auth').register('content-api', authStrategy as never); // Strapi's type wants its own context type.
  return plugin;
};
