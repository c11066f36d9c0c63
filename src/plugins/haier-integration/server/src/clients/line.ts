/** One request on the wire: with a clock on it, and with the knowledge whether the other side can have read it. */
import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';

import type { AxiosInstance, AxiosResponse, RawAxiosResponseHeaders } from 'axios';

import type { System } from '../constants';
import { failureWithoutAnswer, type LineState } from './failure';

export interface OutgoingCall {
  system: System;
  operation: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  /**
   * On a connection of its own: one that was kept may have been closed by the other side just now, and then nobody can say
   * whether the request was read.
   */
  isOnOwnConnection?: boolean;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** An answer whose body is still arriving; read it to its end or call `close`. */
export interface StreamedAnswer {
  status: number;
  headers: Record<string, string>;
  /** Throws HaierError when it breaks, or when nothing comes for as long as an answer may take. */
  pieces: AsyncIterable<Buffer>;
  close(): void;
}

/** Node's own requests, watched until the connection stands: a time-out before that has certainly changed nothing. */
function watchedRequests(
  { url, isOnOwnConnection = false }: OutgoingCall,
  line: LineState,
): typeof http | typeof https {
  const isTls = url.startsWith('https:');
  const original = isTls ? https : http;
  const request = (
    options: https.RequestOptions,
    listener: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const made = original.request(isOnOwnConnection ? { ...options, agent: false } : options, listener);
    made.on('socket', (socket) => {
      if (made.reusedSocket || (!socket.connecting && !isTls)) line.isConnected = true;
      else (socket as TLSSocket).once(isTls ? 'secureConnect' : 'connect', () => (line.isConnected = true));
    });
    return made;
  };
  return Object.assign(Object.create(original) as typeof http, { request });
}

function toHeaders(raw: RawAxiosResponseHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) headers[name.toLowerCase()] = String(value);
  return headers;
}

interface Watch {
  line: LineState;
  signal: AbortSignal;
  /** Starts the time anew. */
  refresh(): void;
  /** Stops the time, not the request. */
  pause(): void;
  stop(): void;
}

/** Ends the request when the time is over or the caller has enough. */
function watch(timeoutMs: number, caller: AbortSignal | undefined): Watch {
  const line: LineState = { isConnected: false };
  const ended = new AbortController();
  const end = (by: 'clock' | 'caller'): void => {
    line.stoppedBy ??= by;
    ended.abort();
  };
  const onCaller = (): void => end('caller');
  if (caller?.aborted === true) onCaller();
  caller?.addEventListener('abort', onCaller, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const pause = (): void => clearTimeout(timer);
  const refresh = (): void => {
    pause();
    timer = setTimeout(() => end('clock'), timeoutMs);
  };
  refresh();
  return {
    line,
    signal: ended.signal,
    refresh,
    pause,
    stop() {
      pause();
      caller?.removeEventListener('abort', onCaller);
    },
  };
}

interface LineOptions {
  http: AxiosInstance;
  timeoutMs: number;
  maxAnswerBytes: number;
}

function post<T>(
  options: LineOptions,
  call: OutgoingCall,
  watched: Watch,
  responseType: 'arraybuffer' | 'stream',
): Promise<AxiosResponse<T>> {
  return options.http.request<T>({
    method: 'POST',
    url: call.url,
    headers: call.headers,
    data: call.body,
    // What was written into the log is what is sent.
    transformRequest: [(data: unknown) => data],
    validateStatus: () => true,
    maxRedirects: 0,
    proxy: false,
    signal: watched.signal,
    transport: watchedRequests(call, watched.line),
    maxContentLength: options.maxAnswerBytes,
    responseType,
  });
}

/** Posts and reads the whole answer. Throws HaierError. */
export async function sendOnLine(options: LineOptions, call: OutgoingCall): Promise<Answer> {
  const watched = watch(options.timeoutMs, call.signal);
  try {
    const { status, headers, data } = await post<ArrayBuffer>(options, call, watched, 'arraybuffer');
    return { status, headers: toHeaders(headers), text: Buffer.from(data).toString('utf8') };
  } catch (error) {
    throw failureWithoutAnswer(call, error, watched.line);
  } finally {
    watched.stop();
  }
}

/** Posts and hands the body over as it comes. Throws HaierError. */
export async function openOnLine(options: LineOptions, call: OutgoingCall): Promise<StreamedAnswer> {
  const watched = watch(options.timeoutMs, call.signal);
  let response: AxiosResponse<Readable>;
  try {
    response = await post<Readable>(options, call, watched, 'stream');
  } catch (error) {
    watched.stop();
    throw failureWithoutAnswer(call, error, watched.line);
  }
  // Time counts only while we wait for them: what the reader does with a piece may take longer.
  watched.pause();
  const body = response.data;
  // A break while nobody reads is found by the next read.
  body.on('error', () => undefined);
  const close = (): void => {
    watched.stop();
    body.destroy();
  };
  return {
    status: response.status,
    headers: toHeaders(response.headers as RawAxiosResponseHeaders),
    pieces: piecesOf(call, body, watched, close),
    close,
  };
}

async function* piecesOf(
  call: OutgoingCall,
  body: Readable,
  watched: Watch,
  close: () => void,
): AsyncGenerator<Buffer> {
  try {
    watched.refresh();
    for await (const piece of body as AsyncIterable<Buffer>) {
      watched.pause();
      yield piece;
      watched.refresh();
    }
  } catch (error) {
    throw failureWithoutAnswer(call, error, watched.line);
  } finally {
    close();
  }
}
