import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { createProcessFamily, onStopSignal } from './process-family.mjs';
import { inProject, root, tools } from './project.mjs';
import { Refusal, report } from './refusal.mjs';
import { startServers } from '../../tests/support/servers/index.mjs';

/**
 * Safeguards that can be taken out of a copy of the compiled shop, and the tests that must go red without them. `cut` is what is
 * taken out of `file` (and what takes its place); a pattern that is not there is an error, so that this list cannot go stale.
 */
export const BREAKS = [
  {
    name: 'stock-condition',
    says: 'the condition of the stock statement',
    cuts: [
      {
        file: 'src/api/inventory/services/stock.js',
        cut: /builder\.whereRaw\('on_hand - locked >= \?', \[quantity\]\)/,
      },
    ],
    run: ['tests/concurrency/races', '-t', '500 buyers for 10 pieces'],
  },
  {
    name: 'stock-condition-and-check',
    says: 'the condition of the stock statement and the CHECK behind it',
    cuts: [
      {
        file: 'src/api/inventory/services/stock.js',
        cut: /builder\.whereRaw\('on_hand - locked >= \?', \[quantity\]\)/,
      },
      {
        file: 'database/declared.js',
        cut: /condition: 'locked >= 0 and locked <= on_hand'/,
        by: "condition: '1 = 1'",
      },
    ],
    run: ['tests/concurrency/races', '-t', '500 buyers for 10 pieces'],
  },
  {
    name: 'settlement',
    says: 'the compare-and-set of the settlement',
    cuts: [
      { file: 'src/api/payment/services/settlement.js', cut: /\.whereNot\('status', 'succeeded'\)/ },
      {
        file: 'src/api/payment/services/settlement.js',
        cut: /if \(payment\.status === 'succeeded'\)\s+return 'already_settled';/,
      },
    ],
    run: ['tests/concurrency/races', '-t', '50 copies'],
  },
  {
    name: 'ledger-index',
    says: 'the unique indexes of the ledger',
    cuts: [
      { file: 'database/declared.js', cut: /\{\s+name: 'shop_unique_inventory_log',[^}]+\},/ },
      { file: 'database/declared.js', cut: /\{\s+name: 'shop_unique_inventory_end',[^}]+\},/ },
    ],
    run: ['tests/integration/audit.test.ts'],
  },
  {
    name: 'order-lock',
    says: 'the lock on the order and the condition of its update',
    cuts: [
      { file: 'src/api/order/services/lifecycle.js', cut: /\.forUpdate\(\)/g },
      {
        file: 'src/api/order/services/lifecycle.js',
        cut: /\.where\(\{ id: order\.id, status: order\.status, version: order\.version \}\)/,
        by: '.where({ id: order.id })',
      },
    ],
    run: ['tests/concurrency/races', '-t', 'every pairing|two staff|ship against'],
  },
  {
    name: 'haier-turns',
    says: 'the turns in which orders of one Haier product are counted',
    cuts: [{ file: 'src/api/order/services/supplier-allowance.js', cut: /await takeTurns\(tx, wanted\);/ }],
    run: ['tests/concurrency/races', '-t', 'last pieces at Haier'],
  },
];

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
  for (const { file, cut, by = '' } of cuts) {
    const where = path.join(copy, file);
    const text = fs.readFileSync(where, 'utf8');
    const broken = text.replace(cut, by);
    if (broken === text) throw new Refusal(`${file} 中没有 ${cut}。`, `${file} has no ${cut}.`);
    fs.writeFileSync(where, broken);
  }
}
