import { canInstallPackages, installPackages } from './debian.mjs';
import { isDockerReady, startWithDocker } from './docker.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

/** Said when no way to a server was found; one sentence with what to do. */
export class NoServersError extends Error {
  constructor(missing) {
    const names = missing.join(' + ');
    super(
      `缺少 ${names}：请安装 postgresql 和 redis-server，或启动 Docker，或设置 TEST_DATABASE_URL 和 TEST_REDIS_URL。 ` +
        `${names} missing: install postgresql and redis-server, or start Docker, or set TEST_DATABASE_URL and TEST_REDIS_URL.`,
    );
    this.name = 'NoServersError';
  }
}

const STARTERS = { postgres: startPostgres, redis: startRedis };
const GIVEN = { postgres: 'TEST_DATABASE_URL', redis: 'TEST_REDIS_URL' };
const PACKAGES = { postgres: 'postgresql', redis: 'redis-server' };

/**
 * Gets the wanted servers (`['postgres', 'redis']`): what the environment names, else private ones from this machine's binaries, else
 * Docker Compose, else binaries installed by apt. `env` holds TEST_DATABASE_URL and TEST_REDIS_URL; `stop` ends all that was
 * started and removes its folders, `killNow` does so without waiting. Throws NoServersError.
 */
export async function startServers(wanted, { environment = process.env, say = () => {} } = {}) {
  const running = [];
  const env = {};
  const stop = async () => {
    // A server leaves the list only when it is gone: `killNow` may come in between.
    while (running.length > 0) {
      await running[0].stop();
      running.shift();
    }
  };
  const killNow = () => {
    for (const server of running.splice(0)) server.killNow();
  };
  const startLocal = async (names) => {
    const missing = [];
    for (const name of names) {
      const server = await STARTERS[name]();
      if (!server) {
        missing.push(name);
        continue;
      }
      running.push(server);
      env[GIVEN[name]] = server.url;
      say(`${name}: 本机临时实例 private instance ${new URL(server.url).host}`);
    }
    return missing;
  };
  try {
    const needed = wanted.filter((name) => !environment[GIVEN[name]]);
    let missing = await startLocal(needed);
    if (missing.length > 0 && isDockerReady()) {
      const containers = await startWithDocker(missing);
      running.push(containers);
      if (containers.postgresUrl) env.TEST_DATABASE_URL = containers.postgresUrl;
      if (containers.redisUrl) env.TEST_REDIS_URL = containers.redisUrl;
      say(`${missing.join(', ')}: Docker Compose`);
      missing = [];
    }
    if (missing.length > 0 && canInstallPackages()) {
      const packages = missing.map((name) => PACKAGES[name]);
      say(`apt-get install ${packages.join(' ')} …`);
      if (installPackages(packages) === undefined) missing = await startLocal(missing);
    }
    if (missing.length > 0) throw new NoServersError(missing);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop, killNow };
}
