import type { IncomingMessage } from 'node:http';

import { checkSignature, S3Refusal } from '../support/s3-signature';

/** The examples of Amazon's "Authenticating Requests: Using the Authorization Header", with the keys printed there. */
const RULES = {
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  now: () => Date.UTC(2013, 4, 24),
};
const BODY = Buffer.from('Welcome to Amazon S3.');
const PUT = {
  method: 'PUT',
  url: '/test$file.text',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    date: 'Fri, 24 May 2013 00:00:00 GMT',
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,' +
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
};
const LIST = {
  method: 'GET',
  url: '/?max-keys=2&prefix=J',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date,' +
      'Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};

type Example = { method: string; url: string; headers: Record<string, string> };
function refusalOf(request: Example, body: Buffer, rules = RULES): string | undefined {
  try {
    checkSignature(request as unknown as IncomingMessage, body, rules);
    return undefined;
  } catch (error) {
    if (error instanceof S3Refusal) return error.code;
    throw error;
  }
}
const changed = (headers: Record<string, string>): Example => ({
  ...PUT,
  headers: { ...PUT.headers, ...headers },
});

describe('the signature check of the stand-in for S3', () => {
  it('takes Amazon’s own examples', () => {
    expect(refusalOf(PUT, BODY)).toBeUndefined();
    expect(refusalOf(LIST, Buffer.alloc(0))).toBeUndefined();
  });

  it.each<[string, Example, Buffer, Partial<typeof RULES>, string]>([
    ['another method', { ...PUT, method: 'POST' }, BODY, {}, 'SignatureDoesNotMatch'],
    ['another key', { ...PUT, url: '/test$file.txt' }, BODY, {}, 'SignatureDoesNotMatch'],
    ['a query more', { ...PUT, url: '/test$file.text?acl' }, BODY, {}, 'SignatureDoesNotMatch'],
    ['another host', changed({ host: 'other.s3.amazonaws.com' }), BODY, {}, 'SignatureDoesNotMatch'],
    ['other bytes', PUT, Buffer.from('Welcome to Amazon S4.'), {}, 'XAmzContentSHA256Mismatch'],
    [
      'unsigned bytes',
      changed({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
      BODY,
      {},
      'XAmzContentSHA256Mismatch',
    ],
    ['a header that is not signed', changed({ 'x-amz-acl': 'public-read' }), BODY, {}, 'AccessDenied'],
    ['no signature', changed({ authorization: '' }), BODY, {}, 'AccessDenied'],
    ['another secret', PUT, BODY, { secretAccessKey: 'another' }, 'SignatureDoesNotMatch'],
    ['another account', PUT, BODY, { accessKeyId: 'AKIAOTHER' }, 'InvalidAccessKeyId'],
    ['another region', PUT, BODY, { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed'],
    ['another day', PUT, BODY, { now: () => Date.UTC(2013, 4, 25) }, 'RequestTimeTooSkewed'],
  ])('refuses %s', (_what, request, body, rules, code) => {
    expect(refusalOf(request, body, { ...RULES, ...rules })).toBe(code);
  });
});
