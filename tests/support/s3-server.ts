/** A bucket that speaks S3 on loopback, and takes nothing that Amazon, Aliyun or Tencent would refuse. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { checkSignature, S3Refusal, type SignatureRules } from './s3-signature';

export interface StoredObject {
  body: Buffer;
  type: string;
}

/** How the bucket misbehaves: refuses every key, has failures of its own, or takes a request and says nothing. */
export type Trouble = 'denies' | 'fails' | 'is silent';

export interface S3Server extends SignatureRules {
  url: string;
  bucket: string;
  objects: Map<string, StoredObject>;
  /** Uploads in parts that were begun and neither completed nor given up. */
  unfinished(): number;
  /** What it refused of itself, by S3's code; empty when its client does everything right. */
  refused: string[];
  /** Requests that wrote or deleted, e.g. `PUT key`. */
  writes: string[];
  /** From now on, for keys that match. */
  trouble(how: Trouble | undefined, keys?: RegExp): void;
  /** Nobody listens any more. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

type Parts = Map<number, { body: Buffer; etag: string }>;
interface Upload {
  key: string;
  type: string;
  parts: Parts;
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;
const xml = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
const TYPE = /^[a-z]+\/[a-z0-9.+-]+$/;

/** Features that buckets elsewhere than at Amazon do not have, or that new ones at Amazon refuse. */
function checkPlain({ headers, method }: IncomingMessage): void {
  if (headers['x-amz-acl'] !== undefined) throw new S3Refusal(400, 'AccessControlListNotSupported');
  const extra = Object.keys(headers).find((name) => /^x-amz-(?:trailer|checksum|sdk-checksum)/.test(name));
  if (extra !== undefined) throw new S3Refusal(501, 'NotImplemented', extra);
  if (method === 'PUT' && headers['content-length'] === undefined)
    throw new S3Refusal(411, 'MissingContentLength');
}

class Objects {
  readonly objects = new Map<string, StoredObject>();
  private readonly uploads = new Map<string, Upload>();

  get unfinished(): number {
    return this.uploads.size;
  }

  put(key: string, body: Buffer, type: string | undefined): string {
    if (!TYPE.test(type ?? '')) throw new S3Refusal(400, 'InvalidArgument', 'content-type');
    this.objects.set(key, { body, type: type ?? '' });
    return etagOf(body);
  }

  begin(key: string, type: string | undefined): string {
    if (!TYPE.test(type ?? '')) throw new S3Refusal(400, 'InvalidArgument', 'content-type');
    const id = randomBytes(8).toString('hex');
    this.uploads.set(id, { key, type: type ?? '', parts: new Map() });
    return id;
  }

  private upload(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) throw new S3Refusal(404, 'NoSuchUpload');
    return upload;
  }

  part(id: string, key: string, number: number, body: Buffer): string {
    const etag = etagOf(body);
    this.upload(id, key).parts.set(number, { body, etag });
    return etag;
  }

  complete(id: string, key: string, order: string): string {
    const { parts, type } = this.upload(id, key);
    const named = [...order.matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
    }));
    const bodies = named.map(({ number, etag }, index) => {
      const part = parts.get(number);
      if (part?.etag !== etag || number !== index + 1) throw new S3Refusal(400, 'InvalidPart');
      // Amazon's least size of every part but the last.
      if (index < named.length - 1 && part.body.length < 5 * 1024 * 1024)
        throw new S3Refusal(400, 'EntityTooSmall');
      return part.body;
    });
    if (bodies.length === 0) throw new S3Refusal(400, 'MalformedXML');
    this.uploads.delete(id);
    return this.put(key, Buffer.concat(bodies), type);
  }

  abort(id: string, key: string): void {
    this.upload(id, key);
    this.uploads.delete(id);
  }
}

interface Answer {
  status: number;
  body?: Buffer | string;
  headers?: Record<string, string>;
}

function work(
  store: Objects,
  request: IncomingMessage,
  key: string,
  query: URLSearchParams,
  body: Buffer,
): Answer {
  const id = query.get('uploadId');
  const type = request.headers['content-type'];
  switch (request.method) {
    case 'PUT': {
      const number = query.get('partNumber');
      const etag =
        id !== null && number !== null
          ? store.part(id, key, Number(number), body)
          : store.put(key, body, type);
      return { status: 200, headers: { ETag: etag } };
    }
    case 'POST': {
      if (query.has('uploads')) {
        const upload = `<Key>${key}</Key><UploadId>${store.begin(key, type)}</UploadId>`;
        return {
          status: 200,
          body: xml(`<InitiateMultipartUploadResult>${upload}</InitiateMultipartUploadResult>`),
        };
      }
      const etag = store.complete(id ?? '', key, body.toString());
      return {
        status: 200,
        body: xml(`<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`),
      };
    }
    case 'DELETE':
      if (id === null) store.objects.delete(key);
      else store.abort(id, key);
      return { status: 204 };
    default:
      throw new S3Refusal(405, 'MethodNotAllowed');
  }
}

/** Everybody may read. */
function read(store: Objects, key: string): Answer {
  const object = store.objects.get(key);
  if (object === undefined) throw new S3Refusal(404, 'NoSuchKey');
  return { status: 200, body: object.body, headers: { 'Content-Type': object.type } };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

const TROUBLE: Record<Exclude<Trouble, 'is silent'>, [status: number, code: string]> = {
  denies: [403, 'AccessDenied'],
  fails: [503, 'SlowDown'],
};

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'x-amz-request-id': randomBytes(8).toString('hex'), ...headers });
  response.end(body);
}

function sendRefusal(response: ServerResponse, error: unknown): void {
  if (!(error instanceof S3Refusal)) throw error;
  const body = xml(`<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`);
  send(response, { status: error.status, body, headers: { 'Content-Type': 'application/xml' } });
}

/** Starts one with an empty bucket, addressed by path. */
export async function startS3Server(): Promise<S3Server> {
  const store = new Objects();
  const sockets = new Set<Socket>();
  const bucket = 'shop-files';
  const rules = {
    region: 'cn-test-1',
    accessKeyId: 'AKTEST',
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  const state = { trouble: undefined as Trouble | undefined, keys: /(?:)/ };
  const refused: string[] = [];
  const writes: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
    const [, named, ...rest] = pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    try {
      if (named !== bucket || key === '') throw new S3Refusal(404, 'NoSuchBucket');
      if (request.method === 'GET' || request.method === 'HEAD') return send(response, read(store, key));
      checkSignature(request, body, rules);
      checkPlain(request);
    } catch (error) {
      if (request.method !== 'GET' && error instanceof S3Refusal) refused.push(error.code);
      return sendRefusal(response, error);
    }
    if (state.trouble === 'is silent' && state.keys.test(key)) return;
    try {
      if (state.trouble !== undefined && state.trouble !== 'is silent' && state.keys.test(key))
        throw new S3Refusal(...TROUBLE[state.trouble]);
      writes.push(`${request.method} ${key}`);
      send(response, work(store, request, key, searchParams, body));
    } catch (error) {
      sendRefusal(response, error);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const goAway = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    ...rules,
    url: `http://127.0.0.1:${port}`,
    bucket,
    objects: store.objects,
    unfinished: () => store.unfinished,
    refused,
    writes,
    trouble: (how, keys = /(?:)/) => void Object.assign(state, { trouble: how, keys }),
    goAway,
    comeBack: () => listen(port),
    stop: async () => {
      if (server.listening) await goAway();
    },
  };
}
