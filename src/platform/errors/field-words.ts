/**
 * What is wrong with a field, in Chinese. The checks say it in English, in the words of the one place that knows the rule;
 * here are the same words for people. A sentence that is not in the table keeps its English beside a general one.
 */
const KINDS: Record<string, string> = {
  string: '文本',
  text: '文本',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '列表',
  object: '对象',
  record: '对象',
  time: '时间',
  documentId: 'documentId',
  date: '日期',
};
const kind = (name = ''): string => KINDS[name] ?? name;

type Words = (...parts: string[]) => string;
const TABLE: readonly (readonly [RegExp, string | Words])[] = [
  // What zod says by itself.
  [/^Invalid input: expected (\w+)/, (name) => `类型不正确，应为${kind(name)}`],
  [/^Invalid option: expected one of (.+)$/, (values) => `只能是 ${(values ?? '').replaceAll('|', '、')}`],
  [/^Unrecognized keys?: (.+)$/, (names) => `不认识的字段：${names ?? ''}`],
  [/^Too big: .*?([\d.]+)/, (limit) => `超出上限 ${limit ?? ''}`],
  [/^Too small: .*?([\d.]+)/, (limit) => `低于下限 ${limit ?? ''}`],
  [/^is required$/, '必须填写'],
  // Types and amounts.
  [
    /^must be a whole number from (\d+) to (\d+)$/,
    (min, max) => `必须是 ${min ?? ''} 到 ${max ?? ''} 的整数`,
  ],
  [/^must be a whole number$/, '必须是整数'],
  [/^must be (?:a|an) (number|text|time|boolean|documentId)$/, (name) => `必须是${kind(name)}`],
  [/^must be at least (.+)$/, (limit) => `不能小于 ${limit ?? ''}`],
  [/^must be at most (\S+), what is left to refund$/, (limit) => `不能大于 ${limit ?? ''}（可退金额）`],
  [/^must be at most (\S+)$/, (limit) => `不能大于 ${limit ?? ''}`],
  [/^must be greater than 0$/, '必须大于 0'],
  [/^must not be (?:0|zero)$/, '不能为 0'],
  [/^must not be negative$/, '不能为负数'],
  [/^must have at most two decimal places$/, '最多两位小数'],
  [/^the amount is too large for one order$/, '金额超出单笔订单的上限'],
  [/^this order cost nothing/, '该订单金额为 0，请不要填写退款金额'],
  // Texts.
  [/^must not be empty$/, '不能为空'],
  [/^must be on one line$/, '不能换行'],
  [/^must have at least (\d+) characters?$/, (min) => `至少 ${min ?? ''} 个字符`],
  [/^must have at most (\d+) characters$/, (max) => `最多 ${max ?? ''} 个字符`],
  [/^must have at least (\d+) bytes$/, (min) => `至少 ${min ?? ''} 个字节`],
  [/^must have at most (\d+) bytes$/, (max) => `最多 ${max ?? ''} 个字节`],
  [
    /^must be a text of at most (\d+) characters and (\d+) words$/,
    (letters, words) => `必须是文本，最多 ${letters ?? ''} 个字符、${words ?? ''} 个词`,
  ],
  [/^is too long$/, '太长'],
  [/^has characters that are not allowed/, '含有不允许的字符，或内容过多'],
  [/^a file name has characters/, '文件名含有不允许的字符'],
  [/^must be a phone number of mainland China$/, '必须是中国大陆手机号'],
  [/^must be six digits \(GB\/T 2260\)$/, '必须是六位行政区划代码（GB/T 2260）'],
  [/^must have six digits$/, '必须是六位数字'],
  [/^must be an e-mail address$/, '邮箱格式不正确'],
  [/^must be an https address$/, '必须是 https 地址'],
  [/^may have letters, digits/, '只能包含字母、数字、汉字和 . _ -'],
  [/^must be a checkout number$/, '必须是结算单号'],
  [/^is taken$/, '已被使用'],
  [/^is not valid any more$/, '已失效'],
  [/^must have 8 to 128 visible ASCII characters$/, '必须是 8 到 128 个可见的 ASCII 字符'],
  // What belongs together.
  [
    /^(?:send )?either (\S+) or (\S+?)(?:, not both)?$/,
    (a, b) => `须填写 ${a ?? ''} 和 ${b ?? ''} 其中一个，且只填写一个`,
  ],
  [/^must be given, a password is set$/, '已设置密码，必须填写当前密码'],
  [/^make another address the default instead$/, '请改为把另一个地址设为默认'],
  [/^at most (\d+) addresses$/, (max) => `最多 ${max ?? ''} 个地址`],
  [/^a line has at most (\d+) pieces$/, (max) => `每行最多 ${max ?? ''} 件`],
  [/^a cart has at most (\d+) lines$/, (max) => `购物车最多 ${max ?? ''} 行`],
  [/^a checkout has at most (\d+) orders$/, (max) => `一次最多生成 ${max ?? ''} 个订单`],
  [/^must have at least one line$/, '至少一行'],
  [/^must have at most (\d+) lines$/, (max) => `最多 ${max ?? ''} 行`],
  [/^one order holds one piece of a Haier product/, '海尔商品一单一件，多件请使用 /orders/checkout'],
  [/^is needed for this product$/, '该商品必须填写'],
  // Bodies and queries.
  [/^the body must be application\/json$/, '请求内容必须是 application/json'],
  [/^the body must be a JSON object$/, '请求内容必须是 JSON 对象'],
  [/^the body must not be compressed$/, '请求内容不能压缩'],
  [/^the body cannot be read as JSON$/, '请求内容不是有效的 JSON 对象'],
  [/^must be JSON$/, '必须是 JSON'],
  [/^is not a known (?:parameter|field)$|^is not known(?: here)?$/, '不认识的参数'],
  [/^cannot be filtered by; known are (.*)$/, (names) => `不能按此字段筛选；可用：${names ?? ''}`],
  [/^is not an operator here; use (.+)$/, (names) => `不支持的运算符；可用：${names ?? ''}`],
  [/^must be filters\[field\]/, '必须写成 filters[field][$operator]=value'],
  [/^must be pagination\[page\]/, '必须写成 pagination[page]=… 等形式'],
  [/^is not a cursor of this list$/, '不是该列表的游标'],
  [/^does not go with a cursor$/, '不能与游标同时使用'],
  [/^goes with pagination\[cursor\]/, '须与 pagination[cursor] 一起使用；否则用 pageSize'],
  [/^can be (.+) with :asc or :desc$/, (names) => `可以是 ${names ?? ''}，加 :asc 或 :desc`],
  [/^names (\S+) twice$/, (name) => `${name ?? ''} 重复`],
  [/^must be true or false$|^is \$eq true or \$eq false$/, '必须是 true 或 false'],
  [/^must be one of (.+)$/, (values) => `只能是 ${values ?? ''}`],
  [/^must be at most (\d+) levels deep$/, (max) => `最多嵌套 ${max ?? ''} 层`],
  [/^must be two values$/, '必须是两个值'],
  [/^must be small, standard or large$/, '只能是 small、standard 或 large'],
  [/^must be a documentId$/, '必须是 documentId'],
  [/^must be a day, YYYY-MM-DD$/, '必须是日期，格式为 YYYY-MM-DD'],
  [/^must not be in the past$/, '不能早于今天'],
  [/^must be within (\d+) days$/, (days) => `必须在 ${days ?? ''} 天之内`],
  [/^must not be before (\S+)$/, (name) => `不能早于 ${name ?? ''}`],
  [/^must be (\S+)$/, (value) => `必须是 ${value ?? ''}`],
  [/^not a time$/, '不是有效的时间'],
];

function inChinese(message: string): string {
  for (const [pattern, words] of TABLE) {
    const match = pattern.exec(message);
    if (match !== null) return typeof words === 'string' ? words : words(...match.slice(1));
  }
  return /\p{Script=Han}/u.test(message) ? message : `内容不正确（${message}）`;
}

interface Problem {
  path: unknown[];
  message: string;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string';

/** The details of a refusal with the problems of its fields in Chinese. */
export function detailsInChinese(details: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(details.errors)) return details;
  const problems: unknown[] = details.errors;
  return {
    ...details,
    errors: problems.map((problem) =>
      isProblem(problem) ? { ...problem, message: inChinese(problem.message) } : problem,
    ),
  };
}
