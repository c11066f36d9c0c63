import type { Core } from '@strapi/strapi';

import { settings } from '../../../../config/environment';

interface AdminUserService {
  exists(): Promise<boolean>;
  createFirstAdmin(attributes: Record<string, unknown>): Promise<unknown>;
}

/**
 * Creates the first super administrator from FIRST_ADMIN_EMAIL and FIRST_ADMIN_PASSWORD in a database that has no
 * administrator at all, and never changes one that is there. Without the two settings Strapi's own form, shown on the
 * first visit, does it.
 */
export async function ensureFirstAdmin(strapi: Core.Strapi): Promise<void> {
  const { FIRST_ADMIN_EMAIL: email, FIRST_ADMIN_PASSWORD: password } = settings();
  if (email === undefined || password === undefined) return;
  const users = strapi.service('admin::user') as unknown as AdminUserService;
  if (await users.exists()) return;
  try {
    await users.createFirstAdmin({
      email: email.toLowerCase(),
      password,
      firstname: 'Admin',
      preferedLanguage: 'zh-Hans',
    });
  } catch (error) {
    // Another process that starts at the same moment may have been first; the row lock inside lets only one through.
    if (!(await users.exists())) throw error;
  }
}
