/** The one address WeChat knows: hands each call to the next web process that answers, as a load balancer does. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RaceProxy {
  url: string;
  stop(): Promise<void>;
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const readAll = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

function forward(target: string, { method, path, headers, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, target), { method, headers, agent: false }, (answer) => {
      readAll(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
        reject,
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** `targets` are asked anew for every call, since processes come and go. */
export async function startProxy(targets: () => string[]): Promise<RaceProxy> {
  let turn = 0;
  const answerCall = async (call: Call): Promise<Answer> => {
    const from = targets();
    turn += 1;
    for (let index = 0; index < from.length; index += 1) {
      const target = from[(turn + index) % from.length] ?? '';
      try {
        return await forward(target, call);
      } catch {
        // That process is gone; a balancer tries the next, and WeChat comes again anyhow.
      }
    }
    return { status: 502, headers: {}, body: Buffer.alloc(0) };
  };
  const server: Server = createServer((incoming, outgoing) => {
    void readAll(incoming)
      .then((body) =>
        answerCall({
          method: incoming.method ?? 'GET',
          path: incoming.url ?? '/',
          headers: incoming.headers,
          body,
        }),
      )
      .then(({ status, headers, body }) => {
        outgoing.writeHead(status, headers);
        outgoing.end(body);
      })
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
