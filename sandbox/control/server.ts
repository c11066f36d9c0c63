import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody } from '../listener';
import type { SandboxControl } from './control';
import type { Operation } from './operation';
import { operationsOf } from './operations';
import { controlPage } from './page';

const PAGE_LANGUAGE = /^zh\b/i;

/** A page of another site can make a browser call loopback; it cannot make the Host, or the Origin, say loopback. */
function isLoopback(authority: string | undefined): boolean {
  return authority !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(authority);
}

function refusalOf(request: IncomingMessage): { status: number; message: string } | undefined {
  const { host, origin } = request.headers;
  if (!isLoopback(host)) return { status: 403, message: 'only loopback hosts are served' };
  if (origin !== undefined && !isLoopback(origin.replace(/^http:\/\//, ''))) {
    return { status: 403, message: 'only pages of this server may call it' };
  }
  if (request.method === 'POST' && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, message: 'POST takes application/json' };
  }
  return undefined;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

function sendPage(
  control: SandboxControl,
  request: IncomingMessage,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const preferred = query.get('lang') ?? request.headers['accept-language'] ?? '';
  const page = controlPage(control, PAGE_LANGUAGE.test(preferred) ? 'zh' : 'en');
  response.writeHead(200, page.headers).end(page.html);
}

async function runOperation(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const raw = await readBody(request);
    const body: unknown = request.method === 'POST' ? JSON.parse(raw.toString('utf8') || '{}') : undefined;
    sendJson(response, 200, (await operation(body)) ?? {});
  } catch (error) {
    const message =
      error instanceof z.ZodError
        ? z.prettifyError(error)
        : error instanceof Error
          ? error.message
          : String(error);
    sendJson(response, 400, { error: message });
  }
}

/** The control API and its page. Only for this machine: see `refusalOf`. */
export function createControlServer(control: SandboxControl): Server {
  const operations = operationsOf(control);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refusalOf(request);
    if (refusal) return sendJson(response, refusal.status, { error: refusal.message });
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/')
      return sendPage(control, request, url.searchParams, response);
    const name = `${request.method} ${url.pathname}`;
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) return sendJson(response, 404, { error: `unknown operation ${name}` });
    await runOperation(operation, request, response);
  };
  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
