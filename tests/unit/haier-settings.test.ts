import { HaierError } from '../../src/plugins/haier-integration/server/src/domain/errors';
import { readLanguage } from '../../src/plugins/haier-integration/server/src/domain/language';
import { fromZod, presentRefusal } from '../../src/plugins/haier-integration/server/src/domain/refusal';
import { PRESETS, settingsSchema } from '../../src/plugins/haier-integration/server/src/domain/settings';
import {
  findChanges,
  hideSecrets,
  patchSchema,
  resolveSettings,
  SETTINGS_FIELDS,
  type SettingsField,
  showSecret,
  type Values,
} from '../../src/plugins/haier-integration/server/src/domain/settings-merge';
import {
  findMissing,
  isHaierConfigured,
  isYlhConfigured,
} from '../../src/plugins/haier-integration/server/src/domain/settings-problems';
import {
  findRuleProblem,
  isCronExpression,
} from '../../src/plugins/haier-integration/server/src/domain/settings-rules';
import { describeFailure } from '../../src/plugins/haier-integration/server/src/domain/words';

const field = (path: string): SettingsField => {
  const found = SETTINGS_FIELDS.find((each) => each.path === path);
  if (found === undefined) throw new Error(`no field ${path}`);
  return found;
};

describe('settings of page and environment', () => {
  it('are merged field by field, the page first', () => {
    const environment: Values = { haier: { clientId: 'from-env', customerCode: '11111111' } };
    const page: Values = { haier: { clientId: 'from-page' } };
    const { settings, sources } = resolveSettings(environment, page);
    expect(settings.haier).toMatchObject({
      clientId: 'from-page',
      customerCode: '11111111',
      supplierCode: '1001',
    });
    expect(sources).toMatchObject({
      'haier.clientId': 'page',
      'haier.customerCode': 'environment',
      'haier.supplierCode': 'default',
    });
  });

  it('keep working when one value is not valid: the next one in line counts, and it is said', () => {
    const { settings, invalid, sources } = resolveSettings(
      { callback: { maxSkewSeconds: 300 }, policy: { stockCountyCode: 'x' } },
      { callback: { maxSkewSeconds: 'soon' } },
    );
    expect(settings.callback.maxSkewSeconds).toBe(300);
    expect(settings.policy.stockCountyCode).toBe('');
    expect(sources['callback.maxSkewSeconds']).toBe('environment');
    expect(invalid).toEqual(['callback.maxSkewSeconds', 'policy.stockCountyCode']);
  });

  it('can be set empty on the page, over the environment', () => {
    const { settings } = resolveSettings(
      { haier: { tokenUrl: 'https://a.example' } },
      { haier: { tokenUrl: '' } },
    );
    expect(settings.haier.tokenUrl).toBe('');
  });
});

describe('a secret as it is shown', () => {
  it.each([
    ['', { configured: false, lastFour: null }],
    ['1234', { configured: true, lastFour: null }],
    ['elevenchars', { configured: true, lastFour: null }],
    ['twelve-chars', { configured: true, lastFour: 'hars' }],
  ])('%j', (secret, shown) => {
    expect(showSecret(secret)).toEqual(shown);
  });

  it('is every field whose name says so, and nothing of it is left', () => {
    const names = SETTINGS_FIELDS.filter(({ isSecret }) => isSecret).map(({ path }) => path);
    const suspicious = SETTINGS_FIELDS.filter(({ name }) => /secret|password/i.test(name)).map(
      ({ path }) => path,
    );
    expect(names).toEqual(suspicious);
    const values: Values = {};
    for (const { part, name } of SETTINGS_FIELDS.filter(({ isSecret }) => isSecret))
      (values[part] ??= {})[name] = 'very-secret-value';
    const shown = JSON.stringify(hideSecrets(resolveSettings({}, values).settings));
    expect(shown).not.toContain('very-secret');
  });
});

describe('what staff send', () => {
  const page: Values = { haier: { clientSecret: 'a-secret-of-the-page', clientId: 'page' } };
  const environment: Values = { haier: { customerCode: '11111111', password: 'of-the-environment' } };
  const { settings } = resolveSettings(environment, page);
  const changesOf = (patch: unknown) => {
    const { set, removed } = findChanges(
      patchSchema.parse(patch),
      settings,
      ({ part, name }) => page[part]?.[name] !== undefined,
    );
    return {
      set: set.map((each) => [each.field.path, each.value]),
      removed: removed.map(({ path }) => path),
    };
  };
  const nothing = { set: [], removed: [] };

  it('is no change when the page comes back as it was read, also what the environment brought', () => {
    expect(changesOf({ version: 3, ...hideSecrets(settings) })).toEqual(nothing);
  });

  it.each([[{}], [{ haier: {} }], [{ haier: { clientSecret: '' } }], [{ haier: { clientSecret: '  ' } }]])(
    'leaves a secret alone in %j',
    (patch) => {
      expect(changesOf(patch)).toEqual(nothing);
    },
  );

  it('removes a secret, or any other field, on purpose only', () => {
    expect(changesOf({ haier: { clientSecret: null, clientId: null } })).toEqual({
      set: [],
      removed: ['haier.clientId', 'haier.clientSecret'],
    });
    // Nothing of the page to remove.
    expect(changesOf({ haier: { password: null, customerCode: null } })).toEqual(nothing);
  });

  it('sets what differs', () => {
    expect(changesOf({ haier: { clientSecret: 'another', customerCode: '22222222' } })).toEqual({
      set: [
        ['haier.clientSecret', 'another'],
        ['haier.customerCode', '22222222'],
      ],
      removed: [],
    });
  });

  it.each([
    [{ haier: { nonsense: 1 } }, ['haier', 'nonsense']],
    [{ nonsense: {} }, ['nonsense']],
    [{ haier: { baseUrl: 'ftp://x' } }, ['haier', 'baseUrl']],
    [{ haier: { clientSecret: 12 } }, ['haier', 'clientSecret']],
    [{ haier: { clientSecret: { configured: true } } }, ['haier', 'clientSecret']],
    [{ policy: { stockCountyCode: '37' } }, ['policy', 'stockCountyCode']],
    [{ policy: { alreadyPushedPatterns: [''] } }, ['policy', 'alreadyPushedPatterns', 0]],
    [{ version: -1 }, ['version']],
    [[], []],
  ])('is refused with the place of the mistake: %j', (patch, path) => {
    const parsed = patchSchema.safeParse(patch);
    const answer = presentRefusal(fromZod(parsed.error as never), 'zh', 'r-1');
    expect(answer.error).toMatchObject({
      status: 400,
      details: { code: 'VALIDATION_FAILED', requestId: 'r-1' },
    });
    const [first] = answer.error.details.errors as { path: unknown[]; message: string }[];
    expect(first?.path).toEqual(path);
    expect(first?.message).toMatch(/\p{Script=Han}/u);
  });

  it('never hears a value back', () => {
    const secret = 'x'.repeat(501);
    const parsed = patchSchema.safeParse({ haier: { clientSecret: secret } });
    expect(JSON.stringify(presentRefusal(fromZod(parsed.error as never), 'en', undefined))).not.toContain(
      'xxxx',
    );
  });
});

describe('the rules beyond types', () => {
  it.each([
    ['* * * * *', true],
    ['0 3 * * *', true],
    ['*/10 * * * * *', true],
    ['@daily', false],
    ['61 * * * *', false],
    ['0 3 * *', false],
    ['0 0 3 * * * *', false],
    ['jeden Tag', false],
  ])('cron %j is %s', (text, isRight) => {
    expect(isCronExpression(text)).toBe(isRight);
  });

  it('an empty schedule means never', () => {
    expect(findRuleProblem(field('schedules.products'), '', { isProduction: true })).toBeUndefined();
  });

  it.each<[path: string, url: string, isRefused: boolean]>([
    ['haier.baseUrl', 'http://openplat.example', true],
    ['haier.baseUrl', 'http://www.yilihuo.com', true],
    ['haier.tokenUrl', 'https://openplat.example', false],
    ['ylh.authUrl', 'http://other.example/token', true],
    ['ylh.authUrl', 'http://www.yilihuo.com.evil.example/token', true],
    ...Object.values(PRESETS).flatMap(({ ylh }) =>
      Object.entries(ylh).map(([name, url]) => [`ylh.${name}`, url, false] as [string, string, boolean]),
    ),
  ])('in production %s = %s is refused: %s', (path, url, isRefused) => {
    expect(findRuleProblem(field(path), url, { isProduction: true }) !== undefined).toBe(isRefused);
    expect(findRuleProblem(field(path), url, { isProduction: false })).toBeUndefined();
  });
});

describe('what is missing', () => {
  const complete = settingsSchema.parse({
    haier: {
      ...PRESETS.test.haier,
      clientId: 'a',
      clientSecret: 'b',
      customerCode: '11111111',
      sendToCode: '22222222',
      password: 'c',
      sellerPassword: 'd',
      customerPassword: 'e',
    },
    ylh: {
      ...PRESETS.test.ylh,
      username: 'a',
      password: 'b',
      clientId: 'c',
      clientSecret: 'd',
      sourceSystem: 'e',
      shopName: 'f',
    },
    callback: { secret: 'g' },
    policy: { stockCountyCode: '370212' },
  });

  it('is nothing when all is set', () => {
    expect(findMissing(complete)).toEqual([]);
    expect([isHaierConfigured(complete), isYlhConfigured(complete)]).toEqual([true, true]);
  });

  it('is one sentence for a system without any account', () => {
    const problems = findMissing({ ...complete, haier: settingsSchema.parse({}).haier });
    expect(problems.filter(({ fields }) => fields.some((path) => path.startsWith('haier.')))).toHaveLength(1);
  });

  it('says what for', () => {
    const problems = findMissing({ ...complete, haier: { ...complete.haier, customerPassword: '' } });
    expect(problems).toMatchObject([
      { fields: ['haier.customerPassword'], message: { zh: expect.stringContaining('查询余额') as string } },
    ]);
  });

  it('is said of the call-back secret (mistake 11)', () => {
    const problems = findMissing({ ...complete, callback: { ...complete.callback, secret: '' } });
    expect(problems).toMatchObject([{ fields: ['callback.secret'] }]);
  });
});

describe('the language of an answer', () => {
  it.each([
    ['', 'zh'],
    ['en', 'en'],
    ['en-GB,zh;q=0.9', 'en'],
    ['zh-Hans', 'zh'],
    ['fr', 'zh'],
    ['zh;q=0.2, en;q=0.8', 'en'],
    ['en;q=0', 'zh'],
  ])('%j is %s', (header, language) => {
    expect(readLanguage(header)).toBe(language);
  });
});

describe('a failure in words', () => {
  it('tells a wrong address from a refusal', () => {
    const failure = (status: number) =>
      describeFailure(new HaierError({ system: 'ylh', operation: 'cancelOrder', kind: 'rejected', status }));
    expect(failure(404).zh).toContain('请检查地址');
    expect(failure(200).zh).toContain('拒绝');
  });
});
