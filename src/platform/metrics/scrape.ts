/** `/metrics`: who may see it, and what it says. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';

import { refreshReadings } from './readings';
import { registry } from './registry';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** By what the socket says. What came through a proxy on this machine came from somewhere else. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return address !== '' && loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/** With a token whoever sends it as `Authorization: Bearer …`; without one this machine alone. */
export function maySeeMetrics(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return isFromHere(request);
  const [scheme, sent = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(sent), digest(token));
}

/** The metrics of this process as Prometheus reads them. Answers within about a second whatever the database does. */
export async function renderMetrics(): Promise<{ contentType: string; body: string }> {
  await refreshReadings();
  return { contentType: registry.contentType, body: await registry.metrics() };
}
