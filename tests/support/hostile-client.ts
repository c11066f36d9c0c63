import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';

/** A request as a stranger may send it: nothing is tidied up on the way. */
export interface HostileRequest {
  method: string;
  /** Below the origin, exactly as it goes over the wire. */
  path: string;
  token?: string;
  headers?: Record<string, string>;
  /** The bytes of the body; with a body and no content type, JSON is claimed. */
  body?: string | Buffer;
}

export interface HostileAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export type Send = (request: HostileRequest) => Promise<HostileAnswer>;

/** Sends requests over a few kept connections, as a determined stranger would. */
export function createSender(origin: string, connections = 32): { send: Send; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(origin);
  const send: Send = ({ method, path, token, headers, body }) =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: {
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(body === undefined
              ? {}
              : { 'Content-Type': 'application/json' }),
            ...(body === undefined || headers?.['Transfer-Encoding'] !== undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
            ...headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      outgoing.setTimeout(20_000, () => outgoing.destroy(new Error(`no answer to ${method} ${path}`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** Works a list with a few at a time, in order of the list. */
export async function inBatches<T, R>(entries: readonly T[], work: (entry: T) => Promise<R>, parallel = 8): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < entries.length; start += parallel) {
    results.push(...(await Promise.all(entries.slice(start, start + parallel).map(work))));
  }
  return results;
}
