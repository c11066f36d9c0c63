import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface DeliveryResult {
  status?: number;
  reply?: string;
  error?: string;
}

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);
const KEPT_REPLY = 2_000;

/**
 * Posts a notification and answers what came back; never throws. Redirects are not followed, and nothing but loopback
 * is ever called: a test with a real shop's address in it must not reach that shop.
 */
export function deliver(
  address: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const url = new URL(address);
  if (!LOOPBACK_HOSTS.has(url.hostname)) {
    return Promise.resolve({ error: `${url.hostname} is not loopback: the sandbox does not call it` });
  }
  return new Promise((resolve) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // No agent: every call is a fresh connection, so a half-dead one is never reused.
    const outgoing = start(url, { method: 'POST', headers, signal, agent: false }, (incoming) => {
      let reply = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        reply = (reply + chunk).slice(0, KEPT_REPLY);
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, reply }));
      incoming.on('error', (error) => resolve({ error: error.message }));
    });
    outgoing.on('error', (error) =>
      resolve({ error: signal.aborted ? 'no answer within 5 s' : error.message }),
    );
    outgoing.end(body);
  });
}
