export const HOST_NAMES = ['api', 'pay', 'haier', 'ylh'] as const;
export type HostName = (typeof HOST_NAMES)[number];

/** One request a host has seen; secrets, tokens and phone numbers are masked before they get here. */
export interface RequestRecord {
  at: string;
  host: HostName;
  method: string;
  path: string;
  query: string;
  body: string;
  /** 0 when the connection was cut without an answer. */
  status: number;
  reply: string;
  /** Kind of the fault that was applied, if one was. */
  fault?: string;
  /** The Wechatpay-Serial the caller named, if any. */
  wechatpaySerial?: string;
}

const KEPT = 500;
const LONGEST_BODY = 4_000;

const SECRET_NAMES = 'secret|access_token|session_key|js_code|code|phoneNumber|purePhoneNumber|token';
const IN_QUERY = new RegExp(`((?:^|[?&])(?:${SECRET_NAMES})=)[^&]*`, 'g');
const IN_JSON = new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'g');
/** WeChat Pay error bodies have a `code` too, in capitals: that one is an answer, not a secret. */
const PAY_CODE = /"code"\s*:\s*"[A-Z_]+"/;

/** Replaces the values of secret-looking query parameters. */
export function maskQuery(query: string): string {
  return query.replace(IN_QUERY, '$1***');
}

/** Replaces the values of secret-looking JSON string fields, and cuts long texts. */
export function maskBody(body: string): string {
  const masked = body.replace(IN_JSON, (whole: string, name: string) =>
    PAY_CODE.test(whole) ? whole : `${name}"***"`,
  );
  return masked.length > LONGEST_BODY ? `${masked.slice(0, LONGEST_BODY)}…` : masked;
}

/** The most recent requests, oldest first. */
export class RequestLog {
  private records: RequestRecord[] = [];

  add(record: RequestRecord): void {
    this.records.push(record);
    if (this.records.length > KEPT) this.records.shift();
  }

  list(): RequestRecord[] {
    return [...this.records];
  }

  clear(): void {
    this.records = [];
  }
}
