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

/** Longer bodies are cut before they are masked, which is enough to find every secret in what is kept. */
const LONGEST_READ = 65_536;

/** Kept from the log: secrets, and who a parcel goes to. */
const WECHAT_NAMES = 'secret|access_token|session_key|js_code|code|phoneNumber|purePhoneNumber|token';
const SUPPLIER_NAMES =
  'client_secret|password|passWord|sellerPassword|customerPassword|access_token|token|consigneeName|consigneeMobile|detailAddress';

const inQuery = (names: string): RegExp => new RegExp(`((?:^|[?&])(?:${names})=)[^&]*`, 'g');
const inJson = (names: string): RegExp => new RegExp(`("(?:${names})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'g');
const [WECHAT_QUERY, SUPPLIER_QUERY] = [inQuery(WECHAT_NAMES), inQuery(SUPPLIER_NAMES)];
const [WECHAT_JSON, SUPPLIER_JSON] = [inJson(WECHAT_NAMES), inJson(SUPPLIER_NAMES)];
/** WeChat Pay error bodies have a `code` too, in capitals: that one is an answer, not a secret. */
const PAY_CODE = /"code"\s*:\s*"[A-Z_]+"/;

/** Replaces the values of secret-looking query parameters. */
export function maskQuery(query: string): string {
  return query.replace(WECHAT_QUERY, '$1***');
}

function masked(host: HostName, text: string): string {
  if (host === 'haier' || host === 'ylh') {
    const isForm = !/^\s*[[{<]/.test(text);
    return isForm ? text.replace(SUPPLIER_QUERY, '$1***') : text.replace(SUPPLIER_JSON, '$1"***"');
  }
  return text.replace(WECHAT_JSON, (whole: string, name: string) =>
    PAY_CODE.test(whole) ? whole : `${name}"***"`,
  );
}

/** A body as the log keeps it: the values of secret-looking fields replaced, and cut when it is long. */
export function maskBody(host: HostName, body: Buffer): string {
  const text = masked(host, body.subarray(0, LONGEST_READ).toString('utf8'));
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text;
}

/** How often a path was asked for and answered so; a query is no part of it. */
export interface CallCount {
  host: HostName;
  path: string;
  /** 0 when the connection was cut without an answer. */
  status: number;
  count: number;
}

/** The most recent requests, oldest first, and how many there were of each kind in all. */
export class RequestLog {
  private records: RequestRecord[] = [];
  private readonly tally = new Map<string, CallCount>();

  add(record: RequestRecord): void {
    this.records.push(record);
    if (this.records.length > KEPT) this.records.shift();
    const { host, path, status } = record;
    const key = `${host} ${status} ${path}`;
    const counted = this.tally.get(key) ?? { host, path, status, count: 0 };
    counted.count += 1;
    this.tally.set(key, counted);
  }

  list(): RequestRecord[] {
    return [...this.records];
  }

  counts(): CallCount[] {
    return Array.from(this.tally.values(), (counted) => ({ ...counted }));
  }

  clear(): void {
    this.records = [];
    this.tally.clear();
  }
}
