import { Readable } from 'node:stream';

import axios, { type AxiosInstance, type AxiosResponse, type RawAxiosResponseHeaders } from 'axios';
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';

import { isInTransaction } from '../database';
import { timeOutsideCall } from '../metrics';

/** Nobody answered, or not in time: what happened on the other side is not known. */
export class OutcomeUnknownError extends Error {
  constructor(
    readonly service: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(`${service}: ${message}`, options);
    this.name = 'OutcomeUnknownError';
  }
}

/** The service has failed often enough that asking again now would only make both sides slower. */
export class ServiceUnavailableError extends Error {
  constructor(readonly service: string) {
    super(`${service}: not asked, it has been failing`);
    this.name = 'ServiceUnavailableError';
  }
}

/** The service answered, and will not do it: its status is about our account or our request, not about our caller's. */
export class ServiceRefusedError extends Error {
  constructor(
    readonly service: string,
    message: string,
  ) {
    super(`${service}: ${message}`);
    this.name = 'ServiceRefusedError';
  }
}

export interface OutsideRequest {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs?: number;
}

/** An answer with its exact bytes: signatures are checked over them, before anything is parsed. */
export interface OutsideAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Sends one request. Resolves with any answer; throws OutcomeUnknownError or ServiceUnavailableError without one. */
export type OutsideCall = (request: OutsideRequest) => Promise<OutsideAnswer>;

/** A request for a file; it has a limit for the whole and one for every pause. */
export interface DownloadRequest extends Omit<OutsideRequest, 'body' | 'method'> {
  /** Longest silence between two pieces. */
  idleMs?: number;
}

/** An answer whose body is still arriving. Read it to its end; a break on the way ends it with OutcomeUnknownError. */
export interface OutsideStream {
  status: number;
  headers: Record<string, string>;
  body: Readable;
}

/**
 * Asks for a file and hands its bytes to `take` as they arrive, so that no more than a few pieces are in memory. Resolves
 * with what `take` makes of them; throws OutcomeUnknownError or ServiceUnavailableError without a whole answer, and
 * whatever `take` throws.
 */
export type OutsideDownload = <T>(
  request: DownloadRequest,
  take: (answer: OutsideStream) => Promise<T>,
) => Promise<T>;

export interface OutsideServiceOptions {
  service: string;
  baseUrl: string;
  timeoutMs?: number;
  /** Handed in by tests. */
  http?: AxiosInstance;
}

const DEFAULT_TIMEOUT_MS = 8_000;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const DOWNLOAD_IDLE_MS = 20_000;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const FAILURES_BEFORE_OPEN = 8;
const OPEN_MS = 5_000;

function toHeaders(raw: RawAxiosResponseHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) headers[name.toLowerCase()] = String(value);
  return headers;
}

function toAnswer({ status, headers, data }: AxiosResponse<ArrayBuffer>): OutsideAnswer {
  return { status, headers: toHeaders(headers), body: Buffer.from(data) };
}

/** What every request has in common, whatever becomes of its answer. */
const PLAIN = {
  // The bytes that were signed are the bytes that are sent.
  transformRequest: [(data: unknown) => data],
  validateStatus: () => true,
  maxRedirects: 0,
  proxy: false as const,
};

function noAnswer(service: string, error: unknown): OutcomeUnknownError {
  const reason = axios.isAxiosError(error) ? (error.code ?? error.message) : String(error);
  return new OutcomeUnknownError(service, `no answer (${reason})`);
}

/**
 * Lets one attempt at a service pass: never while a transaction is open, and not while the service keeps failing, which is
 * told by OutcomeUnknownError. For clients that are not ours; others take `createOutsideCall`.
 */
export function createDoor(service: string): <T>(attempt: () => Promise<T>) => Promise<T> {
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => error instanceof OutcomeUnknownError),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_BEFORE_OPEN) },
  );
  return async (attempt) => {
    if (isInTransaction()) throw new Error(`${service} must not be called while a transaction is open`);
    try {
      return await timeOutsideCall(service, () => breaker.execute(attempt));
    } catch (error) {
      if (isBrokenCircuitError(error)) throw new ServiceUnavailableError(service);
      throw error;
    }
  };
}

/**
 * The door to one outside service. It never repeats a request by itself: only the caller knows what is harmless to
 * repeat. It refuses to call while a database transaction is open, in every environment: rows would stay locked for as
 * long as the other side takes, and a rollback could not take the call back.
 */
export function createOutsideCall(options: OutsideServiceOptions): OutsideCall {
  const { service, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const http = options.http ?? axios.create();
  const pass = createDoor(service);

  const send = async (request: OutsideRequest): Promise<OutsideAnswer> => {
    try {
      const response = await http.request<ArrayBuffer>({
        ...PLAIN,
        method: request.method,
        url: new URL(request.url, baseUrl).toString(),
        headers: request.headers,
        data: request.body,
        timeout: request.timeoutMs ?? timeoutMs,
        signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
        responseType: 'arraybuffer',
        maxContentLength: MAX_ANSWER_BYTES,
      });
      return toAnswer(response);
    } catch (error) {
      throw noAnswer(service, error);
    }
  };

  return (request) => pass(() => send(request));
}

/** The bytes of a body as they come. A break or a silence ends them with OutcomeUnknownError, a reader that gives up closes the line. */
async function* piecesOf(service: string, source: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const silence = setTimeout(() => source.destroy(new Error('silence')), idleMs);
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      silence.refresh();
      yield piece;
    }
  } catch (error) {
    throw noAnswer(service, error);
  } finally {
    clearTimeout(silence);
    source.destroy();
  }
}

/** The same door for files: see `OutsideDownload`. `take` must not pause for long, its pauses count as silence. */
export function createOutsideDownload(options: OutsideServiceOptions): OutsideDownload {
  const { service, baseUrl, timeoutMs = DOWNLOAD_TIMEOUT_MS } = options;
  const http = options.http ?? axios.create();
  const pass = createDoor(service);

  const open = async (request: DownloadRequest): Promise<AxiosResponse<Readable>> => {
    try {
      return await http.request<Readable>({
        ...PLAIN,
        method: 'GET',
        url: new URL(request.url, baseUrl).toString(),
        headers: request.headers,
        timeout: request.idleMs ?? DOWNLOAD_IDLE_MS,
        signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
        responseType: 'stream',
        // The file is what its hash covers; unpacking it is the reader's business.
        decompress: false,
      });
    } catch (error) {
      throw noAnswer(service, error);
    }
  };

  return (request, take) =>
    pass(async () => {
      const { status, headers, data } = await open(request);
      const pieces = piecesOf(service, data, request.idleMs ?? DOWNLOAD_IDLE_MS);
      const body = Readable.from(pieces, { objectMode: false });
      try {
        return await take({ status, headers: toHeaders(headers), body });
      } finally {
        // Also where nobody began to read.
        data.destroy();
      }
    });
}
