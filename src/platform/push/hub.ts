/** Everybody who listens at this process: signing in, being told, being looked at again. */
import type { WebSocket } from 'ws';

import { clock } from '../clock';
import { createConnected } from './audience';
import { type Client, createClient, end, mayTalk, readMessage, send } from './client';
import { CLOSE } from './close-codes';
import { type Entry, messageOf, type Viewer } from './entries';
import type { PushLimits } from './limits';
import type { RecentEntries } from './recent';

export type SignInRefusal = 'UNAUTHENTICATED' | 'TOKEN_EXPIRED' | 'USER_BLOCKED';

/** How the shop knows its users. */
export interface Gate {
  /** Whose token it is, now. */
  authenticate(token: string): Promise<Viewer | SignInRefusal>;
  /** Undefined while the viewer's session, block and groups are as they were. */
  recheck(viewer: Viewer): Promise<SignInRefusal | undefined>;
}

export interface HubOptions {
  gate: Gate;
  recent: RecentEntries;
  limits: PushLimits;
  log: { warn(text: string): void };
}

export interface Hub {
  /** Takes a connection in; with a token when the upgrade had one. */
  accept(socket: WebSocket, token?: string, lastEventId?: string): void;
  /** Tells who is meant. */
  deliver(id: string, entry: Entry): void;
  size(): number;
  /** Ends every connection and resolves when they are gone. */
  stop(): Promise<void>;
}

const control = (type: string, data: unknown): string =>
  JSON.stringify({ type, data, at: clock.now().toISOString() });

export function createHub({ gate, recent, limits, log }: HubOptions): Hub {
  const all = new Set<Client>();
  const connected = createConnected();
  const tell = (client: Client, text: string): void => send(client, text, limits.maxBuffered);
  const refuse = (client: Client, refusal: SignInRefusal): void =>
    end(client, refusal === 'USER_BLOCKED' ? CLOSE.blocked : CLOSE.unauthenticated, refusal);

  /** What was missed, and where to resume from: in one turn, so that nothing comes between. */
  const welcome = (client: Client, viewer: Viewer, lastEventId: string | undefined): void => {
    const missed = lastEventId === undefined ? [] : recent.since(lastEventId, viewer);
    const heartbeatSeconds = limits.heartbeatMs / 1_000;
    tell(client, control('ready', { lastEventId: recent.lastId(), heartbeatSeconds }));
    if (missed === undefined) tell(client, control('resync', {}));
    for (const text of missed ?? []) tell(client, text);
  };

  const enter = (client: Client, viewer: Viewer, lastEventId: string | undefined): void => {
    const before = client.viewer;
    if (before !== undefined && before.userId !== viewer.userId) return refuse(client, 'UNAUTHENTICATED');
    connected.remove(client);
    client.viewer = viewer;
    const others = connected.ofUser(viewer.userId);
    for (const old of others.slice(0, Math.max(0, others.length + 1 - limits.connectionsPerUser))) {
      connected.remove(old);
      end(old, CLOSE.replaced, 'REPLACED');
    }
    connected.add(client);
    if (before === undefined) welcome(client, viewer, lastEventId);
    else tell(client, control('renewed', {}));
  };

  const signIn = async (client: Client, token: string, lastEventId: string | undefined): Promise<void> => {
    try {
      const answer = await gate.authenticate(token);
      if (client.socket.readyState !== client.socket.OPEN) return;
      if (typeof answer === 'string') refuse(client, answer);
      else enter(client, answer, lastEventId);
    } catch (error) {
      log.warn(`push: a token could not be checked: ${String(error)}`);
      end(client, CLOSE.internal, 'INTERNAL_ERROR');
    }
  };

  const look = async (client: Client): Promise<void> => {
    const { viewer } = client;
    if (viewer === undefined) return;
    if (viewer.expiresAtMs <= Date.now()) return refuse(client, 'TOKEN_EXPIRED');
    const refusal = await gate.recheck(viewer);
    // It may have shown another token meanwhile.
    if (refusal !== undefined && client.viewer === viewer) refuse(client, refusal);
  };

  const lookAt = async (clients: Iterable<Client>): Promise<void> => {
    const results = await Promise.allSettled([...clients].map(look));
    const failed = results.find((result) => result.status === 'rejected');
    // They stay: the next heart-beat asks again.
    if (failed !== undefined) log.warn(`push: sessions could not be checked: ${String(failed.reason)}`);
  };

  const beat = (): void => {
    for (const client of all) {
      if (!client.isAlive) client.socket.terminate();
      else {
        client.isAlive = false;
        client.socket.ping();
      }
    }
    void lookAt(all);
  };
  const heartbeat = setInterval(beat, limits.heartbeatMs);
  heartbeat.unref();

  const hear = (client: Client, message: ReturnType<typeof readMessage>): void => {
    if (message === undefined) end(client, CLOSE.notUnderstood, 'NOT_UNDERSTOOD');
    else if ('token' in message) void signIn(client, message.token, message.lastEventId);
    else if (client.viewer === undefined) end(client, CLOSE.unauthenticated, 'UNAUTHENTICATED');
    else tell(client, control('pong', {}));
  };

  return {
    accept(socket, token, lastEventId) {
      const client = createClient(socket);
      all.add(client);
      socket.on('error', () => undefined); // `close` follows and says all there is to do.
      socket.on('pong', () => void (client.isAlive = true));
      socket.on('ping', () => void mayTalk(client, limits));
      socket.on('message', (data, isBinary) => {
        if (mayTalk(client, limits)) hear(client, readMessage(data, isBinary));
      });
      socket.on('close', () => {
        all.delete(client);
        connected.remove(client);
      });
      if (token !== undefined) return void signIn(client, token, lastEventId);
      const deadline = setTimeout(() => {
        if (client.viewer === undefined) end(client, CLOSE.unauthenticated, 'TOKEN_TOO_LATE');
      }, limits.tokenWithinMs);
      deadline.unref();
    },
    deliver(id, entry) {
      if (entry.kind === 'check') return void lookAt(connected.ofUser(entry.userId));
      if (entry.kind === 'gap') {
        const text = control('resync', {});
        for (const client of all) if (client.viewer !== undefined) tell(client, text);
        return;
      }
      let text: string | undefined;
      for (const client of connected.of(entry)) tell(client, (text ??= messageOf(id, entry)));
    },
    size: () => all.size,
    async stop() {
      clearInterval(heartbeat);
      const gone = [...all].map(
        (client) => new Promise<void>((resolve) => client.socket.once('close', () => resolve())),
      );
      for (const client of all) end(client, CLOSE.restart, 'RESTART');
      await Promise.all(gone);
    },
  };
}
