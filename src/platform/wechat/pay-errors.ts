import { OutcomeUnknownError, ServiceUnavailableError } from '../http/outside-call';

const SERVICE = 'WeChat Pay';

/** WeChat understood the request and said no. `code` is theirs; messages may change. */
export class WechatPayError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${SERVICE} answered ${status} ${code}: ${message}`);
    this.name = 'WechatPayError';
  }

  /** For logs and for staff, e.g. `403 NO_AUTH`. */
  get brief(): string {
    return `${this.status} ${this.code}`;
  }
}

/** A notification that is not WeChat's, not ours, or not of these minutes. `reason` is safe to store and to show. */
export class NotificationRejected extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'NotificationRejected';
  }
}

/** True when nobody answered, or nobody was asked: what happened at WeChat is not known. */
export const isNoAnswer = (error: unknown): boolean =>
  error instanceof OutcomeUnknownError || error instanceof ServiceUnavailableError;
