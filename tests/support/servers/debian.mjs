import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';
const NO_CLUSTER = '/etc/postgresql-common/createcluster.d/shop-test.conf';

/** True on a Debian (or Ubuntu) where this process may install packages. */
export function canInstallPackages() {
  return (
    process.getuid?.() === 0 &&
    fs.existsSync('/etc/debian_version') &&
    run('apt-get', ['--version']).status === 0
  );
}

/**
 * Installs packages with apt, without questions. The packages' own servers are neither created nor started: the tests start
 * theirs, and nobody asked for others. Returns undefined, or what went wrong in a few words.
 */
export function installPackages(packages) {
  const undo = [forbidServices(), forbidCluster()];
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' };
    const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120'];
    run('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const install = ['install', ...options, '--no-install-recommends', ...packages];
    const result = run('apt-get', install, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    return result.status === 0 ? undefined : `apt-get install ${packages.join(' ')} failed`;
  } finally {
    for (const step of undo) step();
  }
}

// Debian asks this script before a package starts its service; 101 means no.
function forbidServices() {
  if (fs.existsSync(POLICY)) return () => {};
  fs.writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => fs.rmSync(POLICY, { force: true });
}

function forbidCluster() {
  const folder = path.dirname(NO_CLUSTER);
  const missing = [path.dirname(folder), folder].filter((each) => !fs.existsSync(each));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(NO_CLUSTER, 'create_main_cluster = false\n');
  return () => {
    fs.rmSync(NO_CLUSTER, { force: true });
    for (const each of missing.reverse()) {
      if (fs.existsSync(each) && fs.readdirSync(each).length === 0) fs.rmdirSync(each);
    }
  };
}

const run = (command, args, options = {}) => spawnSync(command, args, { encoding: 'utf8', ...options });
