import { secretFieldsOf } from './secret-fields';

/** What Strapi's permission engine knows of the signed-in panel user. */
export interface Ability {
  can(action: string, subject: string, field?: string): boolean;
}

const READ = 'plugin::content-manager.explorer.read';
const USER_UID = 'plugin::users-permissions.user';
const ROLE_UID = 'plugin::users-permissions.role';

/** What names a row without saying anything about it. */
const NAMING: ReadonlySet<string> = new Set([
  'id',
  'documentId',
  'locale',
  'localizations',
  'createdAt',
  'updatedAt',
  'publishedAt',
  'createdBy',
  'updatedBy',
]);

/** Types whose rows belong to the shop; those of Strapi itself are kept by Strapi's own rules. */
const isOfTheShop = (uid: string): boolean => uid.startsWith('api::') || uid === USER_UID;

/** True when this panel user may be told a field of a type, wherever a row of it turns up. */
export function mayRead(ability: Ability, uid: string, field: string): boolean {
  if (secretFieldsOf(uid).includes(field)) return false;
  if (uid === ROLE_UID) return field !== 'users' && field !== 'permissions';
  return !isOfTheShop(uid) || NAMING.has(field) || ability.can(READ, uid, field);
}
