import type { RefusalCode, Sentence } from '../../domain/refusal';

interface Face extends Sentence {
  status: number;
  name: string;
}

/** What is said when the bucket of the media library is the one that failed. */
export const FILE_STORE_FACES: Partial<Record<RefusalCode, Sentence>> = {
  UPSTREAM_FAILED: {
    zh: '文件存储拒绝了请求，请联系管理员检查存储设置',
    en: 'The file store refused the request, please ask an administrator to check its settings',
  },
  UPSTREAM_UNAVAILABLE: {
    zh: '文件存储暂不可用，请稍后再试',
    en: 'The file store is not available, please try again later',
  },
};

/** The one table from refusal codes to HTTP. The sentences are for shoppers and staff. */
export const REFUSAL_FACES: Record<RefusalCode, Face> = {
  VALIDATION_FAILED: {
    status: 400,
    name: 'ValidationError',
    zh: '请求内容有误，请检查后重试',
    en: 'Some of the values sent are not right',
  },
  UNAUTHENTICATED: { status: 401, name: 'UnauthorizedError', zh: '请先登录', en: 'Please sign in' },
  TOKEN_EXPIRED: {
    status: 401,
    name: 'UnauthorizedError',
    zh: '登录已过期，请重新登录',
    en: 'The session has expired, please sign in again',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    name: 'UnauthorizedError',
    zh: '账号或密码错误',
    en: 'Wrong account or password',
  },
  FORBIDDEN: {
    status: 403,
    name: 'ForbiddenError',
    zh: '没有权限进行此操作',
    en: 'You are not allowed to do this',
  },
  USER_BLOCKED: {
    status: 403,
    name: 'ForbiddenError',
    zh: '账号已被停用，请联系客服',
    en: 'This account is blocked, please contact us',
  },
  NOT_FOUND: { status: 404, name: 'NotFoundError', zh: '没有找到', en: 'Not found' },
  OUT_OF_STOCK: { status: 409, name: 'ConflictError', zh: '库存不足', en: 'Not enough in stock' },
  ORDER_STATE_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '订单当前状态不能进行此操作',
    en: 'The order is not in a state that allows this',
  },
  PRICE_CHANGED: {
    status: 409,
    name: 'ConflictError',
    zh: '价格已变动，请确认后重新下单',
    en: 'The price has changed, please check and order again',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '同一 Idempotency-Key 对应了不同的请求',
    en: 'This Idempotency-Key was used for another request',
  },
  PAYMENT_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '支付状态不允许此操作',
    en: 'The payment is not in a state that allows this',
  },
  // The panel's alone: no route of the mini-program works on messages.
  MESSAGE_CONFLICT: {
    status: 409,
    name: 'ConflictError',
    zh: '消息当前状态不能进行此操作',
    en: 'The message is not in a state that allows this',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    name: 'PayloadTooLargeError',
    zh: '请求内容过大',
    en: 'The request is too large',
  },
  REGION_UNKNOWN: {
    status: 422,
    name: 'UnprocessableEntityError',
    zh: '无法识别收货地区',
    en: 'The delivery region is not known',
  },
  NOT_FOR_SALE: {
    status: 422,
    name: 'UnprocessableEntityError',
    zh: '商品暂不可购买',
    en: 'This product cannot be bought at present',
  },
  RATE_LIMITED: {
    status: 429,
    name: 'RateLimitError',
    zh: '操作过于频繁，请稍后再试',
    en: 'Too many requests, please try again later',
  },
  UPSTREAM_FAILED: {
    status: 502,
    name: 'BadGatewayError',
    zh: '外部服务返回错误，请稍后再试',
    en: 'A partner service answered with an error, please try again later',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    name: 'ServiceUnavailableError',
    zh: '外部服务暂不可用，请稍后再试',
    en: 'A partner service is not available, please try again later',
  },
  INTERNAL_ERROR: {
    status: 500,
    name: 'InternalServerError',
    zh: '服务器内部错误',
    en: 'Internal server error',
  },
};
