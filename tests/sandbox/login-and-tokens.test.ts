import { startSandbox, type Sandbox } from '../../sandbox';
import { send } from './support/merchant';
import { MiniProgram } from './support/mini-program';

describe('login and access tokens', () => {
  let sandbox: Sandbox;
  let app: MiniProgram;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = new MiniProgram(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.control.reset());

  const advance = (ms: number): Promise<void> => sandbox.control.clock.advance(ms);

  test('a login code works once and comes as text/plain without errcode', async () => {
    const { code, openid } = sandbox.control.mintLoginCode({ unionid: 'u1' });
    const answer = await app.login(code);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer).toMatchObject({
      status: 200,
      json: { openid, unionid: 'u1', session_key: expect.any(String) },
    });
    expect(answer.json).not.toHaveProperty('errcode');
    expect((await app.login(code)).json).toMatchObject({ errcode: 40163 });
  });

  test('the same shopper keeps the openid; an app without Open Platform has no unionid', async () => {
    const { code } = sandbox.control.mintLoginCode({ openid: 'oSame' });
    const { json } = await app.login(code);
    expect(json.openid).toBe('oSame');
    expect(json).not.toHaveProperty('unionid');
  });

  test('a code dies after five minutes of sandbox time', async () => {
    const { code } = sandbox.control.mintLoginCode();
    await advance(5 * 60_000 + 1);
    expect((await app.login(code)).json).toMatchObject({ errcode: 40029 });
  });

  test.each([
    [{ js_code: 'unknown' }, 40029],
    [{ js_code: '__proto__' }, 40029],
    [{ js_code: '' }, 41008],
    [{ appid: 'wx1' }, 40013],
    [{ appid: '' }, 41002],
    [{ secret: 'x' }, 40125],
    [{ secret: '' }, 41004],
    [{ grant_type: 'x' }, 40002],
  ])('login with %o is refused with %i and HTTP 200', async (changes, errcode) => {
    const { code } = sandbox.control.mintLoginCode();
    const answer = await app.login(code, changes);
    expect(answer).toMatchObject({
      status: 200,
      json: { errcode, errmsg: expect.stringContaining('rid: ') },
    });
  });

  test('the stable token stays the same until five minutes before its end, then both work', async () => {
    const first = (await app.stableToken()).json;
    expect(first).toMatchObject({ expires_in: 7200 });
    expect(String(first.access_token)).toHaveLength(512);
    await advance(6_000_000);
    const same = (await app.stableToken()).json;
    expect(same.access_token).toBe(first.access_token);
    // Time runs on while the test does.
    expect(same.expires_in).toBeGreaterThan(1_190);
    expect(same.expires_in).toBeLessThanOrEqual(1_200);
    await advance(901_000);
    const second = (await app.stableToken()).json;
    expect(second.access_token).not.toBe(first.access_token);
    for (const token of [first, second]) expect((await carriers(token.access_token)).errcode).toBe(0);
    await advance(300_000);
    expect((await carriers(first.access_token)).errcode).toBe(42001);
  });

  async function carriers(token: unknown, body = '{}'): Promise<Record<string, unknown>> {
    const path = `/cgi-bin/express/delivery/open_msg/get_delivery_list?access_token=${String(token)}`;
    return (await app.post(path, body)).json;
  }

  test('a forced refresh ends the old token, not more than every 30 s and 20 times a day', async () => {
    await sandbox.control.clock.set('2031-01-01T08:00:00+08:00');
    const old = (await app.stableToken()).json.access_token;
    const forced = (await app.stableToken({ force_refresh: true })).json.access_token;
    expect(forced).not.toBe(old);
    expect((await carriers(old)).errcode).toBe(40001);
    expect((await app.stableToken({ force_refresh: true })).json.access_token).toBe(forced);
    for (let count = 1; count < 20; count += 1) {
      await advance(30_000);
      await app.stableToken({ force_refresh: true });
    }
    await advance(30_000);
    expect((await app.stableToken({ force_refresh: true })).json).toMatchObject({ errcode: 45009 });
    await advance(86_400_000);
    expect((await app.stableToken({ force_refresh: true })).json.access_token).toBeDefined();
  });

  test('the older call makes a new token each time and leaves the stable one alone', async () => {
    const stable = (await app.stableToken()).json.access_token;
    const ask = () => app.get('/cgi-bin/token', { grant_type: 'client_credential', ...app.credentials() });
    const [first, second] = [(await ask()).json.access_token, (await ask()).json.access_token];
    expect((await carriers(first)).errcode).toBe(40001);
    expect((await carriers(second)).errcode).toBe(0);
    expect((await carriers(stable)).errcode).toBe(0);
  });

  test('tokens are checked on every other call', async () => {
    expect((await app.post('/wxa/msg_sec_check', {})).json).toMatchObject({ errcode: 41001 });
    expect((await carriers('invented')).errcode).toBe(40014);
  });

  test('empty, broken and wrongly sent bodies have codes of their own', async () => {
    const token = (await app.stableToken()).json.access_token;
    expect((await carriers(token, '')).errcode).toBe(44002);
    expect((await carriers(token, '{')).errcode).toBe(47001);
    expect((await carriers(token, '[]')).errcode).toBe(47001);
    const path = '/cgi-bin/express/delivery/open_msg/get_delivery_list';
    expect((await send(`${sandbox.apiUrl}${path}?access_token=${String(token)}`)).json).toMatchObject({
      errcode: 43002,
    });
    expect((await app.post('/cgi-bin/nothing', {})).status).toBe(404);
  });

  test('a phone code works once, for its owner, within five minutes', async () => {
    const exchange = (body: object) => app.guarded('/wxa/business/getuserphonenumber', body);
    const mint = () => sandbox.control.mintPhoneCode({ openid: 'oPhone', phone: '13800138000' }).code;
    const code = mint();
    expect(await exchange({ code, openid: 'oOther' })).toMatchObject({ errcode: 40029 });
    expect(await exchange({ code, openid: 'oPhone' })).toMatchObject({
      errcode: 0,
      phone_info: {
        phoneNumber: '13800138000',
        purePhoneNumber: '13800138000',
        countryCode: 86,
        watermark: { appid: app.credentials().appid, timestamp: expect.any(Number) },
      },
    });
    expect(await exchange({ code })).toMatchObject({ errcode: 40029 });
    const late = mint();
    await advance(5 * 60_000 + 1);
    expect(await exchange({ code: late })).toMatchObject({ errcode: 40029 });
    const login = sandbox.control.mintLoginCode().code;
    expect(await exchange({ code: login })).toMatchObject({ errcode: 40029 });
  });
});
