import fs from 'node:fs';
import path from 'node:path';
import { BREAKS, withoutSafeguards } from './breaks.mjs';
import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { createProcessFamily, onStopSignal } from './process-family.mjs';
import { inProject, root, tools } from './project.mjs';
import { Refusal, report } from './refusal.mjs';
import { startServers } from '../../tests/support/servers/index.mjs';

/** `node scripts/break-it.mjs [name …]`: takes each safeguard out of a copy and succeeds when the tests go red every time. */
export async function main(names) {
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
    const chosen = choose(names);
    await ensureInstalled();
    if (process.env.SHOP_DIST === undefined) await ensureBuilt({ admin: false });
    Object.assign(
      servers,
      await startServers(['postgres', 'redis'], { say: (line) => console.log(`✓ ${line}`) }),
    );
    const stayedGreen = [];
    for (const each of chosen) if (!(await goesRed(each, family, servers.env))) stayedGreen.push(each.name);
    process.exitCode = stayedGreen.length === 0 ? 0 : 1;
  } catch (error) {
    report(error);
  }
  await stopEverything();
  signals.release();
}

function choose(names) {
  const unknown = names.filter((name) => !BREAKS.some((each) => each.name === name));
  if (unknown.length > 0) {
    const known = BREAKS.map((each) => each.name).join(', ');
    throw new Refusal(`没有 ${unknown.join(', ')}，只有：${known}。`, `There is no ${unknown.join(', ')}.`);
  }
  return names.length === 0 ? BREAKS : BREAKS.filter((each) => names.includes(each.name));
}

/** Where the copy stands: inside the project, so that it finds the same packages. */
const copyFolder = (name) => inProject('.tmp', `broken-${name}`);

async function goesRed({ name, says, cuts, run }, family, servers) {
  const copy = copyFolder(name);
  try {
    makeBrokenCopy(copy, cuts);
    const env = { ...process.env, ...servers, SHOP_DIST: copy, TEST_DATABASE: 'postgres', NODE_ENV: 'test' };
    const { exited } = family.start(
      [tools.jest, '--selectProjects=integration-postgres', '--runInBand', ...run],
      {
        env: { ...env, ENV_PATH: inProject('.cache', 'no-env-file'), STRAPI_TELEMETRY_DISABLED: 'true' },
      },
    );
    const { code } = await exited;
    const isRed = code !== 0;
    console.log(
      isRed
        ? `✓ ${name}：测试变红。 Without ${says} the tests go red.`
        : `✗ ${name}：测试仍为绿色。 Without ${says} the tests stay green.`,
    );
    return isRed;
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function makeBrokenCopy(copy, cuts) {
  fs.rmSync(copy, { recursive: true, force: true });
  const dist = process.env.SHOP_DIST ?? inProject('dist');
  const isPanel = (file) => path.relative(dist, file).split(path.sep)[0] === 'build';
  fs.cpSync(dist, copy, { recursive: true, filter: (file) => !isPanel(file) });
  for (const [file, text] of withoutSafeguards(copy, cuts)) fs.writeFileSync(path.join(copy, file), text);
}
