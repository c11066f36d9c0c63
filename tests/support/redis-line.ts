import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface RedisLine {
  url: string;
  setDead(value: boolean): void;
  stop(): void;
}

/** The way to Redis, which can be blocked: what is sent is lost, as on a line that has gone dead. */
export async function startRedisLine(target: URL): Promise<RedisLine> {
  const sockets = new Set<Socket>();
  let isDead = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
      socket.on('data', (piece) => void (isDead || other.write(piece)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    setDead: (value: boolean) => {
      isDead = value;
      if (!value) for (const socket of sockets) socket.destroy();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
