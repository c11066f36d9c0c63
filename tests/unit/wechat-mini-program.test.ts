import { OutcomeUnknownError, type OutsideRequest } from '../../src/platform/http/outside-call';
import {
  CodeRefusedError,
  MiniProgram,
  MiniProgramBusyError,
  MiniProgramError,
  UserRefusedError,
} from '../../src/platform/wechat/mini-program-client';

const APP = { appId: 'wx0123456789abcdef', appSecret: 'top secret' };

type Body = object | string;

/** A WeChat that answers from a list per path; the last answer is repeated. */
function wechat(answers: Record<string, Body[]>, { status = 200, contentType = 'text/plain' } = {}) {
  const calls: OutsideRequest[] = [];
  let time = Date.UTC(2030, 0, 1);
  const client = new MiniProgram({
    ...APP,
    now: () => new Date(time),
    call: async (request) => {
      calls.push(request);
      const path = request.url.split('?')[0] ?? '';
      const queue = answers[path] ?? [];
      const body = queue.length > 1 ? queue.shift() : queue[0];
      await Promise.resolve();
      return {
        status,
        headers: { 'content-type': contentType },
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  });
  const paths = () => calls.map(({ url }) => url.split('?')[0]);
  return { client, calls, paths, pass: (ms: number) => (time += ms) };
}

const LOGIN = '/sns/jscode2session';
const TOKEN = '/cgi-bin/stable_token';
const PHONE = '/wxa/business/getuserphonenumber';
const token = (value: string, seconds = 7200) => ({ access_token: value, expires_in: seconds });
const phone = (changes: object = {}) => ({
  errcode: 0,
  errmsg: 'ok',
  phone_info: {
    phoneNumber: '13800138000',
    purePhoneNumber: '13800138000',
    countryCode: '86',
    watermark: { timestamp: 1, appid: APP.appId },
    ...changes,
  },
});

describe('exchanging a login code', () => {
  it('asks with all four parameters and keeps nothing of the session key', async () => {
    const { client, calls } = wechat({
      [LOGIN]: [{ openid: 'o1', session_key: 'tiihtNczf5v6AKRyjwEUhQ==', unionid: 'u1' }],
    });
    expect(await client.exchangeLoginCode('a code&more')).toEqual({ openId: 'o1', unionId: 'u1' });
    expect(calls).toHaveLength(1);
    const url = new URL(calls[0]?.url ?? '', 'https://api.weixin.qq.com');
    expect(calls[0]?.method).toBe('GET');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      appid: APP.appId,
      secret: APP.appSecret,
      js_code: 'a code&more',
      grant_type: 'authorization_code',
    });
    expect(JSON.stringify(client)).not.toContain('tiihtNczf5v6AKRyjwEUhQ');
  });

  it.each([
    [40029, CodeRefusedError],
    [40163, CodeRefusedError],
    [40226, UserRefusedError],
    [-1, MiniProgramBusyError],
    [45011, MiniProgramBusyError],
    [40013, MiniProgramError],
    [40125, MiniProgramError],
    [40164, MiniProgramError],
    [99999, MiniProgramError],
  ])('takes errcode %i for %p', async (errcode, kind) => {
    const { client, calls } = wechat({ [LOGIN]: [{ errcode, errmsg: 'x rid: 1-2-3' }] });
    await expect(client.exchangeLoginCode('c')).rejects.toBeInstanceOf(kind);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['<html>502</html>'],
    [''],
    ['[]'],
    ['null'],
    [{}],
    [{ openid: '' }],
    [{ openid: 7 }],
    [{ session_key: 'k' }],
  ])('believes no answer like %j', async (body) => {
    const { client } = wechat({ [LOGIN]: [body] });
    await expect(client.exchangeLoginCode('c')).rejects.toBeInstanceOf(MiniProgramError);
  });

  it('does not know the outcome of a broken answer', async () => {
    const { client } = wechat({ [LOGIN]: ['oops'] }, { status: 502 });
    await expect(client.exchangeLoginCode('c')).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  it('names no secret and no code in an error', async () => {
    const { client } = wechat({ [LOGIN]: [{ errcode: 40125, errmsg: 'invalid appsecret' }] });
    const error = await client.exchangeLoginCode('a-login-code').catch((thrown: unknown) => thrown);
    expect(String(error)).not.toMatch(/top secret|a-login-code/);
  });
});

describe('the access token', () => {
  it('is fetched once for many who ask at once', async () => {
    const { client, paths } = wechat({ [TOKEN]: [token('t1')], [PHONE]: [phone()] });
    await Promise.all([
      client.exchangePhoneCode('a'),
      client.exchangePhoneCode('b'),
      client.exchangePhoneCode('c'),
    ]);
    expect(paths().filter((path) => path === TOKEN)).toHaveLength(1);
    expect(paths().filter((path) => path === PHONE)).toHaveLength(3);
  });

  it('is kept until five minutes before its end', async () => {
    const { client, paths, calls, pass } = wechat({
      [TOKEN]: [token('t1'), token('t2')],
      [PHONE]: [phone()],
    });
    const fetched = () => paths().filter((path) => path === TOKEN).length;
    await client.exchangePhoneCode('a');
    pass((7200 - 300) * 1000 - 1);
    await client.exchangePhoneCode('b');
    expect(fetched()).toBe(1);
    pass(1);
    await client.exchangePhoneCode('c');
    expect(fetched()).toBe(2);
    expect(calls.at(-1)?.url).toContain('access_token=t2');
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
      grant_type: 'client_credential',
      appid: APP.appId,
      secret: APP.appSecret,
    });
  });

  it.each([40001, 40014, 42001])(
    'is dropped on %i, and the call repeated once with a new one',
    async (errcode) => {
      const { client, calls } = wechat({
        [TOKEN]: [token('t1'), token('t2')],
        [PHONE]: [{ errcode, errmsg: '' }, phone()],
      });
      expect(await client.exchangePhoneCode('a')).toBe('13800138000');
      expect(calls.map(({ url }) => url)).toEqual([
        TOKEN,
        `${PHONE}?access_token=t1`,
        TOKEN,
        `${PHONE}?access_token=t2`,
      ]);
    },
  );

  it('is not fetched a third time when the new one is refused too', async () => {
    const { client, calls } = wechat({ [TOKEN]: [token('t1')], [PHONE]: [{ errcode: 40001, errmsg: '' }] });
    await expect(client.exchangePhoneCode('a')).rejects.toMatchObject({ errcode: 40001 });
    expect(calls).toHaveLength(4);
  });

  it('is asked for again after a fetch that failed', async () => {
    const { client } = wechat({
      [TOKEN]: [{ errcode: -1, errmsg: 'busy' }, token('t1')],
      [PHONE]: [phone()],
    });
    await expect(client.exchangePhoneCode('a')).rejects.toBeInstanceOf(MiniProgramBusyError);
    expect(await client.exchangePhoneCode('a')).toBe('13800138000');
  });
});

describe('exchanging a phone code', () => {
  it('lets WeChat check whose code it is', async () => {
    const { client, calls } = wechat({ [TOKEN]: [token('t')], [PHONE]: [phone()] });
    await client.exchangePhoneCode('a', 'o1');
    await client.exchangePhoneCode('b');
    expect(JSON.parse(calls[1]?.body ?? '')).toEqual({ code: 'a', openid: 'o1' });
    expect(JSON.parse(calls[2]?.body ?? '')).toEqual({ code: 'b' });
  });

  it.each([
    [{ countryCode: 86 }, '13800138000'],
    [{ countryCode: '+86' }, '13800138000'],
    [{ countryCode: '852', purePhoneNumber: '61234567' }, '+85261234567'],
  ])('reads %j', async (changes, expected) => {
    const { client } = wechat({ [TOKEN]: [token('t')], [PHONE]: [phone(changes)] });
    expect(await client.exchangePhoneCode('a')).toBe(expected);
  });

  it('refuses a number made out for another app, and what is no number', async () => {
    for (const changes of [
      { watermark: { timestamp: 1, appid: 'wxother' } },
      { purePhoneNumber: 'abc' },
      { watermark: undefined },
    ]) {
      const { client } = wechat({ [TOKEN]: [token('t')], [PHONE]: [phone(changes)] });
      await expect(client.exchangePhoneCode('a')).rejects.toBeInstanceOf(MiniProgramError);
    }
  });
});
