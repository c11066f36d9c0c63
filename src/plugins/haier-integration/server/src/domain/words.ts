/** What a failure of Haier or YLH means to a person. Pure. */
import type { System } from '../constants';
import type { FailureKind, HaierError } from './errors';
import { PluginRefusal, type RefusalCode, type Sentence } from './refusal';

const SYSTEM_NAMES: Record<System, Sentence> = {
  haier: { zh: '海尔开放平台', en: 'Haier' },
  ylh: { zh: '易理货', en: 'YLH' },
};

const KIND_WORDS: Record<FailureKind, Sentence> = {
  not_configured: { zh: '的账号没有填写完整', en: 'has no complete account in the settings' },
  rejected: { zh: '拒绝了请求', en: 'refused the request' },
  unauthorized: {
    zh: '不接受账号或密码，或账号没有权限、服务器 IP 未加入白名单',
    en: 'does not accept the account or its password, or the account lacks the right, or this server’s IP is not listed',
  },
  unavailable: { zh: '无法连接，或暂时不接受请求', en: 'cannot be reached, or takes no requests at present' },
  unknown_outcome: { zh: '没有及时返回结果', en: 'did not answer in time, or broke off' },
  bad_answer: { zh: '返回了无法识别的内容', en: 'answered something that cannot be understood' },
};

const CODES: Record<FailureKind, RefusalCode> = {
  not_configured: 'NOT_CONFIGURED',
  rejected: 'UPSTREAM_FAILED',
  unauthorized: 'UPSTREAM_FAILED',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  unknown_outcome: 'UPSTREAM_UNAVAILABLE',
  bad_answer: 'UPSTREAM_FAILED',
};

/** An address that leads nowhere is a mistake of whoever typed it, and looks like a refusal. */
const WRONG_PATH: Sentence = {
  zh: '没有这个接口，请检查地址',
  en: 'does not know this path; check the address',
};

/** A failure in a sentence, with the other side's own words where it has some. */
export function describeFailure(error: HaierError): Sentence {
  const { kind, system, status, upstreamCode, upstreamMessage } = error;
  const said = [upstreamCode, upstreamMessage].filter((part) => part !== undefined && part !== '').join(' ');
  const words = kind === 'rejected' && status === 404 ? WRONG_PATH : KIND_WORDS[kind];
  const facts = [status === undefined ? '' : `HTTP ${status}`, said].filter((part) => part !== '');
  const zh = facts.length === 0 ? '' : `（${facts.join('，')}）`;
  const en = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return {
    zh: `${SYSTEM_NAMES[system].zh}${words.zh}${zh}`,
    en: `${SYSTEM_NAMES[system].en} ${words.en}${en}`,
  };
}

/** The answer of a route whose call to Haier or YLH failed. */
export const refusalOf = (error: HaierError): PluginRefusal =>
  new PluginRefusal(CODES[error.kind], {
    sentence: describeFailure(error),
    details: { system: error.system, operation: error.operation, kind: error.kind },
  });
