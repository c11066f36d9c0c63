import type { TestApp } from '../support/app';
import { type PanelUser, rowsOf } from '../support/factories/panel';
import { listenToLog, newSecret } from '../support/haier-secrets';
import {
  EDITOR,
  SETTING_ROWS as ROWS,
  SETTINGS_PATH as PATH,
  SettingsWorld,
} from '../support/haier-settings-world';

const KEY = 'admin.secrets.encryptionKey';

let world: SettingsWorld;
let app: TestApp;
let admin: PanelUser;

beforeAll(async () => {
  world = await SettingsWorld.start();
  ({ app, admin } = world);
});
afterAll(() => app?.stop());

const read = () => world.read();
const save = (body: object) => world.save(body);

describe('a secret', () => {
  it('is encrypted at rest and never said: in no answer, error or log', async () => {
    const ear = listenToLog(app);
    const secret = newSecret();
    const answers = [
      await save({ haier: { clientSecret: secret } }),
      await save({ haier: { clientSecret: secret, baseUrl: 'wrong' } }),
      await save({ haier: { clientSecret: secret }, version: 0 }),
      await save({ haier: { clientSecret: { secret } } }),
      await admin.call('get', PATH),
      await admin
        .call('post', `${PATH}/test`)
        .send({ system: 'haier', settings: { haier: { clientSecret: secret } } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 409, 400, 200, 200]);
    expect(await world.anotherProcess().read()).toMatchObject({ haier: { clientSecret: secret } });
    for (const { text } of answers) expect(text).not.toContain(secret);
    expect(JSON.stringify(await rowsOf(app, ROWS))).not.toContain(secret);
    expect(JSON.stringify(await rowsOf(app, 'plugin::haier-integration.haier-api-log'))).not.toContain(
      secret,
    );
    expect(ear.heard()).not.toContain(secret);
    ear.stop();
    expect(answers[0]?.body.data.haier.clientSecret).toEqual({
      configured: true,
      lastFour: secret.slice(-4),
    });
  });

  it.each([
    ['left out', {}],
    ['empty', { clientSecret: '' }],
    ['sent back as it was shown', { clientSecret: { configured: true, lastFour: 'abcd' } }],
  ])('stays when it is %s', async (_, haier) => {
    const secret = newSecret();
    await save({ haier: { clientSecret: secret } });
    expect((await save({ haier: { clientId: newSecret(), ...haier } })).status).toBe(200);
    expect((await world.anotherProcess().read()).haier.clientSecret).toBe(secret);
  });

  it('is removed by null, which leaves the environment’s', async () => {
    await save({ haier: { clientSecret: newSecret() } });
    const removed = await save({ haier: { clientSecret: null } });
    expect(removed.body.meta.changes[0].fields).toEqual(['haier.clientSecret']);
    expect(removed.body.meta.sources['haier.clientSecret']).toBe('environment');
    expect((await world.anotherProcess().read()).haier.clientSecret).toBe(
      app.sandbox.env.HAIER_CLIENT_SECRET,
    );
  });

  it('that is short shows nothing of itself', async () => {
    const saved = await save({ ylh: { password: 'short-one' } });
    expect(saved.body.data.ylh.password).toEqual({ configured: true, lastFour: null });
    await save({ ylh: { password: null } });
  });
});

describe('a changed ENCRYPTION_KEY', () => {
  it('is said in words, breaks nothing, and what is stored stays for the day the key is back', async () => {
    const secret = newSecret();
    await save({ callback: { secret } });
    await world.withConfig(KEY, newSecret(), async () => {
      const process = world.anotherProcess();
      expect((await process.read()).callback.secret).toBe('');
      expect((await process.readState()).unreadable).toContain('callback.secret');
      const [before] = (await rowsOf(app, ROWS)) as { value: unknown }[];
      const written = await process.write({ policy: { balanceWarningYuan: 5 } }, EDITOR);
      expect(written).toEqual(['policy.balanceWarningYuan']);
      const [after] = (await rowsOf(app, ROWS)) as { value: unknown }[];
      const secretsOf = (value: unknown) =>
        (typeof value === 'string'
          ? (JSON.parse(value) as { secrets: unknown })
          : (value as { secrets: unknown })
        ).secrets;
      expect(secretsOf(after?.value)).toEqual(secretsOf(before?.value));
    });
    expect((await world.anotherProcess().read()).callback.secret).toBe(secret);
  });

  it('shows on the page: the secret is there, and cannot be read', async () => {
    const secret = newSecret();
    await save({ ylh: { clientSecret: secret } });
    // The page's own process holds the opened secrets until the row changes.
    await world.withConfig(KEY, newSecret(), async () => {
      await world.anotherProcess().write({ policy: { balanceWarningYuan: 6 } }, EDITOR);
      const { data, meta } = await read();
      expect(data.ylh.clientSecret).toEqual({ configured: true, lastFour: null });
      const problem = meta.problems.find(({ code }) => code === 'unreadable_secret');
      expect(problem?.fields).toContain('ylh.clientSecret');
      expect(problem?.message).toContain('ENCRYPTION_KEY');
      // Not the environment's instead: that may be another account.
      expect((await world.anotherProcess().read()).ylh.clientSecret).toBe('');
      const replaced = newSecret();
      expect((await save({ ylh: { clientSecret: replaced } })).status).toBe(200);
      expect((await world.anotherProcess().read()).ylh.clientSecret).toBe(replaced);
    });
    await save({ ylh: { clientSecret: null }, policy: { balanceWarningYuan: null } });
  });

  it('that is missing altogether lets nothing be saved in clear', async () => {
    const before = await rowsOf(app, ROWS);
    await world.withConfig(KEY, undefined, async () => {
      const refused = await save({ haier: { password: newSecret(), clientId: 'new' } });
      expect([refused.status, refused.body.error.details.code]).toEqual([503, 'ENCRYPTION_FAILED']);
      expect(refused.body.error.message).toContain('ENCRYPTION_KEY');
    });
    expect(await rowsOf(app, ROWS)).toEqual(before);
  });
});
