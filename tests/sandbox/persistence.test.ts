import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SandboxStartError, startSandbox } from '../../sandbox';
import { Merchant } from './support/merchant';
import { startReceiver } from './support/receiver';

describe('what outlives a sandbox', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('with a directory: identity, orders, clock, and the notification still to be repeated', async () => {
    const receiver = await startReceiver();
    receiver.status = 500;
    const first = await startSandbox({ dir });
    const merchant = new Merchant(first);
    const order = merchant.order({ notify_url: receiver.url });
    await merchant.prepay(order);
    first.control.payByNumber(order.out_trade_no);
    await first.control.idle();
    await first.control.clock.advance(10_000);
    await first.stop();

    const second = await startSandbox({ dir });
    const stable = (env: Record<string, string>) =>
      Object.entries(env).filter(([, value]) => !value.startsWith('http://'));
    expect(stable(second.env)).toEqual(stable(first.env));
    expect((await new Merchant(second).query(order.out_trade_no)).json).toMatchObject({
      trade_state: 'SUCCESS',
    });
    expect(second.control.state().clockOffsetMs).toBeGreaterThanOrEqual(9_000);
    receiver.status = 200;
    await second.control.clock.advance(15_000);
    expect(second.control.notifications.list()).toMatchObject([{ delivered: true }]);
    await second.stop();
    await receiver.close();
  });

  test('its files are for the owner only', async () => {
    await (await startSandbox({ dir })).stop();
    const modes = readdirSync(dir).map((file) => statSync(join(dir, file)).mode & 0o777);
    expect(modes).toHaveLength(5);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  test('a snapshot that cannot be read stops the start with a sentence', async () => {
    writeFileSync(join(dir, 'state.json'), '{"version":');
    await expect(startSandbox({ dir })).rejects.toThrow(SandboxStartError);
  });

  test('without a directory nothing is left', async () => {
    const sandbox = await startSandbox();
    const keyDir = dirname(sandbox.env.WECHAT_PAY_PRIVATE_KEY_PATH ?? '');
    expect(readFileSync(sandbox.env.WECHAT_PAY_PUBLIC_KEY_PATH ?? '', 'utf8')).toContain('PUBLIC KEY');
    expect(sandbox.env.WECHAT_PAY_API_V3_KEY).toHaveLength(32);
    await sandbox.stop();
    await sandbox.stop();
    expect(() => statSync(keyDir)).toThrow('ENOENT');
  });

  test('it never starts in production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    await expect(startSandbox()).rejects.toThrow('never runs with NODE_ENV=production');
    process.env.NODE_ENV = before;
  });
});
