/** WeChat Pay's bills: applied for, fetched into a file, and believed only when the hash fits. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { z } from 'zod';

import { settings } from '../../../config/environment';
import { createOutsideDownload, type OutsideDownload, OutcomeUnknownError } from '../http/outside-call';
import { BillDamagedError, type BillLine, readTradeBill } from './bill-lines';
import { type WechatPay, WechatPayError } from './pay-client';
import { errorAnswerSchema } from './pay-messages';
import { wechatPay } from './pay';

export { BillDamagedError, type BillLine } from './bill-lines';

const SERVICE = 'WeChat Pay bills';
/** A million rows and more; what is larger is no bill of this shop, or a small file that unpacks without end. */
const MAX_BILL_BYTES = 512 * 1024 * 1024;
const FOLDER_NAME = 'shop-bill-';
/** Older ones were left behind by a process that was killed. */
const FOLDER_LIFE_MS = 60 * 60_000;
const MAX_REFUSAL_BYTES = 64 * 1024;

const orderSchema = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-f]{40}$/i),
  download_url: z.url(),
});

/** A bill whose bytes are what WeChat said they are. */
export interface Bill {
  /** SHA-1 of the unpacked file, hexadecimal. */
  hash: string;
  /** Its rows, from the file, as often as asked. Throws BillDamagedError when they cannot be read or do not add up. */
  lines(): AsyncGenerator<BillLine>;
}

/** `empty`: nothing was traded on that day, which is final · `creating`: WeChat is still making it. */
export type BillAnswer<T> =
  { state: 'ready'; result: T } | { state: 'empty'; result: T } | { state: 'creating' };

/** Passes everything on, counts it and hashes it. */
class Checked extends Transform {
  private readonly sha1 = createHash('sha1');
  private size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += piece.length;
    if (this.size > this.maxBytes) {
      done(new BillDamagedError(`it is larger than ${this.maxBytes} bytes`));
      return;
    }
    this.sha1.update(piece);
    done(null, piece);
  }

  digest(): string {
    return this.sha1.digest('hex');
  }
}

async function readRefusal(status: number, body: Readable): Promise<WechatPayError> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_REFUSAL_BYTES) break;
    pieces.push(piece);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    parsed = undefined;
  }
  const { data } = errorAnswerSchema.safeParse(parsed);
  return new WechatPayError(status, data?.code ?? 'UNREADABLE', data?.message ?? '');
}

/** Removes what killed processes left behind; of two that do so at once, one finds it gone. */
async function removeForgotten(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(FOLDER_NAME));
  for (const name of names) {
    const folder = join(parent, name);
    const changedAt = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changedAt <= FOLDER_LIFE_MS) continue;
    // The folder for temporary files is everybody's: one of another user stays, and is no reason to stop.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The file's address on the host we know: the merchant's signature is sent nowhere else, whatever an answer says. */
function pathOf(downloadUrl: string): string {
  const { pathname, search } = new URL(downloadUrl);
  if (!pathname.startsWith('/v3/')) throw new BillDamagedError('its address is none of WeChat Pay');
  return pathname + search;
}

const isUnpackingError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && /^Z_/.test(String(error.code));

export class WechatBills {
  private readonly download: OutsideDownload;
  private readonly maxBytes: number;
  private readonly parent: string;

  constructor(
    private readonly pay: Pick<WechatPay, 'ask' | 'authorization'>,
    options: { baseUrl: string; download?: OutsideDownload; maxBytes?: number; folder?: string },
  ) {
    this.download = options.download ?? createOutsideDownload({ service: SERVICE, baseUrl: options.baseUrl });
    this.maxBytes = options.maxBytes ?? MAX_BILL_BYTES;
    this.parent = options.folder ?? tmpdir();
  }

  /**
   * Fetches the trade bill of a Beijing day (`YYYY-MM-DD`, before today) and lets `use` work on it; the file is gone
   * afterwards. An empty day gives `use` nothing. Throws OutcomeUnknownError or ServiceUnavailableError (ask again),
   * WechatPayError (refused), BillDamagedError (hash, gzip or size wrong).
   */
  async useTradeBill<T>(day: string, use: (bill: Bill | undefined) => Promise<T>): Promise<BillAnswer<T>> {
    let order: z.output<typeof orderSchema>;
    try {
      order = await this.pay.ask(
        orderSchema,
        `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`,
      );
    } catch (error) {
      if (!(error instanceof WechatPayError)) throw error;
      if (error.code === 'STATEMENT_CREATING') return { state: 'creating' };
      if (error.code === 'NO_STATEMENT_EXIST') return { state: 'empty', result: await use(undefined) };
      throw error;
    }
    // Readable by this process's user alone: the rows name shoppers' accounts at WeChat.
    await removeForgotten(this.parent);
    const folder = await mkdtemp(join(this.parent, FOLDER_NAME));
    try {
      const file = join(folder, 'bill.csv');
      const hash = await this.fetch(pathOf(order.download_url), file);
      if (hash !== order.hash_value.toLowerCase())
        throw new BillDamagedError('its hash is not the one WeChat announced');
      const lines = () => readTradeBill(createReadStream(file, { encoding: 'utf8' }));
      return { state: 'ready', result: await use({ hash, lines }) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Unpacks a bill into a file and returns the hash of what was unpacked, which is what WeChat's hash covers. */
  private async fetch(path: string, file: string): Promise<string> {
    const headers = {
      Accept: '*/*',
      'User-Agent': 'haier-mini-shop',
      Authorization: this.pay.authorization('GET', path),
    };
    return this.download({ url: path, headers }, async ({ status, body }) => {
      if (status !== 200) {
        const refusal = await readRefusal(status, body);
        // Addresses live five minutes; whatever the reason, the next attempt begins with a new one.
        throw new OutcomeUnknownError(SERVICE, refusal.message);
      }
      const checked = new Checked(this.maxBytes);
      try {
        await pipeline(body, createGunzip(), checked, createWriteStream(file, { mode: 0o600 }));
      } catch (error) {
        if (isUnpackingError(error)) throw new BillDamagedError(`it cannot be unpacked (${String(error)})`);
        throw error;
      }
      return checked.digest();
    });
  }
}

let bills: WechatBills | undefined;

/** This process's client for bills. Throws UPSTREAM_UNAVAILABLE when no merchant is configured. */
export function wechatBills(): WechatBills {
  if (bills !== undefined) return bills;
  const pay = wechatPay();
  bills = new WechatBills(pay, { baseUrl: settings().wechatPay?.baseUrl ?? '' });
  return bills;
}
