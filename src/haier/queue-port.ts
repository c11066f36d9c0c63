import { ORDER_UID } from '../api/order/order-rows';
import { clock } from '../platform/clock';
import { type BaseRow, fetchRow, fetchRows, query } from '../platform/database';
import { OUTBOX_UID, type OutboxMessage, replayMessage } from '../platform/outbox';
import type { DeadMessage, QueuePort } from '../plugins/haier-integration/server/src/ports';

/** Every topic about Haier's orders begins so. */
const PREFIX = 'haier.';

/** In the words of the outbox's partial indexes, which are found by nothing else. */
const OF_STATUS = {
  due: "status = 'pending'",
  blocked: "status = 'blocked' and key is not null",
  running: "status = 'running'",
  dead: "status = 'dead'",
} as const;

interface Named extends BaseRow {
  orderNumber: string;
}

const orderIdOf = ({ payload }: OutboxMessage): number | undefined =>
  typeof payload.orderId === 'number' ? payload.orderId : undefined;

async function readOrderNumbers(messages: OutboxMessage[]): Promise<Map<number, string>> {
  const ids = messages.flatMap((message) => orderIdOf(message) ?? []);
  if (ids.length === 0) return new Map();
  const orders = await fetchRows<Named>(ORDER_UID, query(ORDER_UID).whereIn('id', ids));
  return new Map(orders.map(({ id, orderNumber }) => [id, orderNumber]));
}

const present = (message: OutboxMessage, numbers: Map<number, string>): DeadMessage => ({
  id: message.documentId,
  topic: message.topic,
  subject: numbers.get(orderIdOf(message) ?? 0) ?? message.key,
  attempts: message.attempts,
  lastError: message.lastError,
  createdAt: message.createdAt.toISOString(),
});

/** The shop's outbox as far as it is about Haier: `topics` are those this version works, of any kind. */
export function createQueuePort(topics: readonly string[], log: { info(text: string): void }): QueuePort {
  const ours = topics.filter((topic) => topic.startsWith(PREFIX));
  // The clock's own jobs wait all the time, and nobody for them.
  const messages = (status: keyof typeof OF_STATUS) =>
    query(OUTBOX_UID)
      .whereRaw(OF_STATUS[status])
      .whereRaw("(key is null or substr(key, 1, 6) <> 'clock:')")
      .whereIn('topic', ours);

  async function count(status: keyof typeof OF_STATUS): Promise<number> {
    const row = (await messages(status).count({ total: '*' }).first()) as { total: number | string };
    return Number(row.total);
  }

  return {
    async readBacklog() {
      const [due, blocked, running, dead, oldest] = await Promise.all([
        count('due'),
        count('blocked'),
        count('running'),
        count('dead'),
        fetchRow<OutboxMessage>(OUTBOX_UID, messages('due').orderBy('available_at')),
      ]);
      const late = oldest === undefined ? 0 : clock.now().getTime() - oldest.availableAt.getTime();
      return {
        waiting: due + blocked + running,
        dead,
        oldestDueSeconds: Math.max(0, Math.round(late / 1000)),
      };
    },

    async listDead(page, pageSize) {
      const newest = messages('dead')
        .orderBy('id', 'desc')
        .limit(pageSize)
        .offset((page - 1) * pageSize);
      const [rows, total] = await Promise.all([fetchRows<OutboxMessage>(OUTBOX_UID, newest), count('dead')]);
      const numbers = await readOrderNumbers(rows);
      return { rows: rows.map((row) => present(row, numbers)), total };
    },

    async replay(id, actor) {
      const message = await fetchRow<OutboxMessage>(OUTBOX_UID, messages('dead').where('document_id', id));
      if (message === undefined || !(await replayMessage(id))) return false;
      log.info(`outbox: ${message.topic} ${message.id} is run again by ${actor.id}`);
      return true;
    },
  };
}
