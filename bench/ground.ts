import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { Client } from 'pg';

export const PROJECT_ROOT = join(__dirname, '..');
export const DIST = process.env.SHOP_DIST ?? join(PROJECT_ROOT, 'dist');

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The address of a database on the server the benchmark was given. */
export function databaseUrl(name: string): string {
  const url = new URL(process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');
  url.pathname = `/${name}`;
  return url.toString();
}

/** Runs statements on a database, or on the server's own when none is named. */
export async function onDatabase<T>(
  name: string | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: name === undefined ? process.env.TEST_DATABASE_URL : databaseUrl(name),
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs a benchmark as a program: 0, or what it set, when it ends; 1 and its error when it fails. */
export function runMain(main: () => Promise<void>): void {
  main().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
