import { clock } from '../clock';
import { connectionFor, isPostgres, tableName } from '../database';
import { OUTBOX_UID } from './enqueue';

export interface Backlog {
  /** Seconds the longest waiting message that could be worked has been due; 0 when none is. */
  ageSeconds: number;
}

let watched: readonly string[] = [];

/** Names the topics whose lateness counts: those this version of the shop works. */
export function watchBacklog(topics: readonly string[]): void {
  watched = topics;
}

/** How late the work is. Messages behind another of their key, dead ones and unknown topics do not count. */
export async function readBacklog(): Promise<Backlog> {
  if (watched.length === 0) return { ageSeconds: 0 };
  const oldest = `select * from (select available_at from ${tableName(OUTBOX_UID)}
    where status = 'pending' and topic = ? order by available_at, id limit 1)`;
  const sql = watched.map((_, turn) => `${oldest} as oldest_${turn}`).join(' union all ');
  const result: unknown = await connectionFor().raw(sql, [...watched]);
  const rows = (isPostgres() ? (result as { rows: unknown }).rows : result) as {
    available_at: Date | number;
  }[];
  const dueMs = Math.min(Infinity, ...rows.map((row) => new Date(row.available_at).getTime()));
  return { ageSeconds: Math.max(0, Math.round((clock.now().getTime() - dueMs) / 1000)) };
}
