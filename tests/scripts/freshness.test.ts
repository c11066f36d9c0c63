import fs from 'node:fs';
import path from 'node:path';
import { evaluate, script, temporaryFolder } from './in-node';

const project = temporaryFolder();

function write(file: string, content: string) {
  const full = path.join(project, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, content);
}

const fingerprints = () =>
  evaluate<{ server: string; admin: string }>(`
    import { serverFingerprint } from ${script('lib/server-build.mjs')};
    import { adminFingerprint } from ${script('lib/admin-build.mjs')};
    const project = ${JSON.stringify(project)};
    answer({ server: serverFingerprint(project), admin: adminFingerprint(project) });
  `);

describe('what makes a build stale', () => {
  beforeEach(() => {
    fs.rmSync(project, { recursive: true, force: true });
    write('src/index.ts', 'export default {};\n');
    write('src/api/order/services/checkout.ts', 'export {};\n');
    write('src/admin/app.tsx', 'export default {};\n');
    write('src/plugins/haier/admin/src/index.ts', 'export {};\n');
    write('src/plugins/haier/server/src/index.ts', 'export {};\n');
    write('config/server.ts', 'export default {};\n');
    write('tsconfig.json', '{}');
    write('package-lock.json', '{}');
  });

  const changes: Array<[string, string, boolean, boolean]> = [
    ['a server file', 'src/api/order/services/checkout.ts', true, false],
    ['a new server file', 'src/api/order/services/late.ts', true, false],
    ['the configuration', 'config/server.ts', true, false],
    ['a migration', 'database/migrations/2026.01.01.first.ts', true, false],
    ['the compiler options', 'tsconfig.json', true, false],
    ['the server half of a plugin', 'src/plugins/haier/server/src/index.ts', true, false],
    ['the admin half of a plugin', 'src/plugins/haier/admin/src/index.ts', false, true],
    ['the admin panel', 'src/admin/app.tsx', false, true],
    ['the lock file', 'package-lock.json', true, true],
    ['a test beside its code', 'src/api/order/services/checkout.test.ts', false, false],
    ['a document', 'docs/architecture.md', false, false],
    ['a document beside the plugins', 'src/plugins/README.md', true, false],
  ];

  it.each(changes)('%s', async (_name, file, server, admin) => {
    const before = await fingerprints();
    write(file, '{"changed": true}\n');
    const after = await fingerprints();
    expect({ server: before.server !== after.server, admin: before.admin !== after.admin }).toEqual({
      server,
      admin,
    });
  });

  it('does not depend on times', async () => {
    const before = await fingerprints();
    fs.utimesSync(path.join(project, 'src/index.ts'), new Date(0), new Date(0));
    expect(await fingerprints()).toEqual(before);
  });

  it('counts a file that was renamed or deleted', async () => {
    const before = await fingerprints();
    fs.renameSync(path.join(project, 'src/index.ts'), path.join(project, 'src/main.ts'));
    const renamed = await fingerprints();
    fs.rmSync(path.join(project, 'src/main.ts'));
    const deleted = await fingerprints();
    expect(new Set([before.server, renamed.server, deleted.server]).size).toBe(3);
  });
});

describe('what makes an install stale', () => {
  const install = (body: string) =>
    evaluate<{ installs: number; installed: boolean; error?: string }>(`
      import { ensureInstalled, isInstalled } from ${script('lib/installation.mjs')};
      const project = ${JSON.stringify(project)};
      let installs = 0;
      let error;
      try { await ensureInstalled({ project, install: async () => { installs += 1; ${body} } }); } catch (thrown) { error = thrown.message; }
      answer({ installs, installed: isInstalled(project), error });
    `);

  beforeEach(() => {
    fs.rmSync(project, { recursive: true, force: true });
    write('package-lock.json', '{"packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}');
  });
  const complete = "(await import('node:fs')).mkdirSync(project + '/node_modules', { recursive: true });";

  it('installs once, and again when the lock file changed', async () => {
    expect(await install(complete)).toEqual({ installs: 1, installed: true });
    expect(await install(complete)).toEqual({ installs: 0, installed: true });
    write('package-lock.json', '{"packages": {"": {}, "node_modules/a": {"version": "2.0.0"}}}');
    expect(await install(complete)).toEqual({ installs: 1, installed: true });
  });

  it('starts over after an install that did not finish', async () => {
    const halfway = await install(`${complete} throw new Error('killed');`);
    expect(halfway).toEqual({ installs: 1, installed: false, error: 'killed' });
    expect(await install(complete)).toEqual({ installs: 1, installed: true });
  });

  it('lets two at once take turns', async () => {
    const slow = `${complete} await new Promise((done) => setTimeout(done, 700));`;
    const [first, second] = await Promise.all([install(slow), install(slow)]);
    expect(first.installs + second.installs).toBe(1);
    expect([first.installed, second.installed]).toEqual([true, true]);
  });

  it('takes over the lock of a process that died', async () => {
    write('.cache/install.lock', '999999999 00000000-0000-4000-8000-000000000000');
    expect(await install(complete)).toEqual({ installs: 1, installed: true });
  });
});
