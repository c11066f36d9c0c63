/** Refusals of the plugin's routes: a code for programs, a sentence for people, Chinese first. */
import type { z } from 'zod';

export interface Sentence {
  zh: string;
  en: string;
}
export type Language = keyof Sentence;

/** One wrong field: where, and what is wrong with it. */
export interface FieldProblem {
  path: (string | number)[];
  message: Sentence;
}

const FACES = {
  VALIDATION_FAILED: {
    status: 400,
    name: 'ValidationError',
    zh: '提交的内容有误，请检查后重试',
    en: 'Some of the values sent are not right',
  },
  NOT_FOUND: { status: 404, name: 'NotFoundError', zh: '没有找到', en: 'Not found' },
  SETTINGS_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '设置刚刚被其他人修改，请刷新后重新填写',
    en: 'Somebody else has just changed the settings; reload the page and enter your changes again',
  },
  SYNC_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '同类同步正在进行，请等待其结束或先取消',
    en: 'A sync of this kind is under way; wait for its end or cancel it first',
  },
  UPSTREAM_FAILED: {
    status: 502,
    name: 'BadGatewayError',
    zh: '海尔或易理货返回错误',
    en: 'Haier or YLH answered with an error',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    name: 'ServiceUnavailableError',
    zh: '海尔或易理货暂时无法访问，请稍后再试',
    en: 'Haier or YLH cannot be reached at present, please try again later',
  },
  NOT_CONFIGURED: {
    status: 503,
    name: 'ServiceUnavailableError',
    zh: '尚未填写所需的海尔或易理货账号，请先完成设置',
    en: 'An account of Haier or YLH that this needs is not set; fill in the settings first',
  },
  NOT_CONNECTED: {
    status: 503,
    name: 'ServiceUnavailableError',
    zh: '商城没有接入此功能',
    en: 'The shop has not connected this part',
  },
  ENCRYPTION_FAILED: {
    status: 503,
    name: 'ServiceUnavailableError',
    zh: '无法加密：服务器没有设置 ENCRYPTION_KEY，内容未保存',
    en: 'Nothing was saved: the server has no ENCRYPTION_KEY to encrypt secrets with',
  },
} as const satisfies Record<string, Sentence & { status: number; name: string }>;

export type RefusalCode = keyof typeof FACES;

interface RefusalOptions {
  /** Says more than the code's own sentence. */
  sentence?: Sentence;
  details?: Record<string, unknown>;
  /** Wrong fields; answered as `details.errors`, in the reader's language. */
  problems?: FieldProblem[];
}

/** An expected "no" of one of the plugin's routes. */
export class PluginRefusal extends Error {
  readonly sentence: Sentence;

  constructor(
    readonly code: RefusalCode,
    readonly options: RefusalOptions = {},
  ) {
    const { zh, en } = options.sentence ?? FACES[code];
    super(en);
    this.name = 'PluginRefusal';
    this.sentence = { zh, en };
  }
}

export interface ErrorAnswer {
  data: null;
  error: { status: number; name: string; message: string; details: Record<string, unknown> };
}

/** The one shape in which a refusal leaves the server. */
export function presentRefusal(
  refusal: PluginRefusal,
  language: Language,
  requestId: string | undefined,
): ErrorAnswer {
  const { status, name } = FACES[refusal.code];
  const { details, problems } = refusal.options;
  return {
    data: null,
    error: {
      status,
      name,
      message: refusal.sentence[language],
      details: {
        ...details,
        ...(problems && {
          errors: problems.map(({ path, message }) => ({ path, message: message[language], name })),
        }),
        code: refusal.code,
        ...(requestId !== undefined && { requestId }),
      },
    },
  };
}

type Issue = z.core.$ZodIssue;

/** What zod says by itself, in Chinese; a sentence of ours is looked up as it stands. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Invalid input: expected (?:number|int)\b.*$/, '必须是数字'],
  [/^Invalid input: expected (\w+).*$/, '类型不正确，应为 $1'],
  [/^Invalid option: expected one of (.+)$/, '只能是 $1'],
  [/^Too big: .*?([\d.]+).*$/, '超出上限 $1'],
  [/^Too small: .*?([\d.]+).*$/, '低于下限 $1'],
  [/^must be an http or https address$/, '必须是 http 或 https 地址'],
  [/^must be an https address$/, '必须是 https 地址'],
  [/^must be a product code$/, '不是有效的商品编码'],
  [/^logistics are asked for by order, not by product$/, '物流按订单查询，不能指定商品编码'],
  [/^must be six digits$/, '必须是六位数字'],
  [/^must be a text, null, or left out$/, '必须是文本、null 或不填写'],
  [/^must be a cron expression of five or six fields$/, '必须是五段或六段的 cron 表达式'],
  [/^is not a known parameter$/, '不认识的参数'],
  [/^must be a JSON object$/, '请求内容必须是 JSON 对象'],
  [/^must be a time$/, '必须是时间'],
  [/^is not known here$/, '在这里不存在'],
  [/^must be a whole number$/, '必须是整数'],
  [/^must be the name of an operation$/, '必须是操作名称'],
  [/^is too far back; narrow the search instead$/, '页数太大，请缩小查询范围'],
];

function translate(message: string): Sentence {
  const entry = WORDS.find(([pattern]) => pattern.test(message));
  return { zh: entry === undefined ? `内容不正确（${message}）` : message.replace(...entry), en: message };
}

/**
 * One issue for each place. Of the ways a value could have been right, the last names the rule, the others are "left empty";
 * a union with words of its own keeps them.
 */
function flatten(issue: Issue): Issue[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ ...issue, path: [...issue.path, key], message: 'is not known here' }));
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const last = issue.errors.at(-1)?.[0];
  return last === undefined ? [issue] : [{ ...last, path: [...issue.path, ...last.path] }];
}

const MAX_NAME = 200;

const toPath = (path: PropertyKey[]): (string | number)[] =>
  path.map((part) => (typeof part === 'number' ? part : String(part).slice(0, MAX_NAME)));

const problem = (path: (string | number)[], message: string): FieldProblem => ({
  path,
  message: translate(message),
});

const MAX_PROBLEMS = 20;

/** `VALIDATION_FAILED` with what zod found; never with a value. */
export const fromZod = (error: z.ZodError): PluginRefusal =>
  new PluginRefusal('VALIDATION_FAILED', {
    problems: error.issues
      .flatMap(flatten)
      .slice(0, MAX_PROBLEMS)
      .map(({ path, message }) => problem(toPath(path), message)),
  });

/** `VALIDATION_FAILED` with problems named by path and English message. */
export const validationFailed = (problems: { path: (string | number)[]; message: string }[]): PluginRefusal =>
  new PluginRefusal('VALIDATION_FAILED', {
    problems: problems.map(({ path, message }) => problem(path, message)),
  });

export const notFound = (): PluginRefusal => new PluginRefusal('NOT_FOUND');
