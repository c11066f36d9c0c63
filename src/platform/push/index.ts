/** Messages to whoever listens at `/ws`, on every process. Knows nothing of the shop: who may see what comes with each message. */
import type { Server } from 'node:http';

import type { Redis } from 'ioredis';

import type { ClientAddress } from '../http';
import { openDoor } from './door';
import { type PushEvent, toEntry } from './entries';
import { createFeed } from './feed';
import { createHub, type Gate } from './hub';
import { PUSH_LIMITS, type PushLimits } from './limits';

export { announce, type Change, listenToChanges } from './announce';
export type { PushEvent, Viewer } from './entries';
export type { Gate, SignInRefusal } from './hub';

export interface PushOptions {
  /** Absent where nobody may listen, as at a worker. */
  server?: Server;
  redis: Redis | undefined;
  gate: Gate;
  origins: string[];
  clientAddress: ClientAddress;
  limits?: Partial<PushLimits>;
  log: { info(text: string): void; warn(text: string): void };
}

export interface Push {
  publish(events: PushEvent[]): void;
  /** Lets every process look again at the sessions of these users. */
  recheck(userIds: number[]): void;
  /** False while nothing published could reach or ever be asked for by anybody. */
  isHeard(): boolean;
  size(): number;
  /** Takes nobody in any more, and resolves when every connection is gone; publishing goes on. */
  close(): Promise<void>;
  /** After everything published so far has been handed on. */
  stop(): Promise<void>;
}

/** Opens the channel; resolves once Redis has been reached, or without it after a few seconds. */
export async function openPush(options: PushOptions): Promise<Push> {
  const { server, redis, gate, origins, clientAddress, log } = options;
  const limits = { ...PUSH_LIMITS, ...options.limits };
  let deliver: Parameters<typeof createFeed>[0]['onEntry'] = () => undefined;
  const feed = await createFeed({
    redis,
    isListening: server !== undefined,
    onEntry: (id, entry) => deliver(id, entry),
    log,
  });
  const hub = createHub({ gate, recent: feed.recent, limits, log });
  deliver = hub.deliver;
  let hasListeners = false;
  const shut =
    server === undefined
      ? undefined
      : openDoor({
          server,
          origins,
          clientAddress,
          limits,
          size: hub.size,
          onConnection(socket, token, lastEventId) {
            hasListeners = true;
            hub.accept(socket, token, lastEventId);
          },
        });
  return {
    publish: (events) => feed.publish(events.map(toEntry)),
    recheck: (userIds) => feed.publish(userIds.map((userId) => ({ kind: 'check', userId }))),
    isHeard: () => redis !== undefined || hasListeners,
    size: hub.size,
    async close() {
      shut?.();
      await hub.stop();
    },
    async stop() {
      await feed.settle();
      feed.stop();
    },
  };
}
