import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { createProcessFamily, onStopSignal } from './process-family.mjs';
import { inProject, root, tools } from './project.mjs';
import { report } from './refusal.mjs';
import { startServers } from '../../tests/support/servers/index.mjs';

/** `npm run bench`: builds what is stale, gets a private PostgreSQL, measures what `bench/<name>.ts` does, and stops everything it started. */
export async function main([name = 'main'] = []) {
  process.chdir(root);
  const family = createProcessFamily();
  const servers = { stop: async () => {}, killNow: () => {}, env: {} };
  const stopEverything = async () => {
    await family.stopAll();
    await servers.stop();
  };
  const signals = onStopSignal(stopEverything, () => {
    family.killAll();
    servers.killNow();
  });
  try {
    await ensureInstalled();
    await ensureBuilt({ admin: false });
    const say = (line) => console.log(`✓ ${line}`);
    Object.assign(servers, await startServers(['postgres'], { say, isDurable: true }));
    const env = { ...process.env, ...servers.env };
    const { exited } = family.start([tools.tsx, inProject(`bench/${name}.ts`)], { env });
    process.exitCode = (await exited).code;
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
  await stopEverything();
  signals.release();
}
