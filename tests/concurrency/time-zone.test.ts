/** PostgreSQL only: times are stored without a zone, and every process must mean the same by them, wherever it runs. */
import { startApp, type TestApp } from '../support/app';
import { type Buyer, createBuyer, createStaff, placeOrder, stockProduct } from '../support/factories/orders';
import { type RoleProcess, startRole } from '../support/shop-process';

const MINUTE_MS = 60_000;
const WITHIN_MS = 60_000;

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
const processes: RoleProcess[] = [];

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(async () => {
  for (const process of processes) await process.kill();
  await app?.stop();
});

const statusOf = async (id: string): Promise<string> =>
  (await app.api('get', `/orders/${id}`, buyer.token)).body.data.status as string;

async function becomes(id: string, status: string): Promise<string> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const current = await statusOf(id);
    if (current === status || Date.now() > deadline) return current;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Moves an order's deadline and the message that keeps it. */
async function setDeadline(id: string, at: Date): Promise<void> {
  const { connection } = app.strapi.db;
  const order = await connection('orders').where('document_id', id).first('id');
  await connection('orders').where('id', order.id).update({ expires_at: at });
  await connection('outbox_messages')
    .where('topic', 'order.expire')
    .whereRaw("payload->>'orderId' = ?", [String(order.id)])
    .update({ available_at: at });
}

it.each(['Asia/Shanghai', 'America/Los_Angeles'])(
  'a process on a machine in %s keeps deadlines as all the others do',
  async (TZ) => {
    const web = await startRole('web', { TZ });
    processes.push(web);
    const product = await stockProduct(app, staff, 10);
    const placedAt = Date.now();
    const response = await fetch(`${web.url}/api/v1/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${buyer.token}` },
      body: JSON.stringify({ data: { product, quantity: 1, address: buyer.address } }),
    });
    expect(response.status).toBe(201);
    const { data: placed } = (await response.json()) as { data: { documentId: string; expiresAt: string } };
    expect(Math.abs(Date.parse(placed.expiresAt) - placedAt - 30 * MINUTE_MS)).toBeLessThan(MINUTE_MS);
    // What it wrote is read as the same moment by a process elsewhere.
    const read = (await app.api('get', `/orders/${placed.documentId}`, buyer.token)).body.data;
    expect(read.expiresAt).toBe(placed.expiresAt);

    const due = await placeOrder(app, buyer, product);
    await setDeadline(due.documentId, new Date(Date.now() - 1000));
    processes.push(await startRole('worker', { TZ }));
    expect(await becomes(due.documentId, 'cancelled')).toBe('cancelled');
    // Hours of difference would have ended these too, or kept the other.
    expect(await statusOf(placed.documentId)).toBe('pending');
    const stored = await app.strapi.db
      .connection('orders')
      .where('document_id', due.documentId)
      .first('cancelled_at');
    expect(Math.abs(new Date(stored.cancelled_at as Date).getTime() - Date.now())).toBeLessThan(
      5 * MINUTE_MS,
    );
  },
  3 * WITHIN_MS,
);
