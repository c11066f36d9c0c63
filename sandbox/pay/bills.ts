import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beijingDay, beijingDayStart, DAY_MS } from '../beijing-time';
import type { BillSpoil } from '../state';
import type { World } from '../world';
import { tradeBill, type BillType } from './bill-rows';
import { parseQuery } from './fields';
import { fundFlowBill } from './fund-flow';
import { badField, PayRefusal } from './refusal';

export const DOWNLOAD_PATH = '/v3/billdownload/file';
const URL_LIFETIME_MS = 5 * 60_000;
/** Yesterday's bill can be fetched from ten o'clock, Beijing time. */
const READY_AFTER_MS = 10 * 3_600_000;
const KEPT_DAYS = 92;

function dayOf(world: World, billDate: string): number {
  const startMs = beijingDayStart(billDate);
  if (startMs === undefined) {
    throw badField({
      field: 'bill_date',
      value: billDate,
      issue: 'must be a day, YYYY-MM-DD',
      location: 'query',
    });
  }
  const todayStart = beijingDayStart(beijingDay(world.now())) ?? 0;
  if (startMs >= todayStart || startMs < todayStart - KEPT_DAYS * DAY_MS) {
    throw new PayRefusal(400, 'INVALID_REQUEST', '账单日期只能是三个月内且早于今天');
  }
  if (startMs === todayStart - DAY_MS && world.now() - todayStart < READY_AFTER_MS) {
    throw new PayRefusal(400, 'STATEMENT_CREATING', '账单生成中');
  }
  return startMs;
}

function oneOf<Value extends string>(field: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined)
    throw badField({ field, value, issue: `must be one of ${allowed.join(', ')}`, location: 'query' });
  return found;
}

/** Makes bills and hands them out under addresses that live five minutes. */
export class BillDesk {
  private readonly files = new Map<string, { content: Buffer; madeAt: number }>();

  constructor(private readonly world: World) {}

  /** Trade bill application. Throws PARAM_ERROR, INVALID_REQUEST, STATEMENT_CREATING, NO_STATEMENT_EXIST. */
  trade(query: URLSearchParams): Record<string, unknown> {
    const asked = parseQuery(query, ['bill_date'], ['bill_type', 'tar_type']);
    const type = oneOf<BillType>('bill_type', asked.bill_type ?? 'ALL', ['ALL', 'SUCCESS', 'REFUND']);
    const day = dayOf(this.world, asked.bill_date);
    const text = type === 'ALL' ? this.complete(asked.bill_date, day) : tradeBill(this.world, day, type);
    return this.handOut(text, asked.tar_type);
  }

  /** The complete trade bill of a day: what was put in its place, else the true one; undefined when nothing happened. */
  complete(billDate: string, day = dayOf(this.world, billDate)): string | undefined {
    return this.world.state.billTexts[billDate] ?? tradeBill(this.world, day, 'ALL');
  }

  /** Fund-flow bill application; only the basic account has movements here. Throws like `trade`. */
  fundFlow(query: URLSearchParams): Record<string, unknown> {
    const asked = parseQuery(query, ['bill_date'], ['account_type', 'tar_type']);
    const account = oneOf('account_type', asked.account_type ?? 'BASIC', ['BASIC', 'OPERATION', 'FEES']);
    const day = dayOf(this.world, asked.bill_date);
    return this.handOut(account === 'BASIC' ? fundFlowBill(this.world, day) : undefined, asked.tar_type);
  }

  /** The file behind a download address. Throws 400 INVALID_REQUEST when the address is unknown or has expired. */
  download(query: URLSearchParams): Buffer {
    const { token } = parseQuery(query, ['token']);
    const file = this.files.get(token);
    if (!file || this.world.now() - file.madeAt > URL_LIFETIME_MS) {
      throw new PayRefusal(400, 'INVALID_REQUEST', '下载链接已失效，请重新获取');
    }
    return file.content;
  }

  private takeSpoil(): BillSpoil['how'] | undefined {
    const [spoil] = this.world.state.billSpoils;
    if (!spoil) return undefined;
    spoil.times -= 1;
    if (spoil.times <= 0) this.world.state.billSpoils.shift();
    this.world.changed();
    return spoil.how;
  }

  private handOut(plain: string | undefined, tarType: string | undefined): Record<string, unknown> {
    if (plain === undefined) throw new PayRefusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
    if (tarType !== undefined) oneOf('tar_type', tarType, ['GZIP']);
    const content = Buffer.from(plain, 'utf8');
    const token = randomBytes(24).toString('base64url');
    const packed = tarType ? gzipSync(content) : content;
    const spoil = this.takeSpoil();
    const served = spoil === 'truncated' ? packed.subarray(0, packed.length / 2) : packed;
    this.files.set(token, { content: served, madeAt: this.world.now() });
    return {
      hash_type: 'SHA1',
      // Over the uncompressed file, as the official sample checks it.
      hash_value: createHash('sha1')
        .update(spoil === 'hash' ? `${plain} ` : content)
        .digest('hex'),
      download_url: `${this.world.payUrl}${DOWNLOAD_PATH}?token=${token}`,
    };
  }
}
