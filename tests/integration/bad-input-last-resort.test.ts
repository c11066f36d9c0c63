import { request } from 'node:http';

import { DIST } from '../support/boot';
import { type NodeProcess, runNode } from '../support/hostile-process';

/** A server with the shop's last resort, and requests that do what no request may. */
const SERVER = `
const { createServer } = require('node:http');
const { endOnUnhandledFailure } = require(process.argv[1] + '/src/platform/last-resort');
const open = [];
const server = createServer((request, response) => {
  if (request.url === '/slow') { open.push(response); process.send('waiting'); }
  else if (request.url === '/reject') { response.end('ok'); void Promise.reject(new Error('nobody listened')); }
  else if (request.url === '/throw') { response.end('ok'); setImmediate(() => { throw new Error('thrown aside'); }); }
  else if (request.url === '/twice') { response.end('ok'); void Promise.reject('one'); void Promise.reject('two'); }
});
const destroy = () => {
  console.log('destroyed with ' + open.length + ' open');
  server.closeAllConnections();
  return process.argv[2] === 'hangs' ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve();
};
endOnUnhandledFailure({ log: { error: (text, meta) => console.log('logged ' + text + ': ' + meta.error) }, server: { httpServer: server }, destroy }, 1000);
process.on('message', () => { while (open.length > 0) open.pop().end('finished'); });
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

const running: NodeProcess[] = [];
afterAll(() => Promise.all(running.map((child) => child.stop())));

async function start(kind: 'ends' | 'hangs' = 'ends') {
  const child = runNode(SERVER, [DIST, kind]);
  running.push(child);
  const port = (await child.message()) as number;
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const outgoing = request({ port, path, host: '127.0.0.1' }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        answer.on('end', () => resolve(text));
        answer.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  return { child, get };
}

describe('a failure nobody handled', () => {
  it.each([
    ['/reject', /logged unhandled rejection: Error: nobody listened/],
    ['/throw', /logged uncaught exception: Error: thrown aside/],
    ['/twice', /logged unhandled rejection: one[\s\S]*logged unhandled rejection: two/],
  ])('is logged and ends the process with 1, after %s', async (path, logged) => {
    const { child, get } = await start();
    expect(await get(path)).toBe('ok');
    expect(await child.ended).toBe(1);
    expect(child.output()).toMatch(logged);
  });

  it('lets the requests in hand be answered, and takes no new ones', async () => {
    const { child, get } = await start();
    const slow = get('/slow');
    await child.message();
    await get('/reject');
    await expect(get('/slow')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    child.send('go on');
    expect(await slow).toBe('finished');
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain('destroyed with 0 open');
  });

  it('ends the process also when a request never ends', async () => {
    const { child, get } = await start();
    get('/slow').catch(() => undefined);
    await child.message();
    await get('/reject');
    expect(await child.ended).toBe(1);
  });

  it('ends the process also when closing hangs', async () => {
    const { child, get } = await start('hangs');
    await get('/reject');
    expect(await child.ended).toBe(1);
  });
});
