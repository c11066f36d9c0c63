import type { BucketSettings } from '../../../config/environment/files';

const CONNECT_TIMEOUT_MS = 3_000;
/** A put or a delete that is repeated does the same once more; a person waits for both tries. */
const MAX_ATTEMPTS = 2;

/** What `@strapi/provider-upload-aws-s3` is told. */
export const bucketOptions = (bucket: BucketSettings) => ({
  baseUrl: bucket.publicUrl,
  s3Options: {
    endpoint: bucket.endpoint,
    region: bucket.region,
    forcePathStyle: bucket.isPathStyle,
    credentials: { accessKeyId: bucket.accessKeyId, secretAccessKey: bucket.secretAccessKey },
    // Amazon's newer checksums, which others refuse. The signature covers the bytes already.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: bucket.timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: bucket.timeoutMs,
    },
    // Who may read is the bucket's own rule. Left out, the provider would ask for `public-read`, which new buckets refuse.
    params: { Bucket: bucket.bucket, ACL: '' },
  },
});
