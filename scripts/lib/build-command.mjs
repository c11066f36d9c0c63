import { ensureAdminBuilt } from './admin-build.mjs';
import { ensureInstalled } from './installation.mjs';
import { withLock } from './lock.mjs';
import { refusing } from './refusal.mjs';
import { ensureServerBuilt } from './server-build.mjs';

/** Brings server and admin panel up to date, one process at a time. Returns true when something was built. */
export async function ensureBuilt({ force = false, admin = true } = {}) {
  const onWait = () =>
    console.log('… 另一个构建正在进行，等待它完成。 Another build is under way, waiting for it.');
  return withLock(
    'build',
    async () => {
      const server = await ensureServerBuilt({ force });
      return (admin && (await ensureAdminBuilt({ force }))) || server;
    },
    { onWait },
  );
}

/** `npm run build [-- --force]` */
export const main = (args) =>
  refusing(async () => {
    await ensureInstalled();
    const built = await ensureBuilt({ force: args.includes('--force') });
    console.log(built ? '✓ 构建完成。 Built.' : '✓ 已是最新。 Already up to date.');
  });
