/** A primary and its streaming standby, for tests of what a lagging or dead replica does. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import knex, { type Knex } from 'knex';

import { PROJECT_ROOT } from './boot';

export interface Standby {
  /** Addresses of one database on both. */
  primary: string;
  standby: string;
  /** Lets the standby fall behind, as a long query or a slow disk does, or go on. */
  setPaused(isPaused: boolean): Promise<void>;
  setRunning(isRunning: boolean): Promise<void>;
  stop(): Promise<void>;
}

const at = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
};

/** Throws when the machine has no PostgreSQL binaries. */
export async function startStandby(database: string): Promise<Standby> {
  const script = join(PROJECT_ROOT, 'tests/support/servers/standby.mjs');
  const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the servers did not start');
  });
  const [servers] = (await Promise.race([once(child, 'message'), ended])) as [
    { primary: string; standby: string },
  ];
  ended.catch(() => undefined);
  const say = async (message: string): Promise<void> => {
    child.send(message);
    await once(child, 'message');
  };
  const on = async (server: string, work: (db: Knex) => PromiseLike<unknown>): Promise<void> => {
    const db = knex({ client: 'pg', connection: server, pool: { min: 0, max: 1 } });
    try {
      await work(db);
    } finally {
      await db.destroy();
    }
  };
  await on(servers.primary, (db) => db.raw(`create database "${database}"`));
  return {
    primary: at(servers.primary, database),
    standby: at(servers.standby, database),
    setPaused: (isPaused) =>
      on(servers.standby, (db) => db.raw(`select pg_wal_replay_${isPaused ? 'pause' : 'resume'}()`)),
    setRunning: (isRunning) => say(isRunning ? 'start-standby' : 'stop-standby'),
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
