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
 * started and removes its folders, `killNow` does so without waiting. `watch` hears of every process and folder as it comes into being.
 * With `isDurable` a private
 * PostgreSQL commits as one in service does. Throws NoServersError.
 */
export async function startServers(
  wanted,
  { environment = process.env, say = () => {}, watch = () => {}, isDurable = false } = {},
) {
  const servers = { running: [], env: {}, say, watch, isDurable };
  const stop = async () => {
    // A server leaves the list only when it is gone: `killNow` may come in between.
    while (servers.running.length > 0) {
      await servers.running[0].stop();
      servers.running.shift();
    }
  };
  const killNow = () => {
    for (const server of servers.running.splice(0)) server.killNow();
  };
  try {
    let missing = wanted.filter((name) => !environment[GIVEN[name]]);
    for (const start of [startFromBinaries, startFromDocker, startFromPackages]) {
      if (missing.length > 0) missing = await start(missing, servers);
    }
    if (missing.length > 0) throw new NoServersError(missing);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: servers.env, stop, killNow };
}

/** Each way takes the names of what is wanted and resolves with what it could not give. */
async function startFromBinaries(names, servers) {
  const missing = [];
  for (const name of names) {
    const server = await STARTERS[name]({ watch: servers.watch, isDurable: servers.isDurable });
    if (!server) {
      missing.push(name);
      continue;
    }
    servers.running.push(server);
    servers.env[GIVEN[name]] = server.url;
    servers.say(`${name}: 本机临时实例 private instance ${new URL(server.url).host}`);
  }
  return missing;
}

async function startFromDocker(names, servers) {
  if (!isDockerReady()) return names;
  const containers = await startWithDocker(names);
  servers.running.push(containers);
  if (containers.postgresUrl) servers.env.TEST_DATABASE_URL = containers.postgresUrl;
  if (containers.redisUrl) servers.env.TEST_REDIS_URL = containers.redisUrl;
  servers.say(`${names.join(', ')}: Docker Compose`);
  return [];
}

async function startFromPackages(names, servers) {
  if (!canInstallPackages()) return names;
  const packages = names.map((name) => PACKAGES[name]);
  servers.say(`apt-get install ${packages.join(' ')} …`);
  const problem = installPackages(packages);
  if (problem === undefined) return startFromBinaries(names, servers);
  servers.say(problem);
  return names;
}
