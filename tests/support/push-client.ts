/** A program that listens at `/ws`. */
import { request } from 'node:http';

import { type ClientOptions, WebSocket } from 'ws';

export interface Message {
  id?: string;
  type: string;
  data: Record<string, never>;
  at: string;
}

export interface Listener {
  socket: WebSocket;
  /** Everything heard so far, `ready` included. */
  messages: Message[];
  /** The first message that fits and has not been asked for before; fails when none comes in time. */
  hear(fits: string | ((message: Message) => boolean), withinMs?: number): Promise<Message>;
  /** Code and word of the server's close. */
  closed: Promise<{ code: number; reason: string }>;
  say(message: unknown): void;
  stop(): void;
}

export interface Joining {
  /** As sub-protocol. */
  token?: string;
  lastEventId?: string;
  options?: ClientOptions;
}

const PATIENCE_MS = 10_000;

/** Opens a connection without waiting for anything but its opening. */
export async function knock(url: string, { token, lastEventId, options }: Joining = {}): Promise<Listener> {
  const query = lastEventId === undefined ? '' : `?lastEventId=${encodeURIComponent(lastEventId)}`;
  const address = `${url.replace(/^http/, 'ws')}/ws${query}`;
  const socket = new WebSocket(address, token === undefined ? [] : [`bearer.${token}`], options);
  const messages: Message[] = [];
  const heard = new Set<Message>();
  let look = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString('utf8')) as Message);
    look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return {
    socket,
    messages,
    closed,
    hear(fits, withinMs = PATIENCE_MS) {
      const isIt = typeof fits === 'string' ? ({ type }: Message) => type === fits : fits;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`not heard: ${String(fits)}; heard ${JSON.stringify(messages)}`)),
          withinMs,
        );
        look = () => {
          const found = messages.find((message) => !heard.has(message) && isIt(message));
          if (found === undefined) return;
          heard.add(found);
          clearTimeout(timer);
          resolve(found);
        };
        look();
      });
    },
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    stop: () => socket.terminate(),
  };
}

/** Opens a connection and waits until the server is ready. */
export async function join(url: string, joining: Joining): Promise<Listener> {
  const listener = await knock(url, joining);
  await listener.hear('ready');
  return listener;
}

export const lastEventId = ({ messages }: Listener): string => {
  const ids = messages.flatMap(({ id, type, data }) =>
    type === 'ready' ? [data.lastEventId as string] : id === undefined ? [] : [id],
  );
  return ids.at(-1) ?? '';
};

/** A POST as clients send it that offer HTTP/2 with every request; resolves with the answer's text. */
export const postOfferingHttp2 = (url: string, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' };
    const asked = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end(body);
  });
