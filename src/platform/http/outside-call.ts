import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';

import { isInTransaction } from '../database';

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

export interface OutsideServiceOptions {
  service: string;
  baseUrl: string;
  timeoutMs?: number;
  /** Handed in by tests. */
  http?: AxiosInstance;
}

const DEFAULT_TIMEOUT_MS = 8_000;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const FAILURES_BEFORE_OPEN = 8;
const OPEN_MS = 5_000;

function toAnswer(response: AxiosResponse<ArrayBuffer>): OutsideAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  return { status: response.status, headers, body: Buffer.from(response.data) };
}

/**
 * The door to one outside service. It never repeats a request by itself: only the caller knows what is harmless to
 * repeat. It refuses to call while a database transaction is open, in every environment: rows would stay locked for as
 * long as the other side takes, and a rollback could not take the call back.
 */
export function createOutsideCall(options: OutsideServiceOptions): OutsideCall {
  const { service, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const http = options.http ?? axios.create();
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => error instanceof OutcomeUnknownError),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_BEFORE_OPEN) },
  );

  const send = async (request: OutsideRequest): Promise<OutsideAnswer> => {
    try {
      const response = await http.request<ArrayBuffer>({
        method: request.method,
        url: new URL(request.url, baseUrl).toString(),
        headers: request.headers,
        data: request.body,
        timeout: request.timeoutMs ?? timeoutMs,
        signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
        responseType: 'arraybuffer',
        // The bytes that were signed are the bytes that are sent.
        transformRequest: [(data: unknown) => data],
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER_BYTES,
        proxy: false,
      });
      return toAnswer(response);
    } catch (error) {
      const reason = axios.isAxiosError(error) ? (error.code ?? error.message) : String(error);
      throw new OutcomeUnknownError(service, `no answer (${reason})`);
    }
  };

  return async (request) => {
    if (isInTransaction()) throw new Error(`${service} must not be called while a transaction is open`);
    try {
      return await breaker.execute(() => send(request));
    } catch (error) {
      if (isBrokenCircuitError(error)) throw new ServiceUnavailableError(service);
      throw error;
    }
  };
}
