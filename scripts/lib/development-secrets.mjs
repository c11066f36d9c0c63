import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { envFile, readEnvFile } from './settings.mjs';

const secret = () => randomBytes(32).toString('base64url');

/** A password with a small letter, a capital and a digit, as Strapi's admin panel demands. */
export function makePassword() {
  for (;;) {
    const password = randomBytes(12).toString('base64url');
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /[0-9]/.test(password)) return password;
  }
}

const MAKERS = {
  APP_KEYS: () => [secret(), secret(), secret(), secret()].join(','),
  ADMIN_JWT_SECRET: secret,
  JWT_SECRET: secret,
  API_TOKEN_SALT: secret,
  TRANSFER_TOKEN_SALT: secret,
  ENCRYPTION_KEY: secret,
  FIRST_ADMIN_EMAIL: () => 'admin@example.com',
  FIRST_ADMIN_PASSWORD: makePassword,
  FIRST_STAFF_USERNAME: () => 'staff',
  FIRST_STAFF_PASSWORD: makePassword,
};

/**
 * Makes the secrets a development shop needs, once, and keeps them in `.env` for its owner's eyes only (0600). A value that is
 * there already is never changed: only missing or empty ones are appended. Returns the names it made.
 */
export function ensureDevelopmentSecrets(file = envFile) {
  const present = readEnvFile(file);
  const missing = Object.keys(MAKERS).filter((name) => !present[name]);
  if (missing.length > 0) {
    const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    const lines = missing.map((name) => `${name}=${MAKERS[name]()}`);
    const heading =
      '# 由 npm start 生成，仅供本机开发使用。 Made by npm start for development on this machine only.';
    fs.appendFileSync(file, `${gap}${heading}\n${lines.join('\n')}\n`, { mode: 0o600 });
  }
  // Also when nothing was missing: a .env copied from .env.example is often readable by everybody.
  if ((fs.statSync(file).mode & 0o077) !== 0) fs.chmodSync(file, 0o600);
  return missing;
}
