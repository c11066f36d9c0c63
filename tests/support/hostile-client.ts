import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';

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

function headersOf({ token, headers, body }: HostileRequest): Record<string, string> {
  const isChunked = headers?.['Transfer-Encoding'] !== undefined;
  return {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(body === undefined || isChunked ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
}

async function readAnswer(incoming: IncomingMessage): Promise<HostileAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

/** Sends requests over a few kept connections, as a determined stranger would. */
export function createSender(origin: string, connections = 32): { send: Send; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(origin);
  const send: Send = (request) =>
    new Promise((resolve, reject) => {
      const { method, path, body } = request;
      const outgoing = httpRequest(
        { agent, hostname, port, method, path, headers: headersOf(request) },
        (incoming) => {
          readAnswer(incoming).then(resolve, reject);
        },
      );
      outgoing.setTimeout(20_000, () => outgoing.destroy(new Error(`no answer to ${method} ${path}`)));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The server has closed an idle connection in the moment it was used again; that says nothing about the request.
        const isStale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (isStale && connections > 1) send(request).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** Works a list with a few at a time, in order of the list. */
export async function inBatches<T, R>(
  entries: readonly T[],
  work: (entry: T) => Promise<R>,
  parallel = 8,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < entries.length; start += parallel) {
    results.push(...(await Promise.all(entries.slice(start, start + parallel).map(work))));
  }
  return results;
}
