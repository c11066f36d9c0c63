import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  randomInt,
  type KeyObject,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SandboxStartError } from './start-error';
import { haierAccountSchema, newHaierAccount, newYlhAccount, ylhAccountSchema } from './supplier/accounts';

const identitySchema = z.object({
  appId: z.string(),
  appSecret: z.string(),
  mchId: z.string(),
  merchantSerialNo: z.string(),
  apiV3Key: z.string().length(32),
  publicKeyId: z.string(),
  haier: haierAccountSchema,
  ylh: ylhAccountSchema,
});

/** The accounts of this sandbox and the keys of both sides; none of them means anything outside it. */
export interface Identity extends z.infer<typeof identitySchema> {
  merchantPublicKey: KeyObject;
  platformPrivateKey: KeyObject;
  /** For the shop: its own private key and WeChat Pay's public key, as PEM files. */
  merchantKeyPath: string;
  platformPublicKeyPath: string;
  /** Removes the keys again when they were only made for this run. */
  dispose: () => void;
}

const FILES = {
  identity: 'identity.json',
  merchantKey: 'merchant-private-key.pem',
  platformKey: 'wechat-pay-private-key.pem',
  platformPublicKey: 'wechat-pay-public-key.pem',
} as const;

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

function newIdentity(): z.infer<typeof identitySchema> {
  return {
    appId: `wx${randomBytes(8).toString('hex')}`,
    appSecret: randomBytes(16).toString('hex'),
    mchId: `16${digits(8)}`,
    merchantSerialNo: randomBytes(20).toString('hex').toUpperCase(),
    // 32 ASCII characters used as they are: WeChat Pay APIv3, "APIv3 key" (neither hex nor base64 of something).
    apiV3Key: randomBytes(16).toString('hex'),
    publicKeyId: `PUB_KEY_ID_01${digits(32)}`,
    haier: newHaierAccount(),
    ylh: newYlhAccount(),
  };
}

function writePrivately(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  // The mode above only applies to a new file.
  chmodSync(path, 0o600);
}

async function writeKeys(dir: string): Promise<void> {
  const generate = promisify(generateKeyPair);
  const [merchant, platform] = await Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('rsa', { modulusLength: 2048 }),
  ]);
  const privatePem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  writePrivately(join(dir, FILES.merchantKey), privatePem(merchant.privateKey));
  writePrivately(join(dir, FILES.platformKey), privatePem(platform.privateKey));
  const publicPem = platform.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writePrivately(join(dir, FILES.platformPublicKey), publicPem);
}

function readIdentity(dir: string): z.infer<typeof identitySchema> {
  const path = join(dir, FILES.identity);
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof stored === 'object' && stored !== null && !('haier' in stored)) {
      // Written before there were Haier and YLH: they are added, and WeChat's part stays as it is.
      Object.assign(stored, { haier: newHaierAccount(), ylh: newYlhAccount() });
      writePrivately(path, JSON.stringify(stored, undefined, 2));
    }
    return identitySchema.parse(stored);
  } catch {
    throw new SandboxStartError(`${path} is damaged; delete the sandbox directory to start afresh.`);
  }
}

function temporaryDirectory(): { dir: string; dispose: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'wechat-sandbox-'));
  const dispose = (): void => {
    process.removeListener('exit', dispose);
    rmSync(dir, { recursive: true, force: true });
  };
  // Also when a test run ends without stop().
  process.once('exit', dispose);
  return { dir, dispose };
}

/**
 * The identity kept in `dir`, made there on first use (files 0600); without `dir` a fresh one whose key files live in a
 * temporary directory until `dispose`. Throws SandboxStartError when the stored one cannot be read.
 */
export async function openIdentity(dir: string | undefined): Promise<Identity> {
  const place = dir === undefined ? temporaryDirectory() : { dir: resolve(dir), dispose: () => undefined };
  mkdirSync(place.dir, { recursive: true, mode: 0o700 });
  if (!existsSync(join(place.dir, FILES.identity))) {
    // Keys first: an interrupted start leaves no identity file, and the next one begins again.
    await writeKeys(place.dir);
    writePrivately(join(place.dir, FILES.identity), JSON.stringify(newIdentity(), undefined, 2));
  }
  const identity = readIdentity(place.dir);
  const pem = (file: string): string => readFileSync(join(place.dir, file), 'utf8');
  return {
    ...identity,
    merchantPublicKey: createPublicKey(pem(FILES.merchantKey)),
    platformPrivateKey: createPrivateKey(pem(FILES.platformKey)),
    merchantKeyPath: join(place.dir, FILES.merchantKey),
    platformPublicKeyPath: join(place.dir, FILES.platformPublicKey),
    dispose: place.dispose,
  };
}
