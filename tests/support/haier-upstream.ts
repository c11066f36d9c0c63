import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { settingsSchema } from '../../src/plugins/haier-integration/server/src/domain/settings';

/** What the other side was asked. */
export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body as JSON, where it is some. */
  json: unknown;
}

/** What it answers: a body, a status with a body, or whatever a handler does with the response. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; body: unknown }
  | ((response: ServerResponse, received: Received) => void | Promise<void>);

/** A real HTTP server that answers what a test tells it, and remembers what it was asked. */
export interface Upstream {
  url: string;
  received: Received[];
  /** Calls whose path ends so. */
  callsTo(end: string): Received[];
  /** Answers for paths that end so, the first used up first; the last stays. */
  reply(end: string, ...replies: Reply[]): void;
  close(): Promise<void>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString('utf8');
  return { path: request.url ?? '', headers: request.headers, body, json: parse(body) };
}

async function answer(response: ServerResponse, received: Received, reply: Reply | undefined): Promise<void> {
  if (typeof reply === 'function') return reply(response, received);
  const { status = 200, headers = {}, body } = reply ?? { status: 404, body: { message: 'no such path' } };
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export async function startUpstream(): Promise<Upstream> {
  const received: Received[] = [];
  const replies = new Map<string, Reply[]>();
  const sockets = new Set<Socket>();
  const replyFor = (path: string): Reply | undefined => {
    const key = [...replies.keys()].find((end) => path.endsWith(end));
    const left = key === undefined ? [] : (replies.get(key) ?? []);
    return left.length > 1 ? left.shift() : left[0];
  };
  const server: Server = createServer((request, response) => {
    void receive(request).then((call) => {
      received.push(call);
      return answer(response, call, replyFor(call.path));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    callsTo: (end) => received.filter(({ path }) => path.endsWith(end)),
    reply: (end, ...next) => void replies.set(end, next),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes the request and never says what became of it. */
export const loseAnswer: Reply = (response) => void response.socket?.destroy();

/** Takes the request and leaves it without an answer. */
export const staySilent: Reply = () => undefined;

/** Settings of both systems at this address; each YLH service under a path of its own. */
export const settingsFor = (url: string) =>
  settingsSchema.parse({
    haier: {
      baseUrl: url,
      clientId: 'haier-client',
      clientSecret: 'haier-client-secret-value',
      customerCode: '8800012345',
      sendToCode: '8700054321',
      password: 'haier-password-value',
      sellerCode: '8800012345',
      sellerPassword: 'seller-password-value',
      customerPassword: 'customer-password-value',
    },
    ylh: {
      authUrl: `${url}/auth/oauth/token`,
      orderBaseUrl: `${url}/jst-order`,
      retailBaseUrl: `${url}/retail-order`,
      stockBaseUrl: `${url}/stock`,
      username: 'ylh-user',
      password: 'ylh-password-value',
      clientId: 'ylh-client',
      clientSecret: 'ylh-client-secret-value',
      sourceSystem: 'SHOP',
      shopName: '小店',
    },
  });
