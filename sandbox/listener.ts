import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults';
import { maskBody, maskQuery, type HostName } from './request-log';
import { SandboxStartError } from './start-error';
import type { World } from './world';

/** A request as it came over the wire: `target` is path and query byte for byte, because signatures cover it. */
export interface Call {
  method: string;
  target: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Ways in which a correctly computed answer can be spoilt on its way out. */
export type Distortion = 'rubbish' | 'unsigned' | 'wrong-signature';

export type Answer = (call: Call, distortion?: Distortion) => Reply | Promise<Reply>;

/** What happens on the socket: nothing at all (cut), or a reply, once or twice. */
type Outcome = { reply: Reply; twice?: boolean } | 'cut';

const LARGEST_BODY = 1_048_576;

/** Reads a request to its end. Throws RangeError above 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new RangeError('request body above 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: request.headers,
    body: await readBody(request),
  };
}

function jsonReply(status: number, body: unknown): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function businessReply(fault: Extract<Fault, { kind: 'business' }>): Reply {
  const message = fault.message ?? 'scripted by the sandbox';
  if (fault.host === 'api') {
    return jsonReply(fault.status ?? 200, { errcode: fault.errcode ?? -1, errmsg: message });
  }
  if (fault.host !== 'pay') {
    const code = fault.code ?? 'SYSTEM_ERROR';
    return jsonReply(fault.status ?? 200, { success: false, code, message, data: null });
  }
  return jsonReply(fault.status ?? 400, { code: fault.code ?? 'SYSTEM_ERROR', message });
}

async function answerLate(
  { ms, processFirst }: Extract<Fault, { kind: 'delay' }>,
  call: Call,
  answer: Answer,
): Promise<Reply> {
  const early = processFirst ? await answer(call) : undefined;
  await new Promise((wake) => setTimeout(wake, ms).unref());
  return early ?? answer(call);
}

async function applyFault(fault: Fault | undefined, call: Call, answer: Answer): Promise<Outcome> {
  if (!fault) return { reply: await answer(call) };
  switch (fault.kind) {
    case 'delay':
      return { reply: await answerLate(fault, call, answer) };
    case 'huge': {
      const reply = await answer(call);
      return {
        reply: { ...reply, body: Buffer.concat([reply.body, Buffer.alloc(fault.bytes ?? 33_554_432, ' ')]) },
      };
    }
    case 'refuse-connection':
      return 'cut';
    case 'lose-answer':
      await answer(call);
      return 'cut';
    case 'answer-twice':
      return { reply: await answer(call), twice: true };
    case 'status':
      if (fault.processFirst) await answer(call);
      return {
        reply: { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body ?? '') },
      };
    case 'business':
      if (fault.processFirst) await answer(call);
      return { reply: businessReply(fault) };
    default:
      return { reply: await answer(call, fault.kind) };
  }
}

function writeTwice(response: ServerResponse, reply: Reply): void {
  const head = Object.entries({ ...reply.headers, 'Content-Length': String(reply.body.length) });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const message = Buffer.concat([
    Buffer.from(`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}\r\n${lines}\r\n`),
    reply.body,
  ]);
  // Below the HTTP layer, which would refuse to send a second answer to one request.
  response.socket?.end(Buffer.concat([message, message]));
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'cut') {
    response.socket?.resetAndDestroy();
  } else if (outcome.twice) {
    writeTwice(response, outcome.reply);
  } else {
    const { status, headers, body } = outcome.reply;
    if (status !== 204) response.setHeader('Content-Length', body.length);
    response.writeHead(status, headers).end(body);
  }
}

function record(world: World, host: HostName, call: Call, outcome: Outcome, fault: Fault | undefined): void {
  const mark = call.target.indexOf('?');
  const serial = call.headers['wechatpay-serial'];
  const reply = outcome === 'cut' ? undefined : outcome.reply;
  const isText = !reply?.headers['Content-Type']?.startsWith('application/octet-stream');
  world.requests.add({
    at: new Date(world.now()).toISOString(),
    host,
    method: call.method,
    path: call.path,
    query: mark < 0 ? '' : maskQuery(call.target.slice(mark)),
    body: maskBody(host, call.body),
    status: reply?.status ?? 0,
    reply: reply && isText ? maskBody(host, reply.body) : `(${reply?.body.length ?? 0} bytes)`,
    ...(fault && { fault: fault.kind }),
    ...(typeof serial === 'string' && { wechatpaySerial: serial }),
  });
}

/** An HTTP server that plays `host`: reads a request whole, applies a matching fault, answers, and remembers it. */
export function createHost(world: World, host: HostName, answer: Answer): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    const fault = world.faults.take(host, call.method, call.path);
    const outcome = await applyFault(fault, call, answer);
    record(world, host, call, outcome, fault);
    send(response, outcome);
  };
  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (request.destroyed && !response.headersSent) return;
      const message = error instanceof Error ? error.message : String(error);
      response.writeHead(error instanceof RangeError ? 413 : 500).end(`sandbox error: ${message}`);
    });
  });
}

/**
 * Binds a server to loopback; 0 takes a free port. Answers the origin.
 * Throws SandboxStartError when the port is taken.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE';
      reject(
        busy
          ? new SandboxStartError(`Port ${port} on 127.0.0.1 is already in use; choose another one.`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  // A TCP listener's address is always an object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops a server and cuts whatever is still connected. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

/** A server that can be taken off the network and put back where it was. */
export class LoopbackHost {
  private port = 0;

  constructor(readonly server: Server) {}

  /** Listens, on `port` the first time (0 takes a free one). Throws SandboxStartError when the port is taken. */
  async start(port: number): Promise<string> {
    const url = await listenOnLoopback(this.server, port);
    this.port = Number(new URL(url).port);
    return url;
  }

  /** From now on connections are refused. */
  down(): Promise<void> {
    return closeServer(this.server);
  }

  /** Listens again at the same address. */
  async up(): Promise<void> {
    if (!this.server.listening) await listenOnLoopback(this.server, this.port);
  }
}
