import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

import { LRUCache } from 'lru-cache';

function toBlockList(entries: string[]): BlockList {
  const trusted = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry === 'loopback' ? ['127.0.0.0', '8'] : entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
    if (entry === 'loopback') trusted.addAddress('::1', 'ipv6');
  }
  return trusted;
}

const plain = (address: string): string => address.replace(/^::ffff:/, '');

/** Whether the proxy at a place of the way (0: the socket's own end) is believed. */
function createTrust(trusted: string[]): (address: string, index: number) => boolean {
  const hops = trusted.length === 1 && /^\d+$/.test(trusted[0] ?? '') ? Number(trusted[0]) : undefined;
  if (hops !== undefined) return (_address, index) => index < hops;
  const list = toBlockList(trusted);
  // A look into the list costs more than the rest of a request that memory answers.
  const known = new LRUCache<string, boolean>({ max: 1_000 });
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const isTrusted = isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    known.set(address, isTrusted);
    return isTrusted;
  };
}

const socketOf = (request: IncomingMessage): string => plain(request.socket.remoteAddress ?? 'unknown');

/** How the caller came, as far as it is known: by what a proxy named in `trusted` says, else by the socket. */
export type ClientScheme = (request: IncomingMessage) => 'http' | 'https' | undefined;

/**
 * The first proxy's X-Forwarded-Proto, which only a trusted one is believed; `undefined` when it says nothing, since
 * whoever reaches the process itself (a probe, a command on the machine) comes by plain http and is no visitor.
 */
export function createClientScheme(trusted: string[]): ClientScheme {
  const isTrusted = createTrust(trusted);
  return (request) => {
    const header = request.headers['x-forwarded-proto'];
    const said = String(header ?? '')
      .split(',')[0]
      ?.trim()
      .toLowerCase();
    if (said !== 'http' && said !== 'https') return undefined;
    return isTrusted(socketOf(request), 0) ? said : undefined;
  };
}

/** Tells whose request it is. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The address of the caller: the socket's, unless it is a proxy named in `trusted` (addresses, subnets, `loopback`, or
 * one number of hops); then the last address in X-Forwarded-For that no trusted proxy wrote.
 */
export function createClientAddress(trusted: string[]): ClientAddress {
  const isTrusted = createTrust(trusted);
  return (request) => {
    const socket = socketOf(request);
    const header = request.headers['x-forwarded-for'];
    // Trusted or not, there is nobody else.
    if (header === undefined) return socket;
    const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? ''))
      .split(',')
      .map((entry) => plain(entry.trim()))
      .filter((entry) => isIP(entry) !== 0)
      .reverse();
    const chain = [socket, ...forwarded];
    const client = chain.findIndex((address, index) => !isTrusted(address, index));
    return client === -1 ? (chain.at(-1) ?? socket) : (chain[client] ?? socket);
  };
}
