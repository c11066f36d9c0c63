import type { Core } from '@strapi/strapi';

import { ROLE_UID, USER_UID } from '../../api/account/queries/users';
import { ROLE_TYPES, type RoleType } from '../../domain/roles';
import { inTransaction, oneProcessAtATime } from '../../platform/database';
import { GRANTS, ROLE_FACES } from './grants';

const PERMISSION_UID = 'plugin::users-permissions.permission';
const LOCK_KEY = 7_210_432;

interface Role {
  id: number;
  type: string;
  name: string;
  description: string;
}

/** The content-API actions of all controllers, by full name. */
function existingActions(strapi: Core.Strapi): Set<string> {
  const actions = Object.entries(strapi.contentAPI.permissions.getActionsMap() as ActionsMap).flatMap(
    ([source, { controllers }]) =>
      Object.entries(controllers).flatMap(([controller, names]) =>
        names.map((name) => `${source}.${controller}.${name}`),
      ),
  );
  return new Set(actions);
}

type ActionsMap = Record<string, { controllers: Record<string, string[]> }>;

/** Granted actions that no controller has: a misspelt grant, or a route that was taken away. */
export function findMissingActions(strapi: Core.Strapi): string[] {
  const existing = existingActions(strapi);
  return [...GRANTS.staff].filter((action) => !existing.has(action));
}

/** The role of this type; Strapi's built-in `authenticated` becomes the shopper, so that nobody loses a role. */
async function ensureRole(strapi: Core.Strapi, type: RoleType): Promise<Role> {
  const roles = strapi.db.query(ROLE_UID);
  const face = ROLE_FACES[type];
  const known =
    ((await roles.findOne({ where: { type } })) as Role | null) ??
    (type === 'shopper'
      ? ((await roles.findOne({ where: { type: 'authenticated' } })) as Role | null)
      : null);
  if (known === null) return (await roles.create({ data: { type, ...face } })) as Role;
  if (known.type !== type || known.name !== face.name || known.description !== face.description) {
    await roles.update({ where: { id: known.id }, data: { type, ...face } });
  }
  return { ...known, type, ...face };
}

async function syncPermissions(strapi: Core.Strapi, role: Role, wanted: string[]): Promise<void> {
  const permissions = strapi.db.query(PERMISSION_UID);
  const rows = (await permissions.findMany({ where: { role: { id: role.id } } })) as {
    id: number;
    action: string;
  }[];
  const kept = new Map(
    rows.filter(({ action }) => wanted.includes(action)).map((row) => [row.action, row.id]),
  );
  const surplus = rows.filter(({ id, action }) => kept.get(action) !== id).map(({ id }) => id);
  if (surplus.length > 0) await permissions.deleteMany({ where: { id: { $in: surplus } } });
  for (const action of wanted.filter((name) => !kept.has(name))) {
    await permissions.create({ data: { action, role: role.id } });
  }
}

/** Users of the built-in role that was left over beside the shopper's, e.g. made by a restored database. */
async function mergeBuiltInRole(strapi: Core.Strapi, shopper: Role): Promise<void> {
  const builtIn = (await strapi.db
    .query(ROLE_UID)
    .findOne({ where: { type: 'authenticated' } })) as Role | null;
  if (builtIn === null) return;
  const users = (await strapi.db.query(USER_UID).findMany({ where: { role: { id: builtIn.id } } })) as {
    id: number;
  }[];
  for (const { id } of users)
    await strapi.db.query(USER_UID).update({ where: { id }, data: { role: shopper.id } });
  await syncPermissions(strapi, builtIn, []);
  await strapi.db.query(ROLE_UID).delete({ where: { id: builtIn.id } });
}

/** Whoever the plugin itself would make a user of, is a shopper; it makes none, registration is closed. */
async function syncPluginSettings(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store({ type: 'plugin', name: 'users-permissions' });
  const current = (await store.get({ key: 'advanced' })) as Record<string, unknown> | null;
  const wanted = { ...current, default_role: 'shopper', allow_register: false, unique_email: true };
  if (JSON.stringify(current) !== JSON.stringify(wanted)) await store.set({ key: 'advanced', value: wanted });
}

/**
 * Brings roles and permission rows in step with the grants table: creates what is missing, removes what is surplus,
 * changes nothing the second time, and waits for another process that does the same. Granted actions that do not exist
 * are left out with a warning.
 */
export async function syncRoles(strapi: Core.Strapi): Promise<void> {
  const missing = new Set(findMissingActions(strapi));
  if (missing.size > 0)
    strapi.log.warn(`No controller has these granted actions: ${[...missing].join(', ')}`);
  await inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK_KEY);
    for (const type of ROLE_TYPES) {
      const role = await ensureRole(strapi, type);
      await syncPermissions(
        strapi,
        role,
        [...GRANTS[type]].filter((action) => !missing.has(action)),
      );
      if (type === 'shopper') await mergeBuiltInRole(strapi, role);
    }
    await syncPluginSettings(strapi);
  });
}
