/** Servers of one test alone, which it may stop, freeze and start again. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import knex, { type Knex } from 'knex';

import { PROJECT_ROOT } from './boot';

export type StoppableServer = 'postgres' | 'standby' | 'redis';
/** `halt`: gone at once, as if killed; `freeze`: there, and silent. */
export type ServerAct = 'halt' | 'start' | 'freeze' | 'thaw';

export interface Stoppable {
  /** Addresses; of PostgreSQL's, of one database on both. */
  urls: Record<StoppableServer, string>;
  act(server: StoppableServer, act: ServerAct): Promise<void>;
  stop(): Promise<void>;
}

const at = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
};

async function on(server: string, work: (db: Knex) => PromiseLike<unknown>): Promise<void> {
  const db = knex({ client: 'pg', connection: server, pool: { min: 0, max: 1 } });
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
}

/** Starts them with an empty database of that name. Throws when the machine has not the programs. */
export async function startStoppable(
  database: string,
  wanted: readonly StoppableServer[] = ['postgres', 'standby', 'redis'],
): Promise<Stoppable> {
  const script = join(PROJECT_ROOT, 'tests/support/servers/stoppable.mjs');
  const child = fork(script, [...wanted], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the servers did not start, or have ended');
  });
  ended.catch(() => undefined);
  const [servers] = (await Promise.race([once(child, 'message'), ended])) as [
    Partial<Record<StoppableServer, string>>,
  ];
  const { postgres = '', standby = '', redis = '' } = servers;
  await on(postgres, (db) => db.raw(`create database "${database}"`));
  return {
    urls: {
      postgres: at(postgres, database),
      standby: standby && at(standby, database),
      redis,
    },
    async act(server, act) {
      child.send({ server, act });
      await Promise.race([once(child, 'message'), ended]);
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** Lets a standby fall behind, as a long query or a slow disk does, or go on. */
export const setReplayPaused = (standby: string, isPaused: boolean): Promise<void> =>
  on(standby, (db) => db.raw(`select pg_wal_replay_${isPaused ? 'pause' : 'resume'}()`));
