import { renderError } from '../../src/platform/errors';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../src/platform/http/outside-call';
import { isNoAnswer, WechatPayError } from '../../src/platform/wechat/pay-errors';

const context = { language: 'zh', requestId: 'r', keepMessages: false } as const;

describe('what WeChat says to us', () => {
  it.each([
    [new WechatPayError(401, 'SIGN_ERROR', '签名错误'), 502, 'UPSTREAM_FAILED'],
    [new WechatPayError(403, 'NO_AUTH', '无权限'), 502, 'UPSTREAM_FAILED'],
    [new WechatPayError(404, 'UNREADABLE', ''), 502, 'UPSTREAM_FAILED'],
    [new OutcomeUnknownError('WeChat Pay', 'no answer'), 503, 'UPSTREAM_UNAVAILABLE'],
    [new ServiceUnavailableError('WeChat Pay'), 503, 'UPSTREAM_UNAVAILABLE'],
  ])('%s is never said to our caller, and is logged', (error, status, code) => {
    for (const keepMessages of [false, true]) {
      const rendered = renderError(error, { ...context, keepMessages });
      expect(rendered).toMatchObject({ status, isDefect: true, body: { error: { details: { code } } } });
      expect(JSON.stringify(rendered.body)).not.toMatch(/SIGN_ERROR|签名|WeChat Pay/);
    }
  });

  it('is told apart from no answer at all', () => {
    expect(isNoAnswer(new OutcomeUnknownError('WeChat Pay', 'x'))).toBe(true);
    expect(isNoAnswer(new ServiceUnavailableError('WeChat Pay'))).toBe(true);
    expect(isNoAnswer(new WechatPayError(500, 'SYSTEM_ERROR', 'x'))).toBe(false);
    expect(isNoAnswer(new Error('x'))).toBe(false);
  });
});
