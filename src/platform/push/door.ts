/** The way in: which upgrades of the shop's HTTP server become connections. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { type WebSocket, WebSocketServer } from 'ws';

import type { ClientAddress } from '../http';
import { handBack } from './hand-back';
import type { PushLimits } from './limits';

export const PUSH_PATH = '/ws';
const TOKEN_PROTOCOL = 'bearer.';
const REFUSALS = { 403: 'Forbidden', 429: 'Too Many Requests', 503: 'Service Unavailable' } as const;
type Refusal = keyof typeof REFUSALS;

export interface DoorOptions {
  server: Server;
  /** Origins whose pages may connect; `*` for all. What sends no Origin is no page. */
  origins: string[];
  clientAddress: ClientAddress;
  limits: PushLimits;
  size(): number;
  onConnection(socket: WebSocket, token: string | undefined, lastEventId: string | undefined): void;
}

const tokenIn = (protocols: Iterable<string>): string | undefined =>
  [...protocols].find((protocol) => protocol.startsWith(TOKEN_PROTOCOL));

function refuse(socket: Duplex, status: Refusal): void {
  socket.on('error', () => undefined); // It may be gone already; nothing is left to do for it.
  socket.end(`HTTP/1.1 ${status} ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function urlOf(request: IncomingMessage): URL | undefined {
  const base = 'http://shop.invalid';
  const target = request.url ?? '/';
  return URL.canParse(target, base) ? new URL(target, base) : undefined;
}

/** Counts the connections of each address that have not sent a frame yet. */
function createWaiting(limit: number) {
  const waiting = new Map<string, number>();
  return {
    isFull: (address: string): boolean => (waiting.get(address) ?? 0) >= limit,
    enter(address: string): () => void {
      waiting.set(address, (waiting.get(address) ?? 0) + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        const left = (waiting.get(address) ?? 1) - 1;
        if (left === 0) waiting.delete(address);
        else waiting.set(address, left);
      };
    },
  };
}

/** Opens the door; the function returned shuts it. Upgrades of other paths are left to whoever else listens for them. */
export function openDoor({
  server,
  origins,
  clientAddress,
  limits,
  size,
  onConnection,
}: DoorOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Messages are small, and a compressor for each connection is not.
    perMessageDeflate: false,
    maxPayload: limits.maxMessage,
    handleProtocols: (protocols) => tokenIn(protocols) ?? false,
  });
  const waiting = createWaiting(limits.waitingPerAddress);
  let isOpen = true;
  const mayCome = (origin: string | undefined): boolean =>
    origin === undefined || origins.includes('*') || origins.includes(origin.toLowerCase());

  const refusalOf = (request: IncomingMessage, address: string): Refusal | undefined => {
    if (!isOpen || size() >= limits.connections) return 503;
    if (!mayCome(request.headers.origin)) return 403;
    return waiting.isFull(address) ? 429 : undefined;
  };

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = urlOf(request);
    if (url?.pathname !== PUSH_PATH || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      if (server.listenerCount('upgrade') === 1) handBack(server, request, socket, head);
      return;
    }
    const address = clientAddress(request);
    const refusal = refusalOf(request, address);
    if (refusal !== undefined) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const protocol = tokenIn(webSocket.protocol === '' ? [] : [webSocket.protocol]);
      if (protocol === undefined) {
        const leave = waiting.enter(address);
        webSocket.once('message', leave);
        webSocket.once('close', leave);
      }
      onConnection(
        webSocket,
        protocol?.slice(TOKEN_PROTOCOL.length),
        url.searchParams.get('lastEventId') ?? undefined,
      );
    });
  };
  server.on('upgrade', onUpgrade);
  return () => {
    isOpen = false;
  };
}
