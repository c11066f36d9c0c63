import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { send } from './support/merchant';

const MAIN = join(__dirname, '../../sandbox/main.ts');

function start(...args: string[]): ChildProcess {
  return fork(MAIN, args, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as Record<string, unknown>;
}

describe('the command line', () => {
  test('prints one line when ready and ends on SIGTERM', async () => {
    const child = start();
    const ready = await firstLine(child);
    expect(ready).toMatchObject({ ready: true, env: { WECHAT_PAY_BASE_URL: ready.payUrl } });
    expect((await send(`${String(ready.controlUrl)}/control/state`)).json).toMatchObject({
      signatureClock: 'machine',
    });
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  }, 30_000);

  test('ends when its parent is gone', async () => {
    const child = start();
    await firstLine(child);
    child.disconnect();
    expect((await once(child, 'exit'))[0]).toBe(0);
  }, 30_000);

  test('a busy port is one sentence and exit code 1', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const child = start('--pay-port', String(port));
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(errors).toBe(`Port ${port} on 127.0.0.1 is already in use; choose another one.\n`);
    busy.close();
  }, 30_000);
});
