import fs from 'node:fs';
import net from 'node:net';
import { findRedisServer } from './find-binaries.mjs';
import { HOST, freePort, makeFolder, makePassword, startServer, waitUntilReady } from './throw-away.mjs';

/**
 * Starts a private Redis from this machine's binary, on loopback and a free port, keeping nothing on disk. Resolves
 * `{ url, stop, killNow, halt, resume }`, or undefined when the machine has no Redis. `halt(signal)` ends it, `resume()` starts it again at
 * the same address, with nothing in it.
 */
export async function startRedis({ binary = findRedisServer(), watch } = {}) {
  if (!binary) return undefined;
  const folder = makeFolder('redis', { watch });
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  try {
    const first = await startOnFreePort(binary, folder, watch);
    const { port, password } = first;
    let { server } = first;
    return {
      url: `redis://:${password}@${HOST}:${port}`,
      folder,
      get pid() {
        return server.child.pid;
      },
      halt: (signal) => server.stop(signal),
      resume: async () => {
        server = startAt(binary, folder, { port, password, watch });
        if (!(await waitUntilReady(server, () => answersPing(port, password))))
          throw new Error(`redis-server: ${server.output}`);
      },
      stop: async () => {
        await server.stop('SIGTERM');
        remove();
      },
      killNow: () => {
        server.killNow();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function startAt(binary, folder, { port, password, watch }) {
  // Settings by standard input: an argument, and with it the password, is there for every user of the machine to read.
  const lines = [
    `bind ${HOST}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${folder}`,
    'save ""',
    'appendonly no',
  ];
  return startServer(binary, ['-'], { watch, cwd: folder, env: process.env, input: `${lines.join('\n')}\n` });
}

async function startOnFreePort(binary, folder, watch) {
  const password = makePassword();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = startAt(binary, folder, { port, password, watch });
    if (await waitUntilReady(server, () => answersPing(port, password))) return { server, port, password };
    await server.stop('SIGKILL');
    if (attempt === 5 || !/in use/.test(server.output)) {
      throw new Error(`redis-server: ${server.output.trim().split('\n').at(-1)}`);
    }
  }
}

function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = net.connect(port, HOST, () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let answer = '';
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('+PONG')) finish(true);
    });
    socket.on('close', () => finish(false));
  });
}
