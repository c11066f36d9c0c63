/** Who may come near: proxies that are believed, origins that may call, hosts, time limits, the first accounts. */
import { isIP } from 'node:net';

import type { SettingProblem } from './rules';
import type { RawEnvironment } from './schema';

const ADDRESS_BITS: Record<number, number> = { 4: 32, 6: 128 };

function isProxyEntry(entry: string): boolean {
  if (entry === 'loopback') return true;
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = ADDRESS_BITS[isIP(address)];
  if (bits === undefined || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function proxyProblems({ TRUST_PROXY: entries }: RawEnvironment): SettingProblem[] {
  const isHops = entries.length === 1 && /^\d{1,2}$/.test(entries[0] ?? '');
  if (isHops || entries.every(isProxyEntry)) return [];
  return [
    {
      name: 'TRUST_PROXY',
      message: 'must be addresses, subnets (10.0.0.0/8) or loopback, comma-separated, or one number of hops',
    },
  ];
}

const isOrigin = (value: string): boolean =>
  value === '*' || (URL.canParse(value) && new URL(value).origin === value.toLowerCase());

function originProblems({ CORS_ORIGINS: origins }: RawEnvironment): SettingProblem[] {
  const wrong = origins.filter((origin) => !isOrigin(origin));
  if (wrong.length === 0) return [];
  return [
    { name: 'CORS_ORIGINS', message: `must be origins like https://shop.example.com, not ${wrong[0]}` },
  ];
}

/** A name or an address, and a port when only that one is meant. */
const isHost = (value: string): boolean =>
  URL.canParse(`https://${value}`) &&
  [new URL(`https://${value}`).host, `${new URL(`https://${value}`).hostname}:443`].includes(
    value.toLowerCase(),
  );

function hostProblems({ ALLOWED_HOSTS: hosts, NODE_ENV }: RawEnvironment): SettingProblem[] {
  if (hosts.includes('*')) {
    const message = NODE_ENV === 'production' ? 'is *; list the hosts of the shop' : 'is *; leave it empty';
    return [{ name: 'ALLOWED_HOSTS', message }];
  }
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong === undefined) return [];
  return [{ name: 'ALLOWED_HOSTS', message: `must be hosts like shop.example.com, not ${wrong}` }];
}

function timeLimitProblems(environment: RawEnvironment): SettingProblem[] {
  if (environment.REQUEST_HEADERS_TIMEOUT_SECONDS <= environment.REQUEST_TIMEOUT_SECONDS) return [];
  return [{ name: 'REQUEST_HEADERS_TIMEOUT_SECONDS', message: 'is greater than REQUEST_TIMEOUT_SECONDS' }];
}

const FIRST_ACCOUNTS = [
  ['FIRST_ADMIN_EMAIL', 'FIRST_ADMIN_PASSWORD'],
  ['FIRST_STAFF_USERNAME', 'FIRST_STAFF_PASSWORD'],
] as const;
const MIN_PASSWORD_LENGTH = 8;
/** bcrypt reads no further. */
const MAX_PASSWORD_BYTES = 72;

function accountProblems(environment: RawEnvironment): SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const [name, password] of FIRST_ACCOUNTS) {
    const [account, secret] = [environment[name], environment[password]];
    if (account === undefined && secret !== undefined)
      problems.push({ name, message: `is not set, and ${password} is` });
    if (account !== undefined && secret === undefined)
      problems.push({ name: password, message: `is not set, and ${name} is` });
    if (
      secret !== undefined &&
      (secret.length < MIN_PASSWORD_LENGTH || Buffer.byteLength(secret) > MAX_PASSWORD_BYTES)
    )
      problems.push({
        name: password,
        message: `must have at least ${MIN_PASSWORD_LENGTH} characters and at most ${MAX_PASSWORD_BYTES} bytes`,
      });
  }
  const email = environment.FIRST_ADMIN_EMAIL;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    problems.push({ name: 'FIRST_ADMIN_EMAIL', message: 'is not an e-mail address' });
  return problems;
}

/** What is wrong with them; empty when nothing is. */
export const accessProblems = (environment: RawEnvironment): SettingProblem[] => [
  ...proxyProblems(environment),
  ...originProblems(environment),
  ...hostProblems(environment),
  ...timeLimitProblems(environment),
  ...accountProblems(environment),
];
