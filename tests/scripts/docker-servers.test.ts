import fs from 'node:fs';
import path from 'node:path';
import { evaluate, projectRoot, temporaryFolder } from './in-node';

const folder = temporaryFolder();
const log = path.join(folder, 'calls');

/** A `docker` that writes down how it was called and plays an engine that is up, down, or fails to start the servers. */
function playDocker(mode: 'up' | 'down' | 'broken') {
  const program = `#!/bin/sh
echo "$@" >> '${log}'
case "$*" in
  *"port postgres 5432"*) echo 127.0.0.1:40001 ;;
  *"port redis 6379"*) echo 127.0.0.1:40002 ;;
  info*) [ ${mode} != down ] ;;
  *" up "*) [ ${mode} != broken ] ;;
esac
`;
  fs.rmSync(log, { force: true });
  fs.writeFileSync(path.join(folder, 'docker'), program, { mode: 0o755 });
}

const run = <T>(code: string) =>
  evaluate<T>(`
    process.env.PATH = ${JSON.stringify(`${folder}:/usr/bin:/bin`)};
    const { isDockerReady, startWithDocker } = await import(${JSON.stringify(`file://${projectRoot}/tests/support/servers/docker.mjs`)});
    ${code}
  `);

const calls = () => fs.readFileSync(log, 'utf8').trim().split('\n');

describe('servers from Docker Compose', () => {
  it('are started under a name of their own, found by their ports, and removed with their volumes', async () => {
    playDocker('up');
    const found = await run<{ ready: boolean; postgresUrl: string; redisUrl: string }>(`
      const ready = isDockerReady();
      const servers = await startWithDocker(['postgres', 'redis']);
      await servers.stop();
      answer({ ready, postgresUrl: servers.postgresUrl, redisUrl: servers.redisUrl });
    `);
    expect(found.ready).toBe(true);
    expect(found.postgresUrl).toMatch(/^postgres:\/\/postgres:[0-9a-f]+@127\.0\.0\.1:40001\/postgres$/);
    expect(found.redisUrl).toMatch(/^redis:\/\/:[0-9a-f]+@127\.0\.0\.1:40002$/);
    const project = /-p (shop-test-[0-9a-f]{8}) /.exec(calls()[2])?.[1];
    expect(calls()[2]).toMatch(/up --detach --wait postgres redis$/);
    expect(calls().at(-1)).toMatch(new RegExp(`-p ${project} .* down --volumes --remove-orphans`));
  });

  it('are removed when they do not start', async () => {
    playDocker('broken');
    const message = await run<string>(
      `answer(await startWithDocker(['redis']).then(() => 'started', (error) => error.message));`,
    );
    expect(message).toMatch(/could not start/);
    expect(calls().at(-1)).toMatch(/ down --volumes/);
  });

  it('are not asked for when the engine does not answer', async () => {
    playDocker('down');
    expect(await run<boolean>('answer(isDockerReady());')).toBe(false);
    fs.rmSync(path.join(folder, 'docker'));
    expect(await run<boolean>('answer(isDockerReady());')).toBe(false);
  });
});
