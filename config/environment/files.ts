/** Where uploaded files are kept: a folder beside the process, or a bucket that speaks S3. */
import type { SettingProblem } from './rules';
import type { RawEnvironment } from './schema';

/** A bucket and how to reach it. */
export interface BucketSettings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** True: `endpoint/bucket/key`; false: `bucket.endpoint/key`. */
  isPathStyle: boolean;
  /** Where everybody reads the files: a name of the bucket or of the CDN before it, without a slash at the end. */
  publicUrl: string;
  /** How long one request to the bucket may take, in milliseconds. */
  timeoutMs: number;
}

const NEEDED = ['S3_ENDPOINT', 'S3_REGION', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
const ADDRESSES = ['S3_ENDPOINT', 'S3_PUBLIC_URL'] as const;
/** Amazon S3, Aliyun OSS and Tencent COS refuse or retire the bucket in the path; a server of one's own has it there. */
const BUCKET_IN_HOST = /\.(?:amazonaws\.com(?:\.cn)?|aliyuncs\.com|myqcloud\.com|tencentcos\.cn)$/;
/** What Amazon, Aliyun and Tencent all take; a capital or a dot would not fit into a host under one certificate. */
const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/;

/** What is wrong with them; empty when nothing is. */
export function fileProblems(raw: RawEnvironment): SettingProblem[] {
  const set = [...NEEDED, 'S3_PUBLIC_URL' as const].find((name) => raw[name] !== undefined);
  if (raw.UPLOAD_PROVIDER === undefined && set !== undefined)
    return [{ name: 'UPLOAD_PROVIDER', message: `is not set, and ${set} is; set it to s3, or to local` }];
  if (raw.UPLOAD_PROVIDER !== 's3') return [];
  const problems: SettingProblem[] = NEEDED.filter((name) => raw[name] === undefined).map((name) => ({
    name,
    message: 'is not set, and UPLOAD_PROVIDER is s3',
  }));
  if (raw.S3_BUCKET !== undefined && !BUCKET_NAME.test(raw.S3_BUCKET))
    problems.push({ name: 'S3_BUCKET', message: 'must be 3 to 63 small letters, digits and hyphens' });
  for (const name of ADDRESSES) {
    const value = raw[name];
    if (value === undefined) continue;
    const { protocol, search, hash, username } = new URL(value);
    if (search !== '' || hash !== '' || username !== '')
      problems.push({ name, message: 'must be an address without name, query and fragment' });
    // Keys and pictures would travel in the open; a browser shows no http picture on an https page.
    else if (raw.NODE_ENV === 'production' && protocol !== 'https:')
      problems.push({ name, message: 'must be an https address' });
  }
  return problems;
}

/** The address of a bucket, without a slash at its end. */
function bucketUrl(endpoint: string, bucket: string, isPathStyle: boolean): string {
  const url = new URL(endpoint);
  if (isPathStyle) return `${url.href.replace(/\/+$/, '')}/${bucket}`;
  url.hostname = `${bucket}.${url.hostname}`;
  return url.href.replace(/\/+$/, '');
}

/** The bucket of checked settings; undefined when files are kept in a folder. */
export function resolveBucket(raw: RawEnvironment): BucketSettings | undefined {
  if (raw.UPLOAD_PROVIDER !== 's3') return undefined;
  const { S3_ENDPOINT: endpoint = '', S3_BUCKET: bucket = '' } = raw;
  const isPathStyle = raw.S3_PATH_STYLE ?? !BUCKET_IN_HOST.test(new URL(endpoint).hostname);
  return {
    endpoint,
    region: raw.S3_REGION ?? '',
    bucket,
    accessKeyId: raw.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: raw.S3_SECRET_ACCESS_KEY ?? '',
    isPathStyle,
    publicUrl: raw.S3_PUBLIC_URL?.replace(/\/+$/, '') ?? bucketUrl(endpoint, bucket, isPathStyle),
    timeoutMs: raw.S3_TIMEOUT_SECONDS * 1_000,
  };
}
