import type { Core } from '@strapi/strapi';

import { isLocalized, readLocales } from '../localized';
import {
  BUTTONS,
  COUNTED_FIELDS,
  EDITED_TYPES,
  HAIER_ACTIONS,
  MEDIA_ACTIONS,
  MERCHANT_ROLE,
  SEEN_TYPES,
  WITHHELD_FIELDS,
} from './merchant-role';
import { secretFieldsOf } from './secret-fields';

interface Permission {
  action: string;
  subject?: string | null;
  properties?: { fields?: string[]; locales?: string[] };
  conditions?: unknown[];
}

/** The parts of Strapi's admin services used here; the services themselves are not typed. */
interface RoleService {
  findOne(where: { code: string }): Promise<{ id: number } | null>;
  create(attributes: { code: string; name: string; description: string }): Promise<{ id: number }>;
  assignPermissions(roleId: number, permissions: Permission[]): Promise<unknown>;
  hooks: {
    willResetSuperAdminPermissions: {
      register(handler: (permissions: Permission[]) => Permission[]): unknown;
    };
  };
}
interface ContentTypeService {
  getNestedFields(schema: unknown, options: { components: unknown }): string[];
}

const explorer = (verb: 'create' | 'read' | 'update' | 'delete') =>
  `plugin::content-manager.explorer.${verb}`;
const roles = (strapi: Core.Strapi) => strapi.service('admin::role') as unknown as RoleService;

function fieldsOf(strapi: Core.Strapi, uid: string): string[] {
  const without = new Set([...secretFieldsOf(uid), ...(WITHHELD_FIELDS[uid] ?? [])]);
  const { getNestedFields } = strapi.service('admin::content-type') as unknown as ContentTypeService;
  const schema = strapi.contentTypes[uid as keyof typeof strapi.contentTypes];
  return getNestedFields(schema, { components: strapi.components }).filter((field) => !without.has(field));
}

function catalogueRights(strapi: Core.Strapi, uid: string, locales: string[]): Permission[] {
  const scope = isLocalized(strapi, uid) ? { locales } : {};
  const fields = fieldsOf(strapi, uid);
  const written = fields.filter((field) => !COUNTED_FIELDS[uid]?.includes(field));
  return [
    { action: explorer('create'), subject: uid, properties: { fields: written, ...scope } },
    { action: explorer('read'), subject: uid, properties: { fields, ...scope } },
    { action: explorer('update'), subject: uid, properties: { fields: written, ...scope } },
    { action: explorer('delete'), subject: uid, properties: scope },
  ];
}

/** Everything the role may do, from the tables in `merchant-role`. */
function merchantPermissions(strapi: Core.Strapi, locales: string[]): Permission[] {
  return [
    ...EDITED_TYPES.flatMap((uid) => catalogueRights(strapi, uid, locales)),
    ...SEEN_TYPES.map((uid) => ({
      action: explorer('read'),
      subject: uid,
      properties: { fields: fieldsOf(strapi, uid) },
    })),
    ...[...MEDIA_ACTIONS, ...BUTTONS, ...HAIER_ACTIONS].map((action) => ({ action })),
  ].map((permission) => ({ conditions: [], ...permission }));
}

/**
 * Makes the merchant's role, or brings its rights back in line with the code. Applied twice it changes nothing. No
 * other role is touched. Call in `bootstrap`, once the shop's languages exist.
 */
export async function syncMerchantRole(strapi: Core.Strapi): Promise<void> {
  const service = roles(strapi);
  const role =
    (await service.findOne({ code: MERCHANT_ROLE.code })) ?? (await service.create({ ...MERCHANT_ROLE }));
  const locales = await readLocales(strapi);
  await service.assignPermissions(role.id, merchantPermissions(strapi, locales));
}

/** Keeps what nobody may read out of the super administrator's rights too. Call in `register`. */
export function withholdSecretFields(strapi: Core.Strapi): void {
  roles(strapi).hooks.willResetSuperAdminPermissions.register((permissions) =>
    permissions.map((permission) => {
      const secret = secretFieldsOf(permission.subject ?? '');
      const fields = permission.properties?.fields;
      if (secret.length === 0 || fields === undefined) return permission;
      return {
        ...permission,
        properties: { ...permission.properties, fields: fields.filter((field) => !secret.includes(field)) },
      };
    }),
  );
}
