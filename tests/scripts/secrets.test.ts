import fs from 'node:fs';
import path from 'node:path';
import { evaluate, script, temporaryFolder } from './in-node';

const folder = temporaryFolder();

const ensureSecrets = (file: string) =>
  evaluate<string[]>(
    `import { ensureDevelopmentSecrets } from ${script('lib/development-secrets.mjs')}; answer(ensureDevelopmentSecrets(${JSON.stringify(file)}));`,
  );

const readValues = (file: string) =>
  evaluate<Record<string, string>>(
    `import { readEnvFile } from ${script('lib/settings.mjs')}; answer(readEnvFile(${JSON.stringify(file)}));`,
  );

describe('development secrets', () => {
  it('are made once, long and different, for their owner only', async () => {
    const file = path.join(folder, 'fresh.env');
    const made = await ensureSecrets(file);
    expect(made).toEqual(
      expect.arrayContaining(['APP_KEYS', 'ADMIN_JWT_SECRET', 'JWT_SECRET', 'ENCRYPTION_KEY']),
    );
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);

    const values = await readValues(file);
    const secrets = [
      ...values.APP_KEYS.split(','),
      ...['ADMIN_JWT_SECRET', 'JWT_SECRET', 'API_TOKEN_SALT', 'TRANSFER_TOKEN_SALT', 'ENCRYPTION_KEY'].map(
        (name) => values[name],
      ),
    ];
    expect(secrets.every((secret) => secret.length >= 32)).toBe(true);
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(values).toMatchObject({ FIRST_ADMIN_EMAIL: 'admin@example.com', FIRST_STAFF_USERNAME: 'staff' });
    for (const password of [values.FIRST_ADMIN_PASSWORD, values.FIRST_STAFF_PASSWORD]) {
      expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{12,}$/);
    }

    const before = fs.readFileSync(file, 'utf8');
    expect(await ensureSecrets(file)).toEqual([]);
    expect(fs.readFileSync(file, 'utf8')).toBe(before);
  });

  it('leave what is there alone and add only what is missing', async () => {
    const file = path.join(folder, 'half.env');
    // No line break at the end, an empty value and a comment: as people leave such files.
    fs.writeFileSync(file, '# mine\nJWT_SECRET=kept\nENCRYPTION_KEY=\nPORT=4000', { mode: 0o644 });
    const made = await ensureSecrets(file);
    expect(made).toContain('ENCRYPTION_KEY');
    expect(made).not.toContain('JWT_SECRET');
    expect(
      fs.readFileSync(file, 'utf8').startsWith('# mine\nJWT_SECRET=kept\nENCRYPTION_KEY=\nPORT=4000\n'),
    ).toBe(true);
    const values = await readValues(file);
    expect(values).toMatchObject({ JWT_SECRET: 'kept', PORT: '4000' });
    expect(values.ENCRYPTION_KEY.length).toBeGreaterThanOrEqual(32);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('settings', () => {
  it('come from .env, the environment wins, and an empty value is none', async () => {
    const file = path.join(folder, 'settings.env');
    fs.writeFileSync(file, 'HOST=0.0.0.0\nPORT=4000\nLOG_LEVEL=\n');
    const found = await evaluate<Record<string, unknown>>(`
      import { addressOf, readSettings } from ${script('lib/settings.mjs')};
      const settings = readSettings({ file: ${JSON.stringify(file)}, environment: { PORT: '5000', HOST: '' } });
      answer({ settings, address: addressOf(settings) });
    `);
    expect(found).toEqual({
      settings: { HOST: '0.0.0.0', PORT: '5000' },
      address: { host: '0.0.0.0', port: 5000, url: 'http://127.0.0.1:5000' },
    });
  });

  it('turn the sandbox on in development without WeChat credentials, and nowhere else', async () => {
    const cases = [
      {},
      { WECHAT_APP_ID: 'wx1' },
      { NODE_ENV: 'production' },
      { SANDBOX: 'false' },
      { SANDBOX: 'true', WECHAT_APP_ID: 'wx1' },
    ];
    const found = await evaluate<boolean[]>(
      `import { wantsSandbox } from ${script('lib/settings.mjs')}; answer(${JSON.stringify(cases)}.map(wantsSandbox));`,
    );
    expect(found).toEqual([true, false, false, false, true]);
  });
});
