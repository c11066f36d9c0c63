import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings, SettingsError } from '../../config/environment';
import { secretValues } from '../../config/environment/secrets';
import { setEnvironment } from '../support/boot';

const before = { ...process.env };
const folder = mkdtempSync(join(tmpdir(), 'log-settings-'));
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Also in a run whose logs are all kept, whatever a test says of them. */
function setAsTold(variables: Record<string, string>): void {
  setEnvironment(variables);
  for (const name of ['LOG_LEVEL', 'LOG_FORMAT']) delete process.env[name];
  Object.assign(process.env, variables);
}

/** The logger's configuration as a start with these variables reads it. */
async function loggerOf(variables: Record<string, string>): Promise<{ silent?: boolean; level?: string }> {
  setAsTold(variables);
  let config: (() => { silent?: boolean; level?: string }) | undefined;
  let close: (() => void) | undefined;
  await jest.isolateModulesAsync(async () => {
    config = (await import('../../config/logger')).default;
    close = (await import('../../src/platform/logging')).closeLogs;
  });
  try {
    return config?.() ?? {};
  } finally {
    close?.();
  }
}

const problemsOf = (variables: Record<string, string>): string[] => {
  setAsTold({ NODE_ENV: 'production', LOG_LEVEL: 'info', ...variables });
  try {
    readSettings(process.env);
    return [];
  } catch (error) {
    return (error as SettingsError).problems.map(({ name }) => name);
  }
};

describe('the settings of the logs', () => {
  it('make the folder and its files at the start', async () => {
    const fresh = join(folder, 'new', 'logs');
    expect(await loggerOf({ LOG_LEVEL: 'warn', LOG_DIR: fresh })).toMatchObject({ level: 'warn' });
    expect(readdirSync(fresh).sort()).toEqual(['api.log', 'app.log', 'error.log', 'payment-audit.log']);
  });

  it('stop the start when the folder cannot be written, and say which setting that is', async () => {
    const inTheWay = join(folder, 'a-file');
    writeFileSync(inTheWay, '');
    await expect(loggerOf({ LOG_LEVEL: 'info', LOG_DIR: join(inTheWay, 'logs') })).rejects.toThrow(
      /LOG_DIR is .*a-file\/logs, which cannot be written \(ENOTDIR\)/,
    );
  });

  it('write nothing at all when they are silent, which production refuses', async () => {
    const unused = join(folder, 'unused');
    expect(await loggerOf({ LOG_LEVEL: 'silent', LOG_DIR: unused })).toEqual({ silent: true });
    expect(readdirSync(folder)).not.toContain('unused');
    expect(problemsOf({ LOG_LEVEL: 'silent' })).toContain('LOG_LEVEL');
    expect(problemsOf({})).not.toContain('LOG_LEVEL');
  });

  it('are text for people unless they say otherwise', () => {
    setAsTold({});
    expect(readSettings(process.env).LOG_FORMAT).toBe('text');
    expect(readSettings({ ...process.env, LOG_FORMAT: 'json' }).LOG_FORMAT).toBe('json');
    expect(readSettings({ ...process.env, LOG_FORMAT: ' ' }).LOG_FORMAT).toBe('text');
  });

  it('refuse a short token for the metrics in production', () => {
    expect(problemsOf({ METRICS_TOKEN: 'short' })).toContain('METRICS_TOKEN');
    expect(problemsOf({ METRICS_TOKEN: 'x'.repeat(32) })).not.toContain('METRICS_TOKEN');
  });

  it('know every secret that no line may hold', () => {
    expect(
      secretValues({
        APP_KEYS: ['key-of-the-app'],
        WECHAT_APP_SECRET: 'secret-1',
        HAIER_PASSWORD: 'password-2',
        WECHAT_PAY_API_V3_KEY: 'api-key-3',
        METRICS_TOKEN: 'token-4',
        DATABASE_URL: 'postgres://shop:pass%205word@127.0.0.1/shop',
        WECHAT_APP_ID: 'no-secret',
        YLH_PASSWORD: 'short',
      }).sort(),
    ).toEqual(['api-key-3', 'key-of-the-app', 'pass 5word', 'password-2', 'secret-1', 'token-4'].sort());
  });
});
