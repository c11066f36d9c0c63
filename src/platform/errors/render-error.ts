import { Refusal, type RefusalCode } from '../../domain/refusal';
import {
  isAfterFailure,
  isConstraintViolation,
  isDataException,
  isOverload,
  isUnknownColumn,
} from '../database';
import { OutcomeUnknownError, ServiceRefusedError, ServiceUnavailableError } from '../http/outside-call';
import { FILE_STORE } from '../uploads/file-store';
import { WechatPayError } from '../wechat/pay-errors';
import { detailsInChinese } from './field-words';
import { FILE_STORE_FACES, REFUSAL_FACES } from './refusal-table';
import { tellsStatement, withoutStatements } from './statements';
import { isStorageRefusal } from './storage-errors';
import { codeOfStrapisWords } from './strapis-words';

export type Language = 'zh' | 'en';

/** The one shape in which any failure leaves the server. */
export interface ErrorBody {
  data: null;
  error: {
    status: number;
    name: string;
    message: string;
    details: { code: RefusalCode; requestId: string } & Record<string, unknown>;
  };
}

export interface RenderedError {
  status: number;
  body: ErrorBody;
  /** Nothing a caller could have brought about: to be logged with everything known. */
  isDefect: boolean;
}

interface HttpLikeError {
  status?: unknown;
  httpCode?: unknown;
  name?: unknown;
  message?: unknown;
  details?: unknown;
  type?: unknown;
}

const CODE_BY_STATUS: Record<number, RefusalCode> = {
  400: 'VALIDATION_FAILED',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'NOT_FOUND',
  409: 'ORDER_STATE_CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'VALIDATION_FAILED',
  422: 'VALIDATION_FAILED',
  429: 'RATE_LIMITED',
  502: 'UPSTREAM_FAILED',
  503: 'UPSTREAM_UNAVAILABLE',
};

/** The stable code for a status that came without one (Strapi's own answers). */
export const codeForStatus = (status: number): RefusalCode =>
  CODE_BY_STATUS[status] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'VALIDATION_FAILED');

const STATUS_BY_STRAPI_NAME: Record<string, number> = {
  ApplicationError: 400,
  ValidationError: 400,
  YupValidationError: 400,
  PaginationError: 400,
  UnauthorizedError: 401,
  ForbiddenError: 403,
  PolicyError: 403,
  NotFoundError: 404,
  PayloadTooLargeError: 413,
  RateLimitError: 429,
  NotImplementedError: 501,
  InvalidDateFormat: 400,
  InvalidDatetimeFormat: 400,
  InvalidTimeFormat: 400,
  InvalidRelationFormat: 400,
};

const isStrapiName = (name: unknown): name is string =>
  typeof name === 'string' && Object.hasOwn(STATUS_BY_STRAPI_NAME, name);

/** Strapi's own forms pass on ids and names as they come; in our routes such a failure would be a defect of ours. */
const isRefusedForm = (error: unknown): boolean =>
  isConstraintViolation(error) || isAfterFailure(error) || isUnknownColumn(error);

/** What an error is in HTTP terms, or undefined when it is none of the expected kinds. */
function statusOf(error: HttpLikeError): number | undefined {
  if (isStrapiName(error.name)) return STATUS_BY_STRAPI_NAME[error.name];
  // The parser of forms says `httpCode`.
  const status = error.status ?? error.httpCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** An outside service that refused us, or did not answer; its status is about our request, never about our caller's. */
function upstreamCode(error: unknown): RefusalCode | undefined {
  if (error instanceof WechatPayError || error instanceof ServiceRefusedError) return 'UPSTREAM_FAILED';
  if (error instanceof OutcomeUnknownError || error instanceof ServiceUnavailableError)
    return 'UPSTREAM_UNAVAILABLE';
  return undefined;
}

const isOfFileStore = (error: unknown): boolean => (error as { service?: unknown }).service === FILE_STORE;

/** Strapi's panel breaks on a validation error without a list of fields: it takes every other detail for one. */
export const panelErrors = ({ keepMessages }: RenderContext, name: string): { errors?: [] } =>
  keepMessages && name === 'ValidationError' ? { errors: [] } : {};

const WHOLE_SENTENCE = { zh: '请求内容不正确', en: 'the request is not valid' };

/** Every VALIDATION_FAILED of ours lists what is wrong; what is known of no place is about the request as a whole. */
export const wholeProblem = (
  code: RefusalCode,
  { keepMessages, language }: RenderContext,
): { errors?: { path: []; message: string }[] } =>
  code === 'VALIDATION_FAILED' && !keepMessages
    ? { errors: [{ path: [], message: WHOLE_SENTENCE[language] }] }
    : {};

function build(
  code: RefusalCode,
  context: RenderContext,
  extra: Partial<ErrorBody['error']> = {},
): RenderedError {
  const face = REFUSAL_FACES[code];
  const status = extra.status ?? face.status;
  const name = extra.name ?? face.name;
  return {
    status,
    isDefect: status === 500,
    body: {
      data: null,
      error: {
        status,
        name,
        message: extra.message ?? face[context.language],
        details: {
          ...panelErrors(context, name),
          ...wholeProblem(code, context),
          ...extra.details,
          code,
          requestId: context.requestId,
        },
      },
    },
  };
}

const OVERLOAD_SENTENCE = {
  zh: '系统繁忙，请稍后再试',
  en: 'The shop is busy, please try again in a moment',
};
const STORAGE_SENTENCE = {
  zh: '服务器磁盘暂时无法保存文件，请稍后再试',
  en: 'The disk of the shop takes no files at present, please try again later',
};

/** What of ours is away for a while: the same request may succeed then. It is logged, since somebody must look after it. */
const away = (
  sentence: Record<Language, string>,
  retryAfterSeconds: number,
  context: RenderContext,
): RenderedError => ({
  ...build('UPSTREAM_UNAVAILABLE', context, {
    message: sentence[context.language],
    details: { retryAfterSeconds } as unknown as ErrorBody['error']['details'],
  }),
  isDefect: true,
});

export interface RenderContext {
  language: Language;
  requestId: string;
  /** Strapi's admin panel reads Strapi's own messages; shoppers get ours. */
  keepMessages: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The details an expected error brought, or what a body that the parser gave up lacks. */
function detailsOf(like: HttpLikeError, status: number, context: RenderContext): Record<string, unknown> {
  if (context.keepMessages)
    return isObject(like.details)
      ? (withoutStatements(like.details, WHOLE_SENTENCE[context.language]) as Record<string, unknown>)
      : {};
  const isUnreadable = status === 400 && !isStrapiName(like.name);
  const details = isUnreadable
    ? { errors: [{ path: [], message: 'the body cannot be read as JSON' }] }
    : isObject(like.details)
      ? like.details
      : {};
  return context.language === 'zh' ? detailsInChinese(details) : details;
}

/** Strapi's own words for staff, unless they are the database's. */
const keptMessage = ({ message }: HttpLikeError, { keepMessages }: RenderContext): string | undefined =>
  keepMessages && typeof message === 'string' && !tellsStatement(message) ? message : undefined;

/** Turns anything that was thrown into the answer for it. What is not expected says nothing but "internal error". */
export function renderError(error: unknown, context: RenderContext): RenderedError {
  if (error instanceof Refusal) {
    const details = context.language === 'zh' ? detailsInChinese(error.details) : error.details;
    return build(error.code, context, {
      message: error.sentence?.[context.language],
      details: details as ErrorBody['error']['details'],
    });
  }
  const upstream = upstreamCode(error);
  if (upstream !== undefined) {
    const message = isOfFileStore(error) ? FILE_STORE_FACES[upstream]?.[context.language] : undefined;
    return { ...build(upstream, context, { message }), isDefect: true };
  }
  if (isDataException(error)) return build('VALIDATION_FAILED', context);
  if (context.keepMessages && isRefusedForm(error)) return build('VALIDATION_FAILED', context);
  const strapis = context.keepMessages ? codeOfStrapisWords(error) : undefined;
  if (strapis !== undefined) return { ...build(strapis, context), isDefect: strapis === 'UPSTREAM_FAILED' };
  const like: HttpLikeError = typeof error === 'object' && error !== null ? error : {};
  const status = statusOf(like);
  if (status === undefined) {
    if (isOverload(error)) return away(OVERLOAD_SENTENCE, 1, context);
    if (isStorageRefusal(error)) return away(STORAGE_SENTENCE, 60, context);
    return build('INTERNAL_ERROR', context);
  }
  const code = codeForStatus(status);
  return build(code, context, {
    status: context.keepMessages ? status : REFUSAL_FACES[code].status,
    name: context.keepMessages && isStrapiName(like.name) ? like.name : undefined,
    message: keptMessage(like, context),
    details: detailsOf(like, status, context) as ErrorBody['error']['details'],
  });
}
