/** The transport alone, on an HTTP server of its own: who gets in, who hears what, who is put out. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import { createClientAddress } from '../../src/platform/http/client-address';
import {
  openPush,
  type Push,
  type PushOptions,
  type SignInRefusal,
  type Viewer,
} from '../../src/platform/push';
import { join, knock, lastEventId, type Listener, postOfferingHttp2 } from '../support/push-client';

const ORIGIN = 'https://shop.example.com';
const log = { info: () => undefined, warn: () => undefined };

let server: Server;
let push: Push;
let url: string;
const listeners: Listener[] = [];
/** What the gate says from now on; by token, and of a session again. */
let refused: SignInRefusal | undefined;

/** Tokens of these tests: `<user id>` or `<user id>.<group>`. */
const viewerOf = (token: string): Viewer => {
  const [user = '', ...groups] = token.split('-');
  return { userId: Number(user), sessionId: 's', groups, expiresAtMs: Date.now() + 60_000 };
};

async function open(limits: PushOptions['limits'] = {}, viewer = viewerOf): Promise<void> {
  server = createServer((req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => pieces.push(piece));
    req.on('end', () => res.end(`${req.method} ${req.url} ${Buffer.concat(pieces).toString()}`));
  });
  push = await openPush({
    server,
    redis: undefined,
    gate: {
      authenticate: (token) => Promise.resolve(refused ?? viewer(token)),
      recheck: () => Promise.resolve(refused),
    },
    origins: [ORIGIN],
    clientAddress: createClientAddress([]),
    limits,
    log,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const come = async (token: string, more: { lastEventId?: string } = {}): Promise<Listener> => {
  const listener = await join(url, { token, ...more });
  listeners.push(listener);
  return listener;
};
const tell = (data: unknown, users: number[], groups: string[] = []): void =>
  push.publish([{ type: 'told', data, at: '2026-01-01T00:00:00.000Z', audience: { users, groups } }]);
const told = ({ messages }: Listener) =>
  messages.filter(({ type }) => type === 'told').map(({ data }) => data);

afterEach(async () => {
  refused = undefined;
  for (const listener of listeners.splice(0)) listener.stop();
  await push.close();
  await push.stop();
  server.closeAllConnections();
  server.close();
});

describe('who gets in', () => {
  it('takes the token as sub-protocol, which it confirms, or as first message', async () => {
    await open();
    expect((await come('1')).socket.protocol).toBe('bearer.1');
    const other = await knock(url);
    other.say({ token: '2' });
    await other.hear('ready');
    tell('hello', [1, 2]);
    expect(await other.hear('told')).toEqual({
      id: expect.any(String),
      type: 'told',
      data: 'hello',
      at: '2026-01-01T00:00:00.000Z',
    });
    other.stop();
  });

  it.each([
    ['UNAUTHENTICATED', 4401],
    ['TOKEN_EXPIRED', 4401],
    ['USER_BLOCKED', 4403],
  ] as const)('answers %s with %i', async (refusal, code) => {
    await open();
    refused = refusal;
    const listener = await knock(url, { token: '1' });
    expect(await listener.closed).toEqual({ code, reason: refusal });
  });

  it('waits for the token for a moment only, and does not talk before it', async () => {
    await open({ tokenWithinMs: 100 });
    expect(await (await knock(url)).closed).toEqual({ code: 4401, reason: 'TOKEN_TOO_LATE' });
    const early = await knock(url);
    early.say({ type: 'ping' });
    expect(await early.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  it('lets in the pages of known origins and whatever is no page', async () => {
    await open();
    await expect(knock(url, { options: { origin: 'https://evil.example.com' } })).rejects.toThrow('403');
    const page = await join(url, { token: '1', options: { origin: ORIGIN } });
    page.stop();
  });

  it('has a limit of connections, and of those that wait with their token', async () => {
    await open({ connections: 2, waitingPerAddress: 1 });
    const waiting = await knock(url);
    await expect(knock(url)).rejects.toThrow('429');
    waiting.say({ token: '1' });
    await waiting.hear('ready');
    await come('2');
    await expect(knock(url, { token: '3' })).rejects.toThrow('503');
    waiting.stop();
  });

  it('lets the oldest connection of a user make way', async () => {
    await open({ connectionsPerUser: 2 });
    const [first, , third] = [await come('1'), await come('1'), await come('1')];
    await come('2');
    expect(await first.closed).toEqual({ code: 4409, reason: 'REPLACED' });
    tell('x', [1]);
    await third.hear('told');
    expect(told(first)).toEqual([]);
  });

  it('leaves the upgrades of other paths to the shop, with their bodies', async () => {
    await open();
    const answer = await postOfferingHttp2(`${url}/callback`, 'the body');
    expect(answer).toBe('POST /callback the body');
  });

  it('leaves them to whoever else listens for upgrades', async () => {
    await open();
    server.on('upgrade', (req, socket) => {
      if (req.url === '/hmr') socket.end('HTTP/1.1 418 Other\r\n\r\n');
    });
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
        socket.write('GET /hmr HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      );
      socket.once('data', (piece) => resolve(piece.toString()));
    });
    expect(text).toContain('418');
    await come('1');
  });
});

describe('who hears what', () => {
  it('tells a user what is theirs, a group what is its own, each once', async () => {
    await open();
    const [one, two, staff] = [await come('1'), await come('2'), await come('3-staff')];
    tell('for one', [1], ['staff']);
    tell('for two', [2]);
    tell('for three', [3], ['staff']);
    tell('last', [1, 2, 3]);
    for (const listener of [one, two, staff]) await listener.hear(({ data }) => (data as unknown) === 'last');
    expect(told(one)).toEqual(['for one', 'last']);
    expect(told(two)).toEqual(['for two', 'last']);
    expect(told(staff)).toEqual(['for one', 'for three', 'last']);
  });

  it('tells what was missed since an id, and no more', async () => {
    await open();
    const first = await come('1');
    tell('seen', [1]);
    await first.hear('told');
    first.stop();
    tell('missed', [1]);
    tell('not mine', [2]);
    tell('missed too', [1]);
    const again = await come('1', { lastEventId: lastEventId(first) });
    await again.hear(({ data }) => (data as unknown) === 'missed too');
    tell('new', [1]);
    await again.hear(({ data }) => (data as unknown) === 'new');
    expect(told(again)).toEqual(['missed', 'missed too', 'new']);
  });

  it('resumes from `ready` too, and asks to read anew when the id is not known', async () => {
    await open();
    const first = await come('1');
    first.stop();
    tell('missed', [1]);
    await (await come('1', { lastEventId: lastEventId(first) })).hear('told');
    const stranger = await come('1', { lastEventId: '1700000000000-0' });
    await stranger.hear('resync');
    expect(told(stranger)).toEqual([]);
  });

  it('forgets: an id from before the last thousands is not known', async () => {
    await open();
    const first = await come('1');
    tell('seen', [1]);
    await first.hear('told');
    for (let count = 0; count < 7_000; count += 1) tell(count, [2]);
    await (await come('1', { lastEventId: lastEventId(first) })).hear('resync');
  });
});

describe('who is put out', () => {
  it.each([
    ['not JSON', 'hello', 4400],
    ['an unknown message', { type: 'subscribe' }, 4400],
    ['a message that is too large', { token: 'x'.repeat(5_000) }, 1009],
  ])('%s', async (_name, message, code) => {
    await open();
    const listener = await come('1');
    listener.say(message);
    expect((await listener.closed).code).toBe(code);
  });

  it('who talks too much, in messages or pings', async () => {
    await open({ messages: 3 });
    const [talker, pinger] = [await come('1'), await come('2')];
    for (let count = 0; count < 4; count += 1) {
      talker.say({ type: 'ping' });
      pinger.socket.ping();
    }
    expect(await talker.closed).toEqual({ code: 4429, reason: 'RATE_LIMITED' });
    expect((await pinger.closed).code).toBe(4429);
    expect(talker.messages.filter(({ type }) => type === 'pong')).toHaveLength(3);
  });

  it('who does not read; the others hear everything', async () => {
    await open();
    const [slow, dead, quick] = [await come('1'), await come('1'), await come('2')];
    slow.socket.pause();
    dead.socket.pause();
    const large = 'x'.repeat(50_000);
    for (let count = 0; count < 400; count += 1) {
      tell(large, [1, 2]);
      await quick.hear('told');
    }
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: 1013, reason: 'READ_TOO_SLOWLY' });
    expect(told(slow).length).toBeLessThan(400);
    expect(told(quick)).toHaveLength(400);
    // One that does not even read the close is cut.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(push.size()).toBe(1);
  });

  it('whose session has ended: at the heart-beat, and at once when it is said', async () => {
    await open({ heartbeatMs: 200 });
    const first = await come('1');
    refused = 'UNAUTHENTICATED';
    expect(await first.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    await push.close();
    await push.stop();
    server.close();
    refused = undefined;
    await open();
    const second = await come('1');
    const other = await come('2');
    refused = 'USER_BLOCKED';
    push.recheck([1]);
    expect(await second.closed).toEqual({ code: 4403, reason: 'USER_BLOCKED' });
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  });

  it('whose token has ended, unless they show the next one in time', async () => {
    await open({ heartbeatMs: 300 }, (token) => ({
      ...viewerOf(token),
      expiresAtMs: Date.now() + (token === '9' ? 60_000 : 100),
    }));
    const [lazy, other] = [await come('1'), await come('9')];
    expect(await lazy.closed).toEqual({ code: 4401, reason: 'TOKEN_EXPIRED' });
    other.say({ token: '9' });
    await other.hear('renewed');
    other.say({ token: '1' });
    expect((await other.closed).code).toBe(4401);
  });

  it('who does not answer the heart-beat', async () => {
    await open({ heartbeatMs: 100 });
    const listener = await knock(url, { token: '1', options: { autoPong: false } });
    expect((await listener.closed).code).toBe(1006);
  });

  it('everybody when the process stops, who may come again elsewhere', async () => {
    await open();
    const listener = await come('1');
    const closed = push.close();
    expect(await listener.closed).toEqual({ code: 1012, reason: 'RESTART' });
    await closed;
    await expect(knock(url, { token: '1' })).rejects.toThrow('503');
  });
});
