import { randomBytes } from 'node:crypto';

import type { TestApp } from '../app';
import { panelUserWithRole, type PanelUser } from './panel';

interface RoleService {
  create(attributes: { code: string; name: string; description: string }): Promise<{ id: number }>;
  assignPermissions(roleId: number, permissions: object[]): Promise<unknown>;
}

/** Somebody signed in to the panel whose one role may do exactly these actions, on a content type where one is given. */
export async function panelUserWho(
  app: TestApp,
  actions: readonly string[],
  subject: string | null = null,
): Promise<PanelUser> {
  const roles = app.strapi.service('admin::role') as unknown as RoleService;
  const code = `role-${randomBytes(5).toString('hex')}`;
  const role = await roles.create({ code, name: code, description: '' });
  await roles.assignPermissions(
    role.id,
    actions.map((action) => ({ action, subject, properties: {}, conditions: [] })),
  );
  return panelUserWithRole(app, role.id);
}
