import type { IncomingMessage } from 'node:http';

import { createClientScheme } from './client-address';

/** What is asked at the door, before anything of the request is looked at. */
export interface Entrance {
  /** The caller came by https, as a trusted proxy says. */
  isSecure: boolean;
  /** `redirect`: came by http to a shop that is https. `stranger`: asks for a host that is not the shop's. */
  verdict: 'enter' | 'stranger' | 'redirect';
}

export interface EntranceOptions {
  publicUrl: string;
  /** Host names, lower case; one with a port means that port alone. None: any host. */
  allowedHosts: string[];
  trustProxy: string[];
}

/** For whoever runs the shop, who asks the process itself, by address and plain http. */
const OPERATORS_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

const pathOf = (url = ''): string => url.split('?', 1)[0] ?? '';

const withoutPort = (host: string): string => host.replace(/:\d*$/, '');

/**
 * Judges a request by its Host and the scheme it came by. A host header decides where links in answers and mails lead
 * and what caches keep, so that one nobody registered is refused.
 */
export function createEntrance(options: EntranceOptions): (request: IncomingMessage) => Entrance {
  const { publicUrl, trustProxy } = options;
  const allowed = new Set(options.allowedHosts);
  const clientScheme = createClientScheme(trustProxy);
  const isHttpsShop = publicUrl.startsWith('https://');
  const isKnown = (host: string): boolean =>
    allowed.size === 0 || allowed.has(host) || allowed.has(withoutPort(host));

  return (request) => {
    const scheme = clientScheme(request);
    const isSecure = scheme === 'https';
    if (OPERATORS_PATHS.has(pathOf(request.url))) return { isSecure, verdict: 'enter' };
    if (!isKnown((request.headers.host ?? '').toLowerCase())) return { isSecure, verdict: 'stranger' };
    return { isSecure, verdict: isHttpsShop && scheme === 'http' ? 'redirect' : 'enter' };
  };
}
