/**
 * The shop that is raced against: two web processes and a worker on one PostgreSQL database and one Redis, WeChat
 * played by the sandbox, and everything a race needs to act, to wait and to look.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Agent } from 'node:http';

import knex, { type Knex } from 'knex';

import { type Sandbox, startSandbox } from '../../sandbox';
import { compiled } from './app';
import { setEnvironment } from './boot';
import { createDatabase, databaseUrl, dropDatabase } from './postgres';
import { ADDRESS_INPUT } from './factories/accounts';
import { exchange, parseAnswer } from './race-exchange';
import { type RaceProxy, startProxy } from './race-proxy';
import { type Role, type RoleProcess, startRole } from './shop-process';
import { noteSecrets, noteSettings } from './logged';
import { pause } from './seeds';
import { readTestRun } from './test-run';

export interface RaceAnswer {
  status: number;
  body: {
    data?: Record<string, unknown> & { documentId?: string };
    error?: { details?: { code?: string } };
    [name: string]: unknown;
  };
}

export interface RaceBuyer {
  token: string;
  openid: string;
  address: string;
}

export interface CallOptions {
  token?: string;
  body?: unknown;
  key?: string;
  /** Which web process; by turns when left out. */
  web?: number;
}

export interface RaceShopOptions {
  /** An empty database elsewhere; else a copy of the run's template on the test server. */
  databaseUrl?: string;
  webs?: number;
  /** Settings beside those of the race. */
  variables?: Record<string, string>;
}

const STAFF = { username: 'race-staff', password: 'correct horse battery' };
const ADMIN = { email: 'race.admin@shop.test', password: 'Correct-horse-battery-1' };
const CALM_WITHIN_MS = 120_000;
const SIGNED_IN_MS = 15 * 60_000;

export class RaceShop {
  webs: RoleProcess[] = [];
  worker!: RoleProcess; // set by `start`, like what follows
  sandbox!: Sandbox;
  db!: Knex;
  staff!: string;
  admin!: string;
  buyers: RaceBuyer[] = [];
  requests = 0;
  /** Answers no race may cause, whatever happens: 5xx, and what is no answer at all. */
  readonly broken: string[] = [];
  private signedInAt = 0;
  private proxy!: RaceProxy;
  private database = '';
  private agent!: Agent;
  private variables: Record<string, string> = {};

  constructor(private readonly options: RaceShopOptions = {}) {}

  async start(): Promise<void> {
    this.database = `shop_race_${randomBytes(6).toString('hex')}`;
    this.agent = new Agent({ keepAlive: true, maxSockets: 512 });
    if (this.options.databaseUrl === undefined) await createDatabase(this.database, readTestRun().template);
    const database = this.options.databaseUrl ?? databaseUrl(this.database);
    this.sandbox = await startSandbox({ signatureClock: 'machine' });
    // Refunds arrive at once, and several of one order need not wait for each other.
    this.sandbox.control.refunds.spacing(0);
    this.sandbox.control.refunds.script({ outcome: 'SUCCESS', times: 1_000_000, delayMs: 30 });
    this.proxy = await startProxy(() => this.webs.filter((web) => web.isAlive()).map((web) => web.url));
    setEnvironment({});
    this.variables = {
      ...this.sandbox.env,
      DATABASE_CLIENT: 'postgres',
      DATABASE_URL: database,
      DATABASE_POOL_MIN: '0',
      REDIS_URL: process.env.TEST_REDIS_URL ?? '',
      PUBLIC_URL: this.proxy.url,
      FIRST_STAFF_USERNAME: STAFF.username,
      FIRST_STAFF_PASSWORD: STAFF.password,
      FIRST_ADMIN_EMAIL: ADMIN.email,
      FIRST_ADMIN_PASSWORD: ADMIN.password,
      ...this.options.variables,
    };
    noteSettings(this.variables);
    this.db = knex({ client: 'pg', connection: database, pool: { min: 0, max: 4 } });
    // The first start creates the first accounts; the others find them.
    const first = await this.startProcess('web');
    const others = Array.from({ length: (this.options.webs ?? 2) - 1 }, () => this.startProcess('web'));
    const [worker, ...more] = await Promise.all([this.startProcess('worker'), ...others]);
    this.webs = [first, ...more];
    this.worker = worker;
    await this.signInStaff();
  }

  /** Tokens live for half an hour, a long run for hours: who has been here long signs in anew. */
  async keepSignedIn(): Promise<void> {
    if (Date.now() - this.signedInAt < SIGNED_IN_MS) return;
    this.buyers = [];
    await this.signInStaff();
  }

  private async signInStaff(): Promise<void> {
    this.signedInAt = Date.now();
    const { body } = await this.call('POST', '/users/login', {
      body: { identifier: STAFF.username, password: STAFF.password },
    });
    this.staff = String(body.access);
    const signedIn = await this.send('POST', '/admin/login', { body: { ...ADMIN, deviceId: randomUUID() } });
    this.admin = String(signedIn.body.data?.token);
  }

  /** The same shop with nothing in it: what races leave makes every look at the whole database, and so a long run, slower. */
  async renew(): Promise<void> {
    await this.stop();
    this.buyers = [];
    await this.start();
  }

  startProcess(role: Role): Promise<RoleProcess> {
    return startRole(role, this.variables);
  }

  async stop(): Promise<void> {
    const processes = [...this.webs, ...(this.worker === undefined ? [] : [this.worker])];
    await Promise.all(processes.map((each) => each.kill()));
    this.agent?.destroy();
    await this.proxy?.stop();
    await this.sandbox?.stop();
    await this.db?.destroy();
    if (this.options.databaseUrl === undefined) await dropDatabase(this.database);
  }

  /** A REST call. Rejects when the process dies under it. */
  call(method: string, path: string, options: CallOptions = {}): Promise<RaceAnswer> {
    return this.send(method, `/api/v1${path}`, options);
  }

  /** A call of any path of the shop, the panel's included. */
  async send(method: string, path: string, { token, body, key, web }: CallOptions = {}): Promise<RaceAnswer> {
    this.requests += 1;
    const { url } = this.webs[(web ?? this.requests) % this.webs.length] as RoleProcess;
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const answer = await exchange(`${url}${path}`, { method, headers, agent: this.agent }, body);
    if (answer.status >= 500) this.broken.push(`${method} ${path}: ${answer.status} ${answer.text}`);
    return { status: answer.status, body: parseAnswer(answer.text) };
  }

  /** As many shoppers with an address as a race needs; they stay for the next one. */
  async shoppers(count: number): Promise<RaceBuyer[]> {
    while (this.buyers.length < count) {
      const missing = Math.min(count - this.buyers.length, 25);
      this.buyers.push(...(await Promise.all(Array.from({ length: missing }, () => this.signIn()))));
    }
    return this.buyers.slice(0, count);
  }

  private async signIn(): Promise<RaceBuyer> {
    const { code, openid } = this.sandbox.control.mintLoginCode();
    const token = String((await this.call('POST', '/users/login', { body: { code } })).body.access);
    noteSecrets('a token or openid of a shopper', token, openid);
    noteSecrets('a name or an address', ADDRESS_INPUT.contactName, ADDRESS_INPUT.detail);
    const { body } = await this.call('POST', '/addresses', { token, body: { data: ADDRESS_INPUT } });
    return { token, openid, address: String(body.data?.documentId) };
  }

  /** A product on sale; `facts` are columns that differ. Returns its documentId. */
  async putOnSale(facts: Record<string, unknown> = {}): Promise<string> {
    const id = `race${randomBytes(10).toString('hex')}`;
    await this.db('products').insert({
      document_id: id,
      name: '赛跑商品',
      price: 19.99,
      source: 'local',
      product_code: id,
      is_active: true,
      is_sales: true,
      view_count: 0,
      sales_count: 0,
      locale: 'zh-Hans',
      created_at: new Date(),
      updated_at: new Date(),
      published_at: new Date(),
      ...facts,
    });
    return id;
  }

  /** A product on sale with pieces counted in by staff; returns its documentId. */
  async product(onHand: number, price = 19.99): Promise<string> {
    const id = await this.putOnSale({ price });
    const counted = await this.call('POST', `/inventory/${id}/adjust`, {
      token: this.staff,
      body: { onHand, reason: '入库' },
    });
    if (counted.status !== 200) throw new Error(`the stock answered ${JSON.stringify(counted)}`);
    return id;
  }

  order(
    buyer: RaceBuyer,
    product: string,
    { quantity = 1, key, web }: { quantity?: number } & CallOptions = {},
  ): Promise<RaceAnswer> {
    const body = { data: { product, quantity, address: buyer.address } };
    return this.call('POST', '/orders', { token: buyer.token, body, key, web });
  }

  async figures(product: string): Promise<{ onHand: number; locked: number }> {
    const row = (await this.db('inventory_items').where({ product_document_id: product }).first()) as {
      on_hand: number;
      locked: number;
    };
    return { onHand: row.on_hand, locked: row.locked };
  }

  /** Lets an order's deadline be now. Time cannot be moved for processes in service, so its row is. */
  async makeDue(documentId: string): Promise<void> {
    const now = new Date();
    const order = this.db('orders').where({ document_id: documentId });
    const { id } = (await order.clone().first('id')) as { id: number };
    await order.clone().where({ status: 'pending' }).update({ expires_at: now });
    await this.db('outbox_messages')
      .where({ topic: 'order.expire', status: 'pending' })
      .whereRaw("cast(payload ->> 'orderId' as integer) = ?", [id])
      .update({ available_at: now });
  }

  /** Resolves when nothing is under way: no message due, no notification on its way, no refund still to arrive. */
  async calm(): Promise<void> {
    const deadline = Date.now() + CALM_WITHIN_MS;
    for (let quiet = 0; quiet < 2;) {
      await this.sandbox.control.idle();
      const busy = await this.countBusy();
      quiet = busy === 0 ? quiet + 1 : 0;
      if (Date.now() > deadline) throw new Error(`${busy} messages or refunds are still under way`);
      if (quiet < 2) await pause(quiet === 0 ? 100 : 30);
    }
  }

  private async countBusy(): Promise<number> {
    const { rows } = (await this.db.raw(
      `select (select count(*) from outbox_messages
          where status = 'running' or (status = 'pending' and available_at <= ?))
        + (select count(*) from refunds where status in ('approved', 'processing')) as busy`,
      [new Date()],
    )) as { rows: [{ busy: string }] };
    return Number(rows[0].busy);
  }

  /** Everything that must always hold does, and no process has said anything it should not. Throws with what was found. */
  async expectSound(): Promise<void> {
    // What keeps it from calming down is often what the audit finds.
    const unrest = await this.calm().then(
      () => [],
      (error: Error) => [error.message],
    );
    const { auditShop, describeFinding } = compiled<typeof import('../../src/audit')>('src/audit');
    const { findings } = await auditShop(this.db, new Date(), 20);
    const dead = (await this.db('outbox_messages').where({ status: 'dead' })) as {
      topic: string;
      last_error: string;
    }[];
    const problems = [
      ...unrest,
      ...findings.map(describeFinding),
      ...dead.map(({ topic, last_error: error }) => `dead message ${topic}: ${error}`),
      ...this.broken.splice(0),
      ...[...this.webs, this.worker]
        .filter((each) => !each.isAlive())
        .map(({ role }) => `a ${role} process has ended`),
    ];
    if (problems.length > 0) throw new Error(problems.slice(0, 20).join('\n'));
  }
}
