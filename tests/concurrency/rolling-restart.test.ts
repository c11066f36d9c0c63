/** PostgreSQL only: a new version goes out process by process, and no shopper sees it. */
import http from 'node:http';
import https from 'node:https';

import { startApp, type TestApp } from '../support/app';
import { type Balancer, freePort, serveAt, startBalancer } from '../support/balanced-shop';
import { type Buyer, createBuyer, createStaff, stockProduct } from '../support/factories/orders';
import type { NodeProcess } from '../support/hostile-process';
import { pause } from '../support/seeds';

const GRACE_SECONDS = 4;
const EVERY_MS = 20; // 50 requests a second

let app: TestApp;
let buyer: Buyer;
let product: string;
let ports: [number, number];
let processes: NodeProcess[] = [];
let balancer: Balancer | undefined;

const variables = { SHUTDOWN_GRACE_SECONDS: String(GRACE_SECONDS), TRUST_PROXY: 'loopback' };

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  product = await stockProduct(app, await createStaff(app), 100_000, { price: 10 });
  ports = [await freePort(), await freePort()];
  processes = await Promise.all(ports.map((port) => serveAt(port, variables)));
  // In the proportion of the deployment: a kept connection is given up sooner than the process gives it up.
  balancer = await startBalancer(ports, [['keepalive_timeout 4s', 'keepalive_timeout 1s']]);
}, 180_000);
afterAll(async () => {
  await balancer?.stop();
  await Promise.all(processes.map((child) => child.stop()));
  await app?.stop();
});

interface Sent {
  what: string;
  /** The status, or what became of the connection. */
  end: number | string;
}

/** One request; never rejects. */
function send(url: string, agent: http.Agent, method: string, path: string, body?: object): Promise<Sent> {
  const what = `${method} ${path}`;
  return new Promise((resolve) => {
    const headers = { Authorization: `Bearer ${buyer.token}`, 'Content-Type': 'application/json' };
    const address = new URL(path, url);
    const client = address.protocol === 'https:' ? https : http;
    const options = { agent, method, headers: path.startsWith('/api/v1/orders') ? headers : {} };
    const outgoing = client.request(address, options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ what, end: answer.statusCode ?? 0 }));
      answer.on('error', (error) => resolve({ what, end: String(error) }));
    });
    outgoing.on('error', (error) => resolve({ what, end: String(error) }));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Sends reads and orders at an even pace until it is told to stop; resolves with all of them then. */
function startLoad(url: string): () => Promise<Sent[]> {
  const options = { keepAlive: true, rejectUnauthorized: false };
  const agent = url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  const sent: Promise<Sent>[] = [];
  const order = { data: { product, quantity: 1, address: buyer.address } };
  const timer = setInterval(() => {
    const turn = sent.length % 10;
    if (turn === 0) sent.push(send(url, agent, 'POST', '/api/v1/orders', order));
    else if (turn === 1) sent.push(send(url, agent, 'GET', '/api/v1/orders'));
    else sent.push(send(url, agent, 'GET', `/api/v1/products/${product}`));
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    const ended = await Promise.all(sent);
    agent.destroy();
    return ended;
  };
}

const statusOf = async (port: number, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: 'close' } })).status;

/** Stops and starts one process, and sees it leave in order. */
async function restart(index: 0 | 1): Promise<void> {
  const [child, port] = [processes[index]!, ports[index]];
  child.send('SIGTERM');
  while ((await statusOf(port, '/readyz')) === 200) await pause(20);
  // Whoever balances has been told, and may still send for a while.
  expect(await statusOf(port, '/readyz')).toBe(503);
  expect(await statusOf(port, '/healthz')).toBe(200);
  expect(await statusOf(port, `/api/v1/products/${product}`)).toBe(200);
  expect(await child.ended).toBe(0);
  expect(child.output()).not.toMatch(/error|aborted|pool/i);
  processes[index] = await serveAt(port, variables);
}

describe('two processes that are restarted in turn under load', () => {
  it('fail no request, of shoppers who read and shoppers who order', async () => {
    const stopLoad = startLoad(balancer!.url);
    let sent: Sent[] = [];
    try {
      await pause(1_000);
      await restart(0);
      await pause(1_000);
      await restart(1);
      await pause(500);
    } finally {
      sent = await stopLoad();
    }

    const failed = sent.filter(({ end }) => end !== 200 && end !== 201);
    expect({
      failed: failed.slice(0, 20),
      nginx: failed.length > 0 ? balancer!.output().slice(-2_000) : '',
    }).toEqual({
      failed: [],
      nginx: '',
    });
    const placed = sent.filter(({ end }) => end === 201).length;
    expect(placed).toBeGreaterThan(20);
    expect(await app.strapi.db.connection('orders').count({ n: '*' })).toEqual([{ n: String(placed) }]);
    console.info(`${sent.length} requests and ${placed} orders through ${balancer!.kind}`);
  }, 180_000);
});
