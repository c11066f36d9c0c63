import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compiled, startApp, type TestApp } from '../support/app';
import { PROJECT_ROOT } from '../support/boot';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

interface Route {
  method: string;
  path: string;
  handler: unknown;
  config?: { auth?: false | { scope?: string[] } };
}

function contentApiRoutes(): Route[] {
  const apis = Object.values(
    app.strapi.apis as unknown as Record<
      string,
      { routes: Record<string, { type?: string; routes: Route[] }> }
    >,
  );
  return apis.flatMap(({ routes }) =>
    Object.values(routes)
      .filter(({ type }) => type !== 'admin')
      .flatMap((router) => router.routes),
  );
}

/**
 * The calls of the table in docs/rest-api.md: `GET`, `PUT /a`, `/b` are GET and PUT of /a and of /b; a new verb after a
 * path begins anew.
 */
function documentedRoutes(): string[] {
  const page = readFileSync(join(PROJECT_ROOT, 'docs/rest-api.md'), 'utf8');
  const table = page.slice(page.indexOf('## Calls'));
  const rows = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].map((match) => match[1] ?? '');
  return rows.flatMap((cell) => {
    const found: string[] = [];
    let verbs: string[] = [];
    let hasPath = false;
    for (const [, words = ''] of cell.matchAll(/`([^`]+)`/g)) {
      const [, verb, path] = /^(GET|POST|PUT|DELETE)?\s*(\/\S*)?$/.exec(words) ?? [];
      if (verb !== undefined) verbs = hasPath ? [verb] : [...verbs, verb];
      hasPath = path !== undefined;
      if (path !== undefined) found.push(...verbs.map((known) => `${known} ${path}`));
    }
    return found;
  });
}

describe('the routes', () => {
  it('each ask for the grant of their own action and no other', () => {
    const wrong = contentApiRoutes().filter(
      ({ handler, config }) => config?.auth !== false && config?.auth?.scope?.join() !== handler,
    );
    expect(wrong).toEqual([]);
    expect(contentApiRoutes().length).toBeGreaterThan(40);
  });

  it('are those of docs/rest-api.md, every one and no other', () => {
    const routed = contentApiRoutes()
      .filter(({ handler }) => String(handler).startsWith('api::'))
      .map(({ method, path }) => `${method} ${path}`);
    const documented = documentedRoutes();
    expect(new Set(documented).size).toBe(documented.length);
    expect([...documented].sort()).toEqual([...new Set(routed)].sort());
  });

  it('lead to actions that exist, as do the grants', () => {
    const { GRANTS } = compiled<typeof import('../../src/extensions/users-permissions/grants')>(
      'src/extensions/users-permissions/grants',
    );
    const routed = new Set(contentApiRoutes().map(({ handler }) => handler));
    expect([...GRANTS.staff].filter((action) => !routed.has(action))).toEqual([]);
  });

  it('of Strapi’s own accounts are closed', async () => {
    for (const path of [
      '/auth/local',
      '/auth/local/register',
      '/auth/forgot-password',
      '/auth/reset-password',
      '/auth/refresh',
    ]) {
      expect((await app.api('post', path).send({})).status).toBe(404);
    }
    for (const path of ['/connect/github', '/users-permissions/roles', '/users/count', '/auth/sessions']) {
      expect([401, 404]).toContain((await app.api('get', path)).status);
    }
  });

  it('that nobody knows answer 404 in the one shape', async () => {
    const answer = await app.api('get', '/nothing-here');
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      data: null,
      error: {
        status: 404,
        name: 'NotFoundError',
        message: expect.any(String),
        details: { code: 'NOT_FOUND', requestId: answer.headers['x-request-id'] },
      },
    });
  });
});
