import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { YlhOrder } from '../../src/plugins/haier-integration/server/src/clients/contract';
import {
  type HaierIntegrationSettings,
  settingsSchema,
} from '../../src/plugins/haier-integration/server/src/domain/settings';
import type {
  Clients,
  ClientsService,
  ClientTuning,
} from '../../src/plugins/haier-integration/server/src/services/clients';
import type { TestApp } from './app';

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
export const settingsFor = (url: string): HaierIntegrationSettings =>
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

/** Every value of those settings, and of the tokens of these tests, that must stand nowhere. */
export const SECRETS = /[a-z-]+-(?:secret|password)-value|(?:haier|ylh)-token-\d/;

let orders = 0;

/** An order whose so id no other test has. */
export const makeYlhOrder = (changes: Partial<YlhOrder> = {}): YlhOrder => ({
  soId: `SO-${process.pid}-${(orders += 1)}`,
  orderNumber: `ORDER-${orders}`,
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  consigneeName: '收货人甲',
  consigneeMobile: '13900000000',
  province: '山东省',
  city: '青岛市',
  area: '崂山区',
  town: null,
  detailAddress: '某某路1号',
  remark: null,
  distributionDate: null,
  installDate: null,
  isGovernmentOrder: false,
  lines: [
    {
      productCode: 'BH0SB1F01',
      quantity: 1,
      retailPriceFen: 299_900,
      discountFen: 0,
      actualPriceFen: 299_900,
      isGift: false,
    },
  ],
  ...changes,
});

export async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

const TOKENS = '/oauth2/auth';
const YLH_TOKENS = '/oauth/token';

/** An other side that gives tokens, for each test anew. */
export function useUpstream(): { current: Upstream } {
  const holder = {} as { current: Upstream };
  beforeEach(async () => {
    holder.current = await startUpstream();
    holder.current.reply(TOKENS, { body: { token: 'haier-token-1', expires_in: 3600 } });
    holder.current.reply(YLH_TOKENS, {
      body: { access_token: 'ylh-token-1', token_type: 'bearer', expires_in: 3600 },
    });
  });
  afterEach(() => holder.current?.close());
  return holder;
}

/** Clients of the booted shop on these settings, quick to repeat. */
export function makeClients(
  app: TestApp,
  url: string,
  tuning: ClientTuning = {},
  change: (settings: HaierIntegrationSettings) => void = () => undefined,
): Clients {
  const settings = settingsFor(url);
  change(settings);
  return app.strapi
    .plugin('haier-integration')
    .service<ClientsService>('clients')
    .createClients(() => Promise.resolve(settings), { timeoutMs: 5_000, retryDelayMs: 1, ...tuning });
}
