/** The shop whose dependencies are stopped: one web process and a worker on servers of their own, every partner played by the sandbox. */
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LoopbackHost } from '../../../sandbox/listener';
import { haierProduct } from '../race-haier';
import { type RaceBuyer, RaceShop } from '../race-shop';
import { pause } from '../seeds';
import { startStoppable, type Stoppable } from '../stoppable';

const BUYERS = 12;
/** More than all runs sell; a piece that is missing in the end was lost. */
const PIECES = 100_000;
const REPLICA_WITHIN_MS = 20_000;

export class OutageWorld {
  shop!: RaceShop; // set by `start`, like what follows
  servers!: Stoppable;
  collector!: LoopbackHost;
  /** Requests with spans that the collector has taken. */
  spans = 0;
  buyers!: RaceBuyer[];
  product!: string;
  haierProduct!: string;
  /** Logs and what is being uploaded lie here. */
  private folder = '';
  /** With all others of the run, where those are kept. */
  private logs = '';

  async start(): Promise<void> {
    this.servers = await startStoppable('shop_outages');
    this.collector = new LoopbackHost(
      createServer((request, response) => {
        this.spans += 1;
        request.resume().on('end', () => response.writeHead(200).end('{}'));
      }),
    );
    this.folder = mkdtempSync(join(tmpdir(), 'shop-outages-'));
    this.logs = process.env.TEST_LOGS ?? this.folder;
    const { postgres, standby, redis } = this.servers.urls;
    this.shop = new RaceShop({
      databaseUrl: postgres,
      webs: 1,
      variables: {
        REDIS_URL: redis,
        DATABASE_REPLICA_URLS: standby,
        OTEL_EXPORTER_OTLP_ENDPOINT: await this.collector.start(0),
        OTEL_BSP_SCHEDULE_DELAY: '200',
        LOG_DIR: this.logs,
        LOG_LEVEL: 'info',
        TMPDIR: this.folder,
        // On, so that counting them needs Redis, and never reached.
        RATE_LIMIT_ANONYMOUS: '1000000',
        RATE_LIMIT_USER: '1000000',
        RATE_LIMIT_LOGIN: '1000000',
        RATE_LIMIT_PAYMENT: '1000000',
      },
    });
    await this.shop.start();
    this.buyers = await this.shop.shoppers(BUYERS);
    this.product = await this.shop.product(PIECES);
    this.haierProduct = await haierProduct(this.shop, PIECES);
    await this.untilReady();
  }

  async stop(): Promise<void> {
    await this.shop?.stop();
    await this.collector?.down();
    await this.servers?.stop();
    if (this.folder !== '') rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the shop logged of these requests that failed. */
  whyOf(requestIds: string[]): string[] {
    if (requestIds.length === 0) return [];
    const lines = readFileSync(join(this.logs, 'error.log'), 'utf8').split(/\n(?=\S)/);
    return requestIds.slice(0, 3).flatMap((id) => lines.filter((line) => line.includes(id)));
  }

  /** Resolves when `/readyz` is content with everything, the replica included. */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + REPLICA_WITHIN_MS;
    for (;;) {
      const answer = await this.shop.send('GET', '/readyz');
      const { checks } = answer.body as { checks?: Record<string, { ok: boolean; message?: string }> };
      const isWell = ['database', 'cache', 'replicas'].every((name) => {
        const check = checks?.[name];
        return check?.ok === true && check.message === undefined;
      });
      if (answer.status === 200 && isWell) return;
      if (Date.now() > deadline) throw new Error(`not ready: ${JSON.stringify(answer.body)}`);
      await pause(100);
    }
  }
}
