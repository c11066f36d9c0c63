/**
 * One day's bill of `BENCH_LINES` lines (100,000) against as many rows of the books, in a shop of its own, beside merely
 * reading and parsing the same file. Needs a compiled shop and TEST_DATABASE_URL: `npx tsx bench/reconciliation.ts`.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox } from '../sandbox';
import { databaseUrl, DIST, onDatabase, PROJECT_ROOT, runMain } from './ground';

const LINES = Number(process.env.BENCH_LINES ?? 100_000);
const REFUNDS = Math.floor(LINES / 20);
const PAYMENTS = LINES - REFUNDS;
const LIMIT = { seconds: 60, megabytes: 300 };

interface Watched {
  seconds: number;
  peak: number;
}
interface Report {
  atRest: number;
  compared: Watched;
  again: Watched;
  parsed: Watched;
  run: {
    status: string;
    payment_count: number;
    refund_count: number;
    difference_count: number;
    error: string | null;
  };
}

const NAMES =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMMARY =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

const row = (day: string, n: number, refund: boolean): string =>
  [
    `${day} 12:00:00`,
    'wx0123456789abcdef',
    '1900000001',
    '0',
    '',
    `T${n}`,
    `P${n}`,
    'o0123456789012345678901234567',
    'JSAPI',
    refund ? 'REFUND' : 'SUCCESS',
    'OTHERS',
    'CNY',
    refund ? '0.00' : '100.00',
    '0.00',
    refund ? `5030${n}` : '0',
    refund ? `R${n}` : '0',
    refund ? '1.00' : '0.00',
    '0.00',
    refund ? 'ORIGINAL' : '',
    refund ? 'SUCCESS' : '',
    '变频冷暖空调 1.5 匹',
    '',
    '0.60',
    '0.60%',
    refund ? '0.00' : '100.00',
    refund ? '1.00' : '0.00',
    '',
  ]
    .map((value) => `\`${value}`)
    .join(',');

function makeBill(day: string): string {
  const lines = [`\uFEFF${NAMES}`];
  for (let n = 1; n <= PAYMENTS; n += 1) lines.push(row(day, n, false));
  for (let n = 1; n <= REFUNDS; n += 1) lines.push(row(day, n, true));
  const paid = `${PAYMENTS * 100}.00`;
  const sums = [String(LINES), paid, `${REFUNDS}.00`, '0.00', '0.00', paid, `${REFUNDS}.00`];
  lines.push(SUMMARY, sums.map((sum) => `\`${sum}`).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

const secret = () => randomBytes(24).toString('hex');

/** The shop's settings for a process that only compares. */
const shopEnvironment = (database: string): Record<string, string> => ({
  NODE_ENV: 'development',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'http://127.0.0.1:1337',
  LOG_LEVEL: 'error',
  PROCESS_ROLE: 'web',
  SANDBOX: 'false',
  SEED_DEMO: 'false',
  DATABASE_CLIENT: 'postgres',
  DATABASE_URL: databaseUrl(database),
  APP_KEYS: secret(),
  ADMIN_JWT_SECRET: secret(),
  JWT_SECRET: secret(),
  API_TOKEN_SALT: secret(),
  TRANSFER_TOKEN_SALT: secret(),
  ENCRYPTION_KEY: secret(),
  STRAPI_TELEMETRY_DISABLED: 'true',
});

function runShop(variables: Record<string, string>): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'reconcile-built.cjs'), {
      env: { ...process.env, ...variables },
      // So that what it holds at rest is not what booting left behind.
      execArgv: ['--expose-gc'],
    });
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', (code) => reject(new Error(`the shop ended with ${code} before it had compared`)));
  });
}

function print({ atRest, compared, again, parsed, run }: Report, bytes: number): void {
  const line = (name: string, { seconds, peak }: Watched): void =>
    console.log(
      `${name.padEnd(38)} ${seconds.toFixed(1).padStart(6)} s   ${(LINES / seconds).toFixed(0).padStart(8)} lines/s   peak ${peak.toFixed(0)} MB (+${(peak - atRest).toFixed(0)})   ${(seconds / parsed.seconds).toFixed(1)} × parsing alone`,
    );
  console.log(
    `Node ${process.version}, ${cpus().length} cores; a bill of ${LINES} lines, ${(bytes / 1e6).toFixed(1)} MB; at rest ${atRest.toFixed(0)} MB`,
  );
  line('reading and parsing the file alone', parsed);
  line('fetch, check, compare, record', compared);
  line('the same day again', again);
  console.log(
    `${run.status}: ${run.payment_count} payments, ${run.refund_count} refunds, ${run.difference_count} differences found${run.error === null ? '' : `; ${run.error}`}`,
  );
  const isWithin = compared.seconds < LIMIT.seconds && compared.peak < LIMIT.megabytes;
  console.log(`aim: under ${LIMIT.seconds} s and ${LIMIT.megabytes} MB: ${isWithin ? 'reached' : 'MISSED'}`);
  if (!isWithin || run.status !== 'completed') process.exitCode = 1;
}

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'shop-bench-bill-'));
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  try {
    await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
    // The day before yesterday: its bill is there at any hour.
    const day = new Date(Date.now() + 8 * 3_600_000 - 2 * 86_400_000).toISOString().slice(0, 10);
    const file = join(folder, 'bill.csv');
    const text = makeBill(day);
    writeFileSync(file, text);
    sandbox.control.bills.replace(day, text);
    const variables = {
      ...shopEnvironment(database),
      ...sandbox.env,
      BENCH_APP_DIR: PROJECT_ROOT,
      BENCH_DIST_DIR: DIST,
      BENCH_DAY: day,
      BENCH_BILL: file,
      BENCH_PAYMENTS: String(PAYMENTS),
      BENCH_REFUNDS: String(REFUNDS),
    };
    print(await runShop(variables), statSync(file).size);
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
    await onDatabase(undefined, (client) =>
      client.query(`drop database if exists "${database}" with (force)`),
    );
  }
}

runMain(main);
