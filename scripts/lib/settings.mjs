import fs from 'node:fs';
import { parseEnv } from 'node:util';
import { inProject } from './project.mjs';

export const envFile = inProject('.env');

/** The values of a `.env` file; none when there is no such file. */
export function readEnvFile(file = envFile) {
  try {
    return parseEnv(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** `.env` under the process environment, which wins: what the app itself will see. Empty values count as unset. */
export function readSettings({ file = envFile, environment = process.env } = {}) {
  const merged = { ...readEnvFile(file), ...withoutEmpty(environment) };
  return withoutEmpty(merged);
}

/** Host, port and the address a browser on this machine can open. */
export function addressOf(settings) {
  const host = settings.HOST ?? '127.0.0.1';
  const port = Number(settings.PORT ?? 1337);
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  return { host, port, url };
}

/** The sandbox plays WeChat, Haier and YLH: by default in development as long as no real WeChat app is set. */
export function wantsSandbox(settings) {
  if (settings.SANDBOX !== undefined) return /^(true|1|yes|on)$/i.test(settings.SANDBOX);
  return (settings.NODE_ENV ?? 'development') === 'development' && !settings.WECHAT_APP_ID;
}

function withoutEmpty(values) {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
