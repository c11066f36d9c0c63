import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './suppliers';

export interface ReceivedCallback {
  headers: IncomingHttpHeaders;
  raw: string;
  fields: Record<string, string>;
  data: Json;
  isSigned: boolean;
}

/** A shop's call-back address that checks the signature by itself, straight from the contract's words. */
export interface Shop {
  url: string;
  received: ReceivedCallback[];
  /** What it answers with; by default what the contract wants. */
  answer: (received: ReceivedCallback) => unknown;
  status: number;
  silent: boolean;
  close(): Promise<void>;
}

function isSignedBy(fields: Record<string, string>, secret: string): boolean {
  const names = Object.keys(fields).filter((name) => name !== 'Sign' && (fields[name] ?? '').trim() !== '');
  names.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  let text = secret;
  for (const name of names) text += `${name}${fields[name] ?? ''}`;
  const digest = createHash('md5').update(`${text}${secret}`.toLowerCase()).digest('hex');
  return digest.toUpperCase() === fields.Sign;
}

function tryJson(text: string | undefined): Json {
  try {
    return JSON.parse(text ?? '') as Json;
  } catch {
    return {};
  }
}

export const takenAnswer = ({ data }: Pick<ReceivedCallback, 'data'>): Json => ({
  success: true,
  code: 'success',
  description: '成功',
  timeStamp: '20260101120000',
  data: { statusCode: '200', message: 'ok', platformOrderNo: data.PlatformOrderNo },
});

export async function startShop(secret: string): Promise<Shop> {
  const server = createServer((request, response) => {
    let raw = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (raw += chunk));
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(raw));
      const received: ReceivedCallback = {
        headers: request.headers,
        raw,
        fields,
        data: tryJson(fields.Data),
        isSigned: isSignedBy(fields, secret),
      };
      shop.received.push(received);
      if (shop.silent) return;
      response.writeHead(shop.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(shop.answer(received)));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const shop: Shop = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    received: [],
    answer: takenAnswer,
    status: 200,
    silent: false,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return shop;
}
