import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const OF_THE_UPGRADE = new Set(['upgrade', 'http2-settings', 'connection']);

/**
 * Gives a request that asked for another protocol back to the HTTP server, without its wish, as Node does while nobody
 * listens for upgrades: a server may ignore them (RFC 9110, section 7.8), and some clients offer HTTP/2 with every request.
 */
export function handBack(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (!OF_THE_UPGRADE.has((rawHeaders[at] ?? '').toLowerCase()))
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  // Headers arrive as latin1 and leave the same way.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
