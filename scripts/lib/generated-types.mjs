import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './installation.mjs';
import { withLock } from './lock.mjs';
import { inProject, tools } from './project.mjs';
import { Refusal, refusing } from './refusal.mjs';
import { runCommand } from './run-command.mjs';
import { ensureServerBuilt } from './server-build.mjs';
import { toolEnvironment } from './tool-environment.mjs';

const COMMITTED = 'types/generated';

/** `npm run types [-- --check]`: writes the types of all content types, or fails when the committed ones are not theirs. */
export const main = (args) =>
  refusing(async () => {
    await ensureInstalled();
    if (!args.includes('--check')) {
      await generateInto(COMMITTED);
      console.log(`✓ 已更新 ${COMMITTED}。 ${COMMITTED} is up to date.`);
      return;
    }
    await assertTypesFresh();
    console.log(`✓ ${COMMITTED} 与内容类型一致。 ${COMMITTED} matches the content types.`);
  });

/** Throws a Refusal that names the files of types/generated that differ from what the content types give. */
export async function assertTypesFresh() {
  const folder = '.cache/types-check/generated';
  try {
    await generateInto(folder);
    const names = new Set([...listFiles(COMMITTED), ...listFiles(folder)]);
    const stale = [...names].filter((name) => read(COMMITTED, name) !== read(folder, name));
    if (stale.length > 0) {
      throw new Refusal(
        `${COMMITTED} 已过期（${stale.join(', ')}），请运行 npm run types 并提交。`,
        `${COMMITTED} is stale (${stale.join(', ')}): run npm run types and commit.`,
      );
    }
  } finally {
    fs.rmSync(inProject(path.dirname(folder)), { recursive: true, force: true });
  }
}

async function generateInto(folder) {
  await withLock('build', async () => {
    // Code that uses a new content type does not compile before its types exist; a deleted one must be gone from dist.
    await ensureServerBuilt({ tolerateErrors: true });
    const { code, tail } = await runCommand(
      tools.strapi,
      ['ts:generate-types', '--silent', '--out-dir', path.dirname(folder)],
      {
        env: toolEnvironment({ production: false }),
        quiet: true,
      },
    );
    if (code === 0) return;
    console.error(tail);
    throw new Refusal('生成类型失败，原因见上。', 'The types could not be generated: see above.');
  });
}

function listFiles(folder) {
  try {
    return fs.readdirSync(inProject(folder)).filter((name) => name.endsWith('.ts'));
  } catch {
    return [];
  }
}

function read(folder, name) {
  try {
    return fs.readFileSync(inProject(path.join(folder, name)), 'utf8');
  } catch {
    return undefined;
  }
}
