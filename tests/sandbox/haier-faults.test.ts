import { connect } from 'node:net';
import { startSandbox, type Sandbox } from '../../sandbox';
import { CallRate } from '../../sandbox/supplier/call-rate';
import { HaierClient, YlhClient } from './support/suppliers';

const isRefused = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });

describe('Haier and YLH on a bad day', () => {
  let sandbox: Sandbox;
  let haier: HaierClient;
  let ylh: YlhClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    haier = await new HaierClient(sandbox).signIn();
    ylh = await new YlhClient(sandbox).signIn();
  });

  test('success: false with HTTP 200, before and after the call has taken effect', async () => {
    const fault = { host: 'ylh', kind: 'business', message: '系统繁忙', times: 1 } as const;
    sandbox.control.addFault(fault);
    const before = await ylh.create(ylh.order());
    expect(before).toEqual({
      status: 200,
      text: before.text,
      body: { success: false, code: 'SYSTEM_ERROR', message: '系统繁忙', data: null },
    });
    expect(sandbox.control.ylh.orders()).toEqual([]);
    sandbox.control.addFault({ ...fault, processFirst: true });
    await ylh.create(ylh.order());
    expect(sandbox.control.ylh.orders()).toHaveLength(1);
  });

  test('an order is taken and its answer lost, or late: pushed again it is a repeat', async () => {
    const [lost, late] = [ylh.order(), ylh.order()];
    sandbox.control.addFault({ host: 'ylh', kind: 'lose-answer', times: 1 });
    await expect(ylh.create(lost)).rejects.toThrow();
    sandbox.control.addFault({ host: 'ylh', kind: 'delay', ms: 60_000, processFirst: true, times: 1 });
    const abandoned = ylh.create(late).catch(() => 'cut');
    while (sandbox.control.ylh.orders().length < 2) await new Promise((next) => setImmediate(next));
    expect((await ylh.create(lost)).body).toMatchObject({ success: false });
    expect((await ylh.create(late)).body).toMatchObject({ success: false });
    await sandbox.control.ylh.down();
    expect(await abandoned).toBe('cut');
  });

  test('500, 503, rubbish and a reset, each as often as told', async () => {
    sandbox.control.addFault({ host: 'haier', kind: 'status', status: 500, times: 1 });
    sandbox.control.addFault({ host: 'haier', kind: 'status', status: 503, times: 1 });
    sandbox.control.addFault({ host: 'haier', kind: 'rubbish', times: 1 });
    sandbox.control.addFault({ host: 'haier', kind: 'refuse-connection', times: 1 });
    const answers = [await haier.products(), await haier.products(), await haier.products()];
    expect(answers.map(({ status }) => status)).toEqual([500, 503, 200]);
    expect(answers[2]?.text).toContain('<html>');
    await expect(haier.products()).rejects.toThrow();
    expect((await haier.products()).status).toBe(200);
  });

  test('a fault meets one path alone', async () => {
    sandbox.control.addFault({
      host: 'ylh',
      path: '/ylh-cloud-service-stock-dev',
      kind: 'status',
      status: 500,
    });
    expect((await ylh.tracking(['SO.1'])).status).toBe(500);
    expect((await ylh.create(ylh.order())).status).toBe(200);
  });

  test('a huge answer is the right one with white space behind it', async () => {
    sandbox.control.addFault({ host: 'haier', kind: 'huge', bytes: 5_000_000, times: 1 });
    const answer = await haier.balance();
    expect(answer.body).toMatchObject({ success: true });
    expect(answer.text.length).toBeGreaterThan(5_000_000);
    const [seen] = sandbox.control.requests().slice(-1);
    expect(seen?.reply.length).toBeLessThan(5_000);
  });

  test.each(['haier', 'ylh'] as const)(
    '%s off the network refuses connections, and comes back',
    async (host) => {
      const url = sandbox[`${host}Url`];
      await sandbox.control[host].down();
      expect(await isRefused(url)).toBe(true);
      await sandbox.control[host].up();
      await sandbox.control[host].up();
      expect(await isRefused(url)).toBe(false);
      await sandbox.control[host].down();
      await sandbox.control.reset();
      expect(await isRefused(url)).toBe(false);
    },
  );

  test('more calls in a second than allowed are 429', async () => {
    sandbox.control.haier.habits({ callsPerSecond: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => haier.balance()));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(429);
    expect(statuses).toContain(200);
    expect(new Set(statuses).size).toBe(2);
    expect(sandbox.control.haier.peakCallsPerSecond()).toBeGreaterThan(1);
  });

  test('what is over the limit does not count against what comes after', () => {
    let now = 0;
    const rate = new CallRate(() => now);
    const admitted = (count: number): number =>
      Array.from({ length: count }, () => rate.admit(100)).filter(Boolean).length;
    expect(admitted(130)).toBe(100);
    now = 500;
    expect(admitted(10)).toBe(0);
    now = 1_000;
    expect(admitted(130)).toBe(100);
    expect(rate.peak).toBe(140);
  });

  describe('at random', () => {
    const outcomes = async (count: number): Promise<(number | 'cut')[]> => {
      const seen: (number | 'cut')[] = [];
      for (let call = 0; call < count; call += 1) {
        seen.push(
          await haier.balance().then(
            ({ status }) => status,
            () => 'cut' as const,
          ),
        );
      }
      return seen;
    };

    test('about so many calls fail, the same ones for the same seed', async () => {
      sandbox.control.haier.habits({ callsPerSecond: 1_000 });
      const profile = { host: 'haier', rate: 0.3, seed: 7 } as const;
      sandbox.control.failAtRandom(profile);
      const first = await outcomes(100);
      sandbox.control.failAtRandom(profile);
      expect(await outcomes(100)).toEqual(first);
      const failed = first.filter((outcome) => outcome !== 200);
      expect(failed.length).toBeGreaterThan(15);
      expect(failed.length).toBeLessThan(45);
      expect(new Set(failed)).toEqual(new Set([500, 503, 'cut']));
      expect(sandbox.control.state().randomFaults).toEqual([profile]);
    });

    test('of chosen kinds at a chosen path, until the rate is zero', async () => {
      const path = '/yilihuo/jsh-service-finance-mall';
      sandbox.control.failAtRandom({ host: 'haier', path, rate: 1, seed: 1, kinds: ['status-429'] });
      expect(await outcomes(2)).toEqual([429, 429]);
      expect((await haier.products()).status).toBe(200);
      sandbox.control.failAtRandom({ host: 'haier', path, rate: 0, seed: 1 });
      expect(await outcomes(2)).toEqual([200, 200]);
    });

    test('what was scripted comes first, and clearing ends both', async () => {
      sandbox.control.failAtRandom({ host: 'haier', rate: 1, seed: 1, kinds: ['status-503'] });
      sandbox.control.addFault({ host: 'haier', kind: 'status', status: 418, times: 1 });
      expect(await outcomes(2)).toEqual([418, 503]);
      sandbox.control.clearFaults();
      expect(await outcomes(1)).toEqual([200]);
    });

    test('half of what fails has taken effect: pushed until taken, every order is there once', async () => {
      sandbox.control.ylh.habits({ callsPerSecond: 1_000 });
      sandbox.control.failAtRandom({
        host: 'ylh',
        path: '/ylh-cloud-service-jst-order-dev',
        rate: 0.5,
        seed: 3,
      });
      const isThere = async (order: ReturnType<YlhClient['order']>): Promise<boolean> =>
        ylh.create(order).then(
          ({ status }) => status === 200,
          () => false,
        );
      const orders = Array.from({ length: 20 }, () => ylh.order());
      for (const order of orders) while (!(await isThere(order)));
      expect(sandbox.control.ylh.orders()).toHaveLength(20);
      const repeats = sandbox.control.ylh.orders().reduce((sum, order) => sum + order.repeats, 0);
      expect(repeats).toBeGreaterThan(0);
    });
  });

  test('the log keeps no secret, no token and nobody’s address; calls are counted', async () => {
    await ylh.create(ylh.order());
    await haier.stock('DEMO-F03', '370212');
    const log = JSON.stringify(sandbox.control.requests());
    const secrets = Object.entries(sandbox.env).filter(([name]) =>
      /^(HAIER|YLH).*(SECRET|PASSWORD)$/.test(name),
    );
    expect(secrets).toHaveLength(7);
    for (const [, secret] of secrets) expect(log).not.toContain(secret);
    for (const word of [haier.token, ylh.authorization.slice(7), '13800138000', '王小明', '海尔路']) {
      expect(log).not.toContain(word);
    }
    expect(log).toContain('崂山区');
    expect(sandbox.control.callCounts()).toEqual(
      expect.arrayContaining([
        { host: 'haier', path: '/oauth2/auth', status: 200, count: 1 },
        { host: 'ylh', path: '/ylh-cloud-mgt-auth-dev/oauth/token', status: 200, count: 1 },
      ]),
    );
  });
});
