/** One connection: what it may say, and how it is ended. */
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';

import { CLOSE } from './close-codes';
import type { Viewer } from './entries';
import type { PushLimits } from './limits';

/** A connection that does not answer its close is cut. */
const CUT_AFTER_MS = 2_000;
const OPEN = 1;

export interface Client {
  socket: WebSocket;
  viewer: Viewer | undefined;
  /** Heard of since the last heart-beat. */
  isAlive: boolean;
  windowStart: number;
  windowCount: number;
}

const messageSchema = z.union([
  z.object({ token: z.string().min(1), lastEventId: z.string().max(64).optional() }),
  z.object({ type: z.literal('ping') }),
]);

export type ClientMessage = z.infer<typeof messageSchema>;

export const createClient = (socket: WebSocket): Client => ({
  socket,
  viewer: undefined,
  isAlive: true,
  windowStart: 0,
  windowCount: 0,
});

/** Ends a connection with a code and a word for the program at the other end. */
export function end({ socket }: Client, code: number, reason: string): void {
  if (socket.readyState !== OPEN) return;
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CUT_AFTER_MS).unref();
}

/** Sends, unless the client has left too much unread: it is then ended, and reads anew when it comes again. */
export function send(client: Client, text: string, maxBuffered: number): void {
  const { socket } = client;
  if (socket.readyState !== OPEN) return;
  if (socket.bufferedAmount > maxBuffered) return end(client, CLOSE.tooSlow, 'READ_TOO_SLOWLY');
  socket.send(text);
}

/** Counts one message or ping of the client. False, and ended, when there were too many. */
export function mayTalk(client: Client, { messages, messageWindowMs }: PushLimits): boolean {
  const now = performance.now();
  client.isAlive = true;
  if (now - client.windowStart > messageWindowMs) [client.windowStart, client.windowCount] = [now, 0];
  client.windowCount += 1;
  if (client.windowCount <= messages) return true;
  end(client, CLOSE.tooManyMessages, 'RATE_LIMITED');
  return false;
}

/** What the client said, or undefined for anything it may not say. */
export function readMessage(data: RawData, isBinary: boolean): ClientMessage | undefined {
  if (isBinary) return undefined;
  try {
    return messageSchema.parse(JSON.parse((data as Buffer).toString('utf8')));
  } catch {
    return undefined;
  }
}
