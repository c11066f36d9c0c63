import { randomBytes } from 'node:crypto';

import { readSettings, SettingsError } from '../../config/environment';
import { secretValues } from '../../config/environment/secrets';
import { bucketOptions } from '../../src/platform/uploads/bucket-options';
import { freshSecrets } from '../support/boot';

const secret = () => randomBytes(24).toString('hex');
const secrets = freshSecrets();
const S3 = {
  UPLOAD_PROVIDER: 's3',
  S3_ENDPOINT: 'https://oss-cn-hangzhou.aliyuncs.com',
  S3_REGION: 'oss-cn-hangzhou',
  S3_BUCKET: 'shop-pictures',
  S3_ACCESS_KEY_ID: 'key',
  S3_SECRET_ACCESS_KEY: secret(),
};
const read = (variables: Record<string, string>) => readSettings({ ...secrets, ...variables });

/** Names of what is wrong with the files, among whatever else is. */
function problemsOf(variables: Record<string, string>): string[] {
  try {
    read(variables);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ name }) => name).filter((name) => /^(?:UPLOAD|S3)_/.test(name));
  }
}
const production = (variables: Record<string, string>) =>
  problemsOf({ NODE_ENV: 'production', ...variables });

describe('settings of files', () => {
  it('keep them in a folder unless told', () => {
    expect(read({}).bucket).toBeUndefined();
    expect(read({ ...S3, UPLOAD_PROVIDER: 'local' }).bucket).toBeUndefined();
  });

  it('name everything that is missing, beside all else', () => {
    expect(production({ UPLOAD_PROVIDER: 's3' })).toEqual([
      'S3_ENDPOINT',
      'S3_REGION',
      'S3_BUCKET',
      'S3_ACCESS_KEY_ID',
      'S3_SECRET_ACCESS_KEY',
    ]);
    expect(problemsOf({ ...S3, S3_BUCKET: '', S3_REGION: ' ' })).toEqual(['S3_REGION', 'S3_BUCKET']);
    expect(() => read({ NODE_ENV: 'production', UPLOAD_PROVIDER: 's3' })).toThrow(
      /S3_BUCKET is not set[\s\S]*PUBLIC_URL is not set|PUBLIC_URL is not set[\s\S]*S3_BUCKET is not set/,
    );
  });

  it('start with everything set', () => {
    expect([production(S3), problemsOf(S3)]).toEqual([[], []]);
  });

  it.each([
    ['another provider', { UPLOAD_PROVIDER: 'ftp' }, ['UPLOAD_PROVIDER']],
    ['a bucket without its provider', { UPLOAD_PROVIDER: '' }, ['UPLOAD_PROVIDER']],
    ['an endpoint over http', { S3_ENDPOINT: 'http://minio.internal:9000' }, ['S3_ENDPOINT']],
    ['pictures over http', { S3_PUBLIC_URL: 'http://cdn.example.com' }, ['S3_PUBLIC_URL']],
    ['a word for an endpoint', { S3_ENDPOINT: 'minio' }, ['S3_ENDPOINT']],
    ['a query in the address', { S3_PUBLIC_URL: 'https://cdn.example.com/?a=1' }, ['S3_PUBLIC_URL']],
    ['a path for a bucket', { S3_BUCKET: 'a/b' }, ['S3_BUCKET']],
    ['no time at all', { S3_TIMEOUT_SECONDS: '0' }, ['S3_TIMEOUT_SECONDS']],
    ['a word for a yes', { S3_PATH_STYLE: 'maybe' }, ['S3_PATH_STYLE']],
  ])('refuse %s in production', (_what, change, names) => {
    expect(production({ ...S3, ...change })).toEqual(names);
  });

  it('let a server of one’s own speak http outside of production', () => {
    expect(problemsOf({ ...S3, S3_ENDPOINT: 'http://127.0.0.1:9000' })).toEqual([]);
  });

  it.each([
    [S3.S3_ENDPOINT, '', false, 'https://shop-pictures.oss-cn-hangzhou.aliyuncs.com'],
    [
      'https://s3.cn-north-1.amazonaws.com.cn',
      '',
      false,
      'https://shop-pictures.s3.cn-north-1.amazonaws.com.cn',
    ],
    [
      'https://cos.ap-guangzhou.myqcloud.com/',
      '',
      false,
      'https://shop-pictures.cos.ap-guangzhou.myqcloud.com',
    ],
    ['https://minio.example.com:9000/', '', true, 'https://minio.example.com:9000/shop-pictures'],
    ['https://minio.example.com', 'false', false, 'https://shop-pictures.minio.example.com'],
    // Somebody's own host that looks like a cloud's.
    ['https://aliyuncs.com.example.com', '', true, 'https://aliyuncs.com.example.com/shop-pictures'],
  ])('find the bucket at %s (path style: %s)', (endpoint, style, isPathStyle, publicUrl) => {
    const { bucket } = read({ ...S3, S3_ENDPOINT: endpoint, S3_PATH_STYLE: style });
    expect(bucket).toMatchObject({ isPathStyle, publicUrl });
  });

  it('show files at the address of the CDN', () => {
    const { bucket } = read({ ...S3, S3_PUBLIC_URL: 'https://cdn.example.com/shop//' });
    expect(bucket?.publicUrl).toBe('https://cdn.example.com/shop');
    expect(bucket && bucketOptions(bucket)).toMatchObject({
      baseUrl: 'https://cdn.example.com/shop',
      s3Options: { requestHandler: { requestTimeout: 15_000, throwOnRequestTimeout: true } },
    });
  });

  it('keep the key out of the logs', () => {
    expect(secretValues(read(S3))).toContain(S3.S3_SECRET_ACCESS_KEY);
  });
});
