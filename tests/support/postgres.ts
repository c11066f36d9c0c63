import { Client } from 'pg';

/** The address of a database on the test server, which is TEST_DATABASE_URL. */
export function databaseUrl(name?: string): string {
  const server = process.env.TEST_DATABASE_URL;
  if (server === undefined) throw new Error('TEST_DATABASE_URL is not set; run the tests with `npm test`');
  if (name === undefined) return server;
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export const createDatabase = (name: string, template?: string): Promise<void> =>
  onServer(`create database "${name}"${template === undefined ? '' : ` template "${template}"`}`);

export const dropDatabase = (name: string): Promise<void> =>
  onServer(`drop database if exists "${name}" with (force)`);
