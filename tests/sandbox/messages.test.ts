import { startSandbox, type Sandbox } from '../../sandbox';
import { MiniProgram } from './support/mini-program';

describe('subscribe messages and content checks', () => {
  let sandbox: Sandbox;
  let app: MiniProgram;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = new MiniProgram(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    sandbox.control.mintLoginCode({ openid: 'oReader' });
  });

  function sendMessage(data: Record<string, unknown>, changes: object = {}) {
    return app.guarded('/cgi-bin/message/subscribe/send', {
      touser: 'oReader',
      template_id: 'T1',
      data,
      miniprogram_state: 'formal',
      lang: 'zh_CN',
      ...changes,
    });
  }
  const grant = (times = 1) =>
    sandbox.control.subscriptions.grant({ openid: 'oReader', templateId: 'T1', times });

  test('one consent is one message', async () => {
    grant(2);
    const data = { thing1: { value: '已发货' } };
    expect(await sendMessage(data)).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await sendMessage(data)).toMatchObject({ errcode: 0 });
    expect(await sendMessage(data)).toMatchObject({ errcode: 43101 });
    expect(sandbox.control.state().messages).toHaveLength(2);
  });

  test('template, shopper, language and required keys are checked', async () => {
    grant();
    sandbox.control.subscriptions.template('T1', ['thing1', 'amount2']);
    const data = { thing1: { value: '已发货' }, amount2: { value: '¥12.50' } };
    expect(await sendMessage(data, { template_id: 'T2' })).toMatchObject({ errcode: 40037 });
    expect(await sendMessage(data, { touser: 'oNobody' })).toMatchObject({ errcode: 40003 });
    expect(await sendMessage(data, { lang: undefined })).toMatchObject({ errcode: 47001 });
    expect(await sendMessage(data, { miniprogram_state: 'beta' })).toMatchObject({ errcode: 47001 });
    expect(await sendMessage({ thing1: data.thing1 })).toMatchObject({ errcode: 47003 });
    expect(await sendMessage(data)).toMatchObject({ errcode: 0 });
  });

  const values: [string, string, boolean][] = [
    ['thing1', '字'.repeat(20), true],
    ['thing1', '😀'.repeat(20), true],
    ['thing1', '字'.repeat(21), false],
    ['thing1', '', false],
    ['number1', '12.5', true],
    ['number1', '1'.repeat(33), false],
    ['letter1', 'abcXYZ', true],
    ['letter1', 'abc1', false],
    ['symbol1', '#', true],
    ['symbol1', '######', false],
    ['character_string1', 'SF-1234567890', true],
    ['character_string1', '中文', false],
    ['character_string1', 'a'.repeat(33), false],
    ['time1', '2019年10月1日 15:01', true],
    ['time1', '15:01', true],
    ['date1', '2019年10月1日', true],
    ['date1', '2019年10月1日 15:01 ~ 2019年10月2日 15:01', true],
    ['date1', 'tomorrow', false],
    ['amount1', '¥2599.00', true],
    ['amount1', '2599.00元', true],
    ['amount1', '¥12345678901', false],
    ['amount1', 'two', false],
    ['phone_number1', '+86-13800138000', true],
    ['phone_number1', '1'.repeat(18), false],
    ['car_number1', '粤A8Z888挂', true],
    ['name1', '王小明', true],
    ['name1', '王'.repeat(11), false],
    ['name1', 'Maximilian Robespierre', false],
    ['phrase1', '配送中', true],
    ['phrase1', '正在为您配送', false],
    ['unknown1', 'x', false],
    ['thing', 'x', false],
  ];
  test.each(values)('%s = "%s": accepted is %s', async (key, value, accepted) => {
    grant();
    expect(await sendMessage({ [key]: { value } })).toMatchObject({ errcode: accepted ? 0 : 47003 });
  });

  function check(content: string, changes: object = {}) {
    return app.guarded('/wxa/msg_sec_check', {
      version: 2,
      scene: 2,
      openid: 'oReader',
      content,
      ...changes,
    });
  }

  test('texts pass unless scripted otherwise, for a recent visitor', async () => {
    expect(await check('不错')).toMatchObject({ errcode: 61010 });
    await app.login(sandbox.control.mintLoginCode({ openid: 'oReader' }).code);
    expect(await check('不错')).toMatchObject({ errcode: 0, result: { suggest: 'pass', label: 100 } });
    sandbox.control.judgeContent({ containing: '广告', suggest: 'risky', label: 10_001 });
    expect(await check('看广告')).toMatchObject({ result: { suggest: 'risky', label: 10_001 } });
    expect(await check('好', { nickname: '广告哥' })).toMatchObject({ result: { suggest: 'risky' } });
    expect(await check('字'.repeat(2_501))).toMatchObject({ errcode: 47001 });
    expect(await check('好', { scene: 5 })).toMatchObject({ errcode: 40129 });
    expect(await check('好', { openid: 'oNobody' })).toMatchObject({ errcode: 40003 });
    await sandbox.control.clock.advance(2 * 3_600_000 + 1);
    expect(await check('不错')).toMatchObject({ errcode: 61010 });
  });
});
