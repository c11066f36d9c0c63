/** Where a refused value stood: a JSON pointer into the body, or the name of a path or query parameter. */
export interface RefusalDetail {
  field: string;
  issue: string;
  location: 'body' | 'url' | 'query';
  value?: string | number | boolean;
}

/** Numbers that WeChat Pay appends to Request-ID, as listed in its troubleshooting guide. */
export const TRACE = {
  badParameter: 268435461,
  outOfRange: 268435464,
  unexpectedParameter: 270924358,
  orderNotFound: 268512771,
  alreadyPaid: 268498689,
  expiredOrClosed: 268447914,
  differentParameters: 268498688,
  signature: 268443699,
  appidMchid: 268445527,
  mchidOrder: 268447843,
  rate: 268447840,
} as const;

/** A documented refusal of WeChat Pay APIv3: HTTP status and `code`; `trace` ends the Request-ID. */
export class PayRefusal extends Error {
  override readonly name = 'PayRefusal';
  readonly detail: RefusalDetail | undefined;
  readonly trace: number;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    more: { detail?: RefusalDetail; trace?: number } = {},
  ) {
    super(message);
    this.detail = more.detail;
    this.trace = more.trace ?? 0;
  }

  toBody(): Record<string, unknown> {
    return { code: this.code, message: this.message, ...(this.detail && { detail: this.detail }) };
  }
}

/** 400 PARAM_ERROR about one field. */
export function badField(detail: RefusalDetail, trace: number = TRACE.badParameter): PayRefusal {
  const source = detail.location === 'body' ? `/body${detail.field}` : `/${detail.location}/${detail.field}`;
  return new PayRefusal(400, 'PARAM_ERROR', `输入源“${source}”规则校验失败，${detail.issue}`, {
    detail,
    trace,
  });
}
