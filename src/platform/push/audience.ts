import type { Client } from './client';
import type { Audience } from './entries';

/** Who is connected, found by user and by group. */
export interface Connected {
  /** Adds a client that has a viewer. */
  add(client: Client): void;
  remove(client: Client): void;
  /** The connections of a user, oldest first. */
  ofUser(userId: number): Client[];
  /** Each connection of an audience once. */
  of(audience: Audience): Iterable<Client>;
}

type Index<K> = Map<K, Set<Client>>;

function put<K>(index: Index<K>, key: K, client: Client): void {
  const clients = index.get(key);
  if (clients === undefined) index.set(key, new Set([client]));
  else clients.add(client);
}

function take<K>(index: Index<K>, key: K, client: Client): void {
  const clients = index.get(key);
  clients?.delete(client);
  if (clients?.size === 0) index.delete(key);
}

export function createConnected(): Connected {
  const users: Index<number> = new Map();
  const groups: Index<string> = new Map();
  return {
    add(client) {
      if (client.viewer === undefined) throw new Error('nobody has said who this is');
      put(users, client.viewer.userId, client);
      for (const group of client.viewer.groups) put(groups, group, client);
    },
    remove(client) {
      if (client.viewer === undefined) return;
      take(users, client.viewer.userId, client);
      for (const group of client.viewer.groups) take(groups, group, client);
    },
    ofUser: (userId) => [...(users.get(userId) ?? [])],
    of({ users: userIds, groups: names }) {
      const found = new Set<Client>();
      for (const id of userIds) for (const client of users.get(id) ?? []) found.add(client);
      for (const name of names) for (const client of groups.get(name) ?? []) found.add(client);
      return found;
    },
  };
}
