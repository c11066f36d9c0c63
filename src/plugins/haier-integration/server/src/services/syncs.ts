/** Syncs of catalogue, prices, stock and logistics: who asks for them, who runs them, and what came of them. */
import type { Core } from '@strapi/strapi';

import type { HaierIntegrationConfig } from '../config';
import { PLUGIN_ID } from '../constants';
import { notConnected } from '../domain/connection';
import { fromZod, PluginRefusal } from '../domain/refusal';
import {
  presentRun,
  type SyncKind,
  syncRequestSchema,
  type SyncRunRow,
  type SyncRunView,
} from '../domain/sync';
import { scheduleKey } from '../domain/sync-schedule';
import { getService } from '../plugin-services';
import { connectedPorts, type PortActor } from '../ports';
import { holdRun, newHolder, ProcessStops } from './sync-runner';
import { createSyncRuns, type NewRun, RunCancelled } from './sync-runs';
import { createSyncSchedules } from './sync-schedules';

/** How soon a process notices a run somebody else asked for, a dead holder, or a new timetable. */
const LOOK_EVERY_MS = 3_000;

/** A sync in the process that asks for it. */
export interface InlineRun {
  requestedBy: string;
  signal?: AbortSignal;
  onProgress?(run: SyncRunView): void;
}

export type SyncsService = ReturnType<typeof createSyncs>;

export default function createSyncs({ strapi }: { strapi: Core.Strapi }) {
  const runs = createSyncRuns(strapi);
  const working = new Set<Promise<void>>();
  let stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  /** Why this kind cannot run as things are set; undefined when it can. */
  async function obstacleTo(kind: SyncKind): Promise<PluginRefusal | undefined> {
    const settings = getService('settings');
    const port = kind === 'logistics' ? 'orders' : 'catalogue';
    if (connectedPorts()[port] === undefined) return notConnected(port);
    if (!(await settings.isConfigured()).haier) return new PluginRefusal('NOT_CONFIGURED');
    if (kind === 'stock' && (await settings.read()).policy.stockCountyCode === '')
      return new PluginRefusal('NOT_CONFIGURED', {
        sentence: {
          zh: '尚未设置查询库存的区县，请先完成设置',
          en: 'No county is set to ask stock for; fill in the settings first',
        },
      });
    return undefined;
  }

  async function prepare(input: unknown) {
    const parsed = syncRequestSchema.safeParse(input);
    if (!parsed.success) throw fromZod(parsed.error);
    const { kind, productCodes = null, allowsDrop } = parsed.data;
    const obstacle = await obstacleTo(kind);
    if (obstacle !== undefined) throw obstacle;
    return { kind, productCodes, allowsDrop };
  }

  /** Begins a run. Throws PluginRefusal: VALIDATION_FAILED, NOT_CONNECTED, NOT_CONFIGURED, SYNC_CONFLICT. */
  async function begin(
    input: unknown,
    who: Pick<NewRun, 'trigger' | 'requestedBy' | 'leaseHolder'>,
  ): Promise<SyncRunRow> {
    const { isNew, run } = await runs.begin({ ...(await prepare(input)), ...who });
    if (!isNew) throw new PluginRefusal('SYNC_CONFLICT', { details: { run: run.id } });
    return run;
  }

  function hold(run: SyncRunRow, holder: string, onProgress?: (run: SyncRunRow) => void): Promise<void> {
    const work = holdRun(strapi, runs, { run, holder }, { signal: stopping.signal, onProgress });
    working.add(work);
    return work.finally(() => working.delete(work));
  }

  /** Begins whatever can be begun. */
  async function takeWork(): Promise<number> {
    let taken = 0;
    for (; !stopping.signal.aborted; taken += 1) {
      const holder = newHolder();
      const run = await runs.claim(holder);
      if (run === undefined) break;
      void hold(run, holder);
    }
    return taken;
  }

  /** One turn of a schedule: begun once over all processes, noted as skipped where the run before it is under way. */
  async function fire(kind: SyncKind, dueAt: Date): Promise<'begun' | 'skipped' | 'taken' | 'not_set_up'> {
    if ((await obstacleTo(kind)) !== undefined) return 'not_set_up';
    const key = scheduleKey(kind, dueAt);
    return runs.beginScheduled({
      ...{ kind, trigger: 'schedule' as const, requestedBy: null, productCodes: null, allowsDrop: false },
      scheduleKey: key,
    });
  }

  const schedules = createSyncSchedules(strapi, async (kind, dueAt) => {
    try {
      if ((await fire(kind, dueAt)) === 'begun') look();
    } catch (error) {
      strapi.log.error(`haier-integration: the schedule of ${kind} could not begin its turn`, error);
    }
  });

  async function lookNow(): Promise<void> {
    const { catalogue, orders } = connectedPorts();
    // The shop has not come to connecting itself, or never does: nothing could be done, and a run taken now would fail.
    if (catalogue === undefined && orders === undefined) return;
    try {
      schedules.apply((await getService('settings').read()).schedules);
      await takeWork();
    } catch (error) {
      strapi.log.error('haier-integration: syncs could not be looked after', error);
    }
  }

  function look(): void {
    if (timer === undefined || stopping.signal.aborted) return;
    looking ??= lookNow().finally(() => (looking = undefined));
  }

  return {
    /** Asks for a run (`syncRequestSchema`), worked by whichever process runs jobs. Throws PluginRefusal as `begin`. */
    async request(input: unknown, actor: PortActor): Promise<SyncRunView> {
      const run = await begin(input, { trigger: 'staff', requestedBy: actor.name });
      look();
      return presentRun(run);
    },

    /** Runs a sync here and now, and resolves with how it ended; aborting cancels it. Throws PluginRefusal as `begin`. */
    async run(input: unknown, { requestedBy, signal, onProgress }: InlineRun): Promise<SyncRunView> {
      const holder = newHolder();
      const run = await begin(input, { trigger: 'command', requestedBy, leaseHolder: holder });
      const cancelled = new AbortController();
      const cancel = (): void => cancelled.abort(new RunCancelled());
      if (signal?.aborted === true) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
      await holdRun(
        strapi,
        runs,
        { run, holder },
        { signal: cancelled.signal, onProgress: (row) => onProgress?.(presentRun(row)) },
      );
      signal?.removeEventListener('abort', cancel);
      const ended = await runs.find(run.id);
      if (ended === undefined) throw new Error(`run ${run.id} is gone`);
      return presentRun(ended);
    },

    async list(filter: { kind?: SyncKind; page: number; pageSize: number }) {
      const { rows, total } = await runs.list(filter);
      return { rows: rows.map(presentRun), total };
    },

    async find(id: number): Promise<SyncRunView | undefined> {
      const run = await runs.find(id);
      return run === undefined ? undefined : presentRun(run);
    },

    /** Asks a run to end, which it does between two batches. Undefined where there is no such run. */
    async cancel(id: number, actor: PortActor): Promise<SyncRunView | undefined> {
      const run = await runs.requestCancel(id, actor.name);
      return run === undefined ? undefined : presentRun(run);
    },

    fire,

    /** Works everything that waits or was left behind, and resolves when it has ended. */
    async drain(): Promise<number> {
      const taken = await takeWork();
      await Promise.all(working);
      return taken;
    },

    /** From now on this process runs syncs and their schedules, if it is one that runs jobs. */
    start(): void {
      const { runsJobs } = strapi.config.get<HaierIntegrationConfig>(`plugin::${PLUGIN_ID}`);
      if (!runsJobs || timer !== undefined) return;
      stopping = new AbortController();
      timer = setInterval(look, LOOK_EVERY_MS);
      look();
    },

    /** Stops between two batches; another process, or the next start, goes on. */
    async stop(): Promise<void> {
      clearInterval(timer);
      timer = undefined;
      schedules.stop();
      stopping.abort(new ProcessStops());
      await looking;
      await Promise.all(working);
      stopping = new AbortController();
    },
  };
}
