import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePassword } from './throw-away.mjs';

const composeFile = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../compose.test.yaml');

function docker(args, { env, timeoutMs = 300_000, show = false } = {}) {
  const stdio = ['ignore', 'pipe', show ? 'inherit' : 'pipe'];
  return spawnSync('docker', args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: timeoutMs,
    stdio,
  });
}

/** True when the Docker engine answers and has Compose. */
export function isDockerReady() {
  if (docker(['compose', 'version'], { timeoutMs: 10_000 }).status !== 0) return false;
  return docker(['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 10_000 }).status === 0;
}

/**
 * Starts the wanted services (`postgres`, `redis`) of compose.test.yaml under a project name of their own. Resolves their
 * addresses and one `stop` that removes containers, volumes and network.
 */
export async function startWithDocker(services) {
  const project = `shop-test-${randomBytes(4).toString('hex')}`;
  const password = makePassword();
  const compose = (args, options) =>
    docker(['compose', '-p', project, '-f', composeFile, ...args], {
      env: { TEST_PASSWORD: password },
      ...options,
    });
  const stop = () => compose(['down', '--volumes', '--remove-orphans', '--timeout', '2']);
  const up = compose(['up', '--detach', '--wait', ...services], { show: true });
  if (up.status !== 0) {
    stop();
    throw new Error('docker compose could not start the test servers');
  }
  const addressOf = (service, port) => compose(['port', service, String(port)]).stdout.trim();
  return {
    postgresUrl: services.includes('postgres')
      ? `postgres://postgres:${password}@${addressOf('postgres', 5432)}/postgres`
      : undefined,
    redisUrl: services.includes('redis') ? `redis://:${password}@${addressOf('redis', 6379)}` : undefined,
    stop: async () => void stop(),
    killNow: () => void stop(),
  };
}
