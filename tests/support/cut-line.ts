/** The line between the shop and PostgreSQL, which breaks when a test wants it to. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `before`: the COMMIT never arrives. `after`: it is done, and nobody hears of it. */
export type Cut = 'before' | 'after';

export interface CutLine {
  port: number;
  /** A COMMIT breaks its line: the next one, or after `passing` others. */
  cutCommit(how: Cut, passing?: number): void;
  stop(): Promise<void>;
}

/** COMMIT as pg sends it: a simple query of that text. */
const COMMIT = Buffer.from('COMMIT;\0');

export async function startCutLine(target: { host: string; port: number }): Promise<CutLine> {
  const sockets = new Set<Socket>();
  let cut: { how: Cut; passing: number } | undefined;
  const nextCut = (): Cut | undefined => {
    if (cut === undefined) return undefined;
    if (cut.passing > 0) {
      cut.passing -= 1;
      return undefined;
    }
    const { how } = cut;
    cut = undefined;
    return how;
  };
  const server = createServer((client) => {
    const database = connect(target);
    let isDeaf = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (piece) => {
      const how = piece.includes(COMMIT) ? nextCut() : undefined;
      if (how === 'before') return void database.destroy();
      isDeaf = how === 'after';
      database.write(piece);
    });
    // The answer to the COMMIT is not passed on.
    database.on('data', (piece) => void (isDeaf ? database.destroy() : client.write(piece)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutCommit: (how, passing = 0) => void (cut = { how, passing }),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
