import type { Core } from '@strapi/strapi';

import { SYNC_RUN_UID, SYSTEMS, type System } from '../constants';
import { PORT_WORDS, type PortName } from '../domain/connection';
import type { Language } from '../domain/refusal';
import { getService } from '../plugin-services';
import { connectedPorts, type OrderPort, type QueuePort } from '../ports';
import type { BalanceView } from './balance';
import { type HourOfCalls, readHours, readMarks, type SystemMarks } from './call-statistics';

const SYNC_KINDS = ['products', 'prices', 'stock', 'logistics'] as const;
type SyncKind = (typeof SYNC_KINDS)[number];

/** `unused`: configured, and nothing was asked of it yet. */
export type ConnectionState = 'ok' | 'failing' | 'unused' | 'not_configured';

export interface SyncSummary {
  id: number;
  status: string;
  trigger: string;
  startedAt: string | null;
  finishedAt: string | null;
  total: number | null;
  done: number;
  created: number;
  changed: number;
  unchanged: number;
  unlisted: number;
  failed: number;
  message: string | null;
}

export interface Overview {
  connections: Record<System, { state: ConnectionState } & SystemMarks>;
  /** Null without an account at Haier. */
  balance: (Omit<BalanceView, 'error'> & { error: string | null }) | null;
  lastSyncs: Record<SyncKind, SyncSummary | null>;
  hours: HourOfCalls[];
  /** Null where the shop has not connected them. */
  queue: Awaited<ReturnType<QueuePort['readBacklog']>> | null;
  orders: Awaited<ReturnType<OrderPort['count']>> | null;
  notConnected: { port: PortName; message: string }[];
}

export interface OverviewService {
  read(language: Language): Promise<Overview>;
}

const SUMMARY = [
  'id',
  'status',
  'trigger',
  'startedAt',
  'finishedAt',
  'total',
  'done',
  'created',
  'changed',
  'unchanged',
  'unlisted',
  'failed',
  'message',
] as const satisfies readonly (keyof SyncSummary)[];

function stateOf(isConfigured: boolean, { lastSuccess, lastFailure }: SystemMarks): ConnectionState {
  if (!isConfigured) return 'not_configured';
  if (lastFailure !== null && (lastSuccess === null || lastFailure.at > lastSuccess.at)) return 'failing';
  return lastSuccess === null ? 'unused' : 'ok';
}

export default function createOverview({ strapi }: { strapi: Core.Strapi }): OverviewService {
  async function readConnections(): Promise<Overview['connections']> {
    const [configured, marks] = await Promise.all([getService('settings').isConfigured(), readMarks(strapi)]);
    return Object.fromEntries(
      SYSTEMS.map((system) => [
        system,
        { state: stateOf(configured[system], marks[system]), ...marks[system] },
      ]),
    ) as Overview['connections'];
  }

  async function readLastSyncs(): Promise<Overview['lastSyncs']> {
    const runs = await Promise.all(
      SYNC_KINDS.map(async (kind) => {
        const [run] = (await strapi.db.query(SYNC_RUN_UID).findMany({
          where: { kind },
          orderBy: { createdAt: 'desc' },
          limit: 1,
          select: [...SUMMARY],
        })) as SyncSummary[];
        return [kind, run ?? null] as const;
      }),
    );
    return Object.fromEntries(runs) as Overview['lastSyncs'];
  }

  return {
    async read(language) {
      const ports = connectedPorts();
      const [connections, balance, lastSyncs, hours, queue, orders] = await Promise.all([
        readConnections(),
        getService('balance').read(),
        readLastSyncs(),
        readHours(strapi, new Date()),
        ports.queue?.readBacklog() ?? null,
        ports.orders?.count() ?? null,
      ]);
      const unset = (Object.keys(PORT_WORDS) as PortName[]).filter((name) => ports[name] === undefined);
      return {
        connections,
        balance: balance && { ...balance, error: balance.error?.[language] ?? null },
        lastSyncs,
        hours,
        queue,
        orders,
        notConnected: unset.map((port) => ({ port, message: PORT_WORDS[port][language] })),
      };
    },
  };
}
