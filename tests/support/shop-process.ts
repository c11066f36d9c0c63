/** The shop in processes of its own, as a supervisor runs it in service: web processes and workers, which may be killed. */
import { DIST, PROJECT_ROOT } from './boot';
import { type NodeProcess, runNode } from './hostile-process';
import { THROWN_AWAY } from './logged';

const START = `
const { createStrapi } = require('@strapi/strapi');
const [appDir, distDir] = process.argv.slice(1);
process.on('disconnect', () => process.exit(0));
// A disk that is full by a limit of the process: else the kernel ends it, which no disk does.
process.on('SIGXFSZ', () => undefined);
createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false })
  .load()
  .then((strapi) => {
    strapi.server.mount();
    const server = strapi.server.httpServer;
    server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  })
  .catch((error) => { console.error(error); process.exit(2); });
`;

export type Role = 'all' | 'web' | 'worker';

export interface RoleProcess {
  role: Role;
  pid: number;
  url: string;
  isAlive(): boolean;
  output(): string;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
}

/**
 * Begins one process, of this project or a copy of it with its `dist`. Not in test mode: what nobody handles ends it as it would in service. Its
 * first message is `{port}`, once it listens.
 */
export const runRole = (
  role: Role,
  variables: Record<string, string>,
  [project, dist] = [PROJECT_ROOT, DIST],
): NodeProcess =>
  runNode(START, [project, dist], {
    LOG_DIR: THROWN_AWAY,
    ...variables,
    NODE_ENV: 'development',
    LOG_LEVEL: process.env.RACE_LOG_LEVEL ?? 'error',
    PROCESS_ROLE: role,
  });

/** Starts one process; resolves when it listens. */
export async function startRole(role: Role, variables: Record<string, string>): Promise<RoleProcess> {
  const child = runRole(role, variables);
  const { port } = (await child.message()) as { port: number };
  return {
    role,
    pid: child.pid,
    url: `http://127.0.0.1:${port}`,
    isAlive: child.isAlive,
    output: child.output,
    kill: child.stop,
  };
}
