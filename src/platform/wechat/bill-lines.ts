/**
 * The text of a trade bill, line by line: UTF-8 that may begin with a BOM, a row of column names, rows whose every value
 * stands behind a backtick, then the names and the one row of a summary. Columns differ by type of bill and may be
 * added to, so they are found by name. (WeChat Pay APIv3, "trade bill".)
 */
import { yuanToFen } from '../../domain/money';

/** A bill that cannot be believed as a whole: broken on the way, cut off, or not adding up. */
export class BillDamagedError extends Error {
  constructor(message: string) {
    super(`the bill is damaged: ${message}`);
    this.name = 'BillDamagedError';
  }
}

/** One row of a trade bill. Amounts in fen; words in capitals are WeChat's. */
export interface BillLine {
  kind: 'payment' | 'refund';
  at: Date;
  outTradeNo: string;
  transactionId: string;
  /** 交易状态: SUCCESS, REFUND, REVOKED. */
  tradeState: string;
  /** What the payment took; of a refund, 0. */
  amountFen: number;
  outRefundNo: string | null;
  refundId: string | null;
  /** 退款状态: SUCCESS, PROCESSING, FAIL, CHANGE, as it stood when the bill was made. */
  refundState: string | null;
  refundFen: number;
}

const COLUMNS = {
  at: '交易时间',
  transactionId: '微信订单号',
  outTradeNo: '商户订单号',
  tradeState: '交易状态',
  amount: '订单金额',
  refundId: '微信退款单号',
  outRefundNo: '商户退款单号',
  refundState: '退款状态',
  refund: '申请退款金额',
} as const;
type Column = keyof typeof COLUMNS;

const SUMMARY = { rows: '总交易单数', amount: '订单总金额', refund: '申请退款总金额' } as const;
/** No honest row comes near it; without a limit one endless line would fill the memory. */
const MAX_LINE_CHARACTERS = 64 * 1024;
const BOM = '\uFEFF';

/** Splits a text that arrives in pieces into its lines, without their ends; the last may lack one. */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      yield rest.slice(start, rest[end - 1] === '\r' ? end - 1 : end);
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > MAX_LINE_CHARACTERS) throw new BillDamagedError('a line without end');
  }
  if (rest !== '') yield rest;
}

/** The values of a row. A comma inside a value is not followed by a backtick and so does not divide. */
const valuesOf = (line: string): string[] => line.slice(1).split(',`');

const namesOf = (line: string): string[] => line.split(',').map((name) => name.trim().replace(/^`/, ''));

function toFen(text: string, what: string): number {
  try {
    return yuanToFen(text);
  } catch {
    throw new BillDamagedError(`${what} is no amount`);
  }
}

const BILL_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

function toTime(text: string, place: string): Date {
  const match = BILL_TIME.exec(text);
  const time = new Date(match === null ? Number.NaN : `${match[1]}T${match[2]}+08:00`);
  if (Number.isNaN(time.getTime())) throw new BillDamagedError(`${place} has no time`);
  return time;
}

/** WeChat writes `0` or nothing where there is no number. */
const numberOrNull = (text: string): string | null => (text === '' || text === '0' ? null : text);

/** Turns rows into lines by the names in the bill's first row. Throws BillDamagedError when a needed column is missing. */
class RowReader {
  private readonly places = new Map<Column, number>();
  private readonly width: number;

  constructor(header: string) {
    const names = namesOf(header);
    this.width = names.length;
    for (const [column, name] of Object.entries(COLUMNS) as [Column, string][]) {
      const place = names.indexOf(name);
      if (place < 0) throw new BillDamagedError(`there is no column ${name}`);
      this.places.set(column, place);
    }
  }

  read(row: string, place: string): BillLine {
    const values = valuesOf(row);
    if (values.length !== this.width) throw new BillDamagedError(`${place} has ${values.length} values`);
    const value = (column: Column): string => (values[this.places.get(column) ?? -1] ?? '').trim();
    const outRefundNo = numberOrNull(value('outRefundNo'));
    const refundId = numberOrNull(value('refundId'));
    const isRefund = value('tradeState') === 'REFUND' || outRefundNo !== null || refundId !== null;
    return {
      kind: isRefund ? 'refund' : 'payment',
      at: toTime(value('at'), place),
      outTradeNo: value('outTradeNo'),
      transactionId: value('transactionId'),
      tradeState: value('tradeState'),
      amountFen: toFen(value('amount') || '0', place),
      outRefundNo,
      refundId,
      refundState: isRefund ? value('refundState') : null,
      refundFen: toFen(value('refund') || '0', place),
    };
  }
}

interface Totals {
  rows: number;
  amountFen: number;
  refundFen: number;
}

function checkSummary(names: string[], row: string, seen: Totals): void {
  const values = valuesOf(row);
  const value = (name: string): string => {
    const text = values[names.indexOf(name)];
    if (text === undefined) throw new BillDamagedError(`the summary lacks ${name}`);
    return text.trim();
  };
  const said: Totals = {
    rows: Number(value(SUMMARY.rows)),
    amountFen: toFen(value(SUMMARY.amount), 'the summary'),
    refundFen: toFen(value(SUMMARY.refund), 'the summary'),
  };
  for (const key of ['rows', 'amountFen', 'refundFen'] as const) {
    if (said[key] !== seen[key])
      throw new BillDamagedError(`its summary says ${said[key]} ${key}, its rows are ${seen[key]}`);
  }
}

/**
 * Reads a trade bill. Yields its rows one by one and ends well only when the summary is there and fits them. Throws
 * BillDamagedError, perhaps after rows have been yielded: nothing may be concluded from them before the end.
 */
export async function* readTradeBill(pieces: AsyncIterable<string>): AsyncGenerator<BillLine> {
  let reader: RowReader | undefined;
  let summaryNames: string[] | undefined;
  let isComplete = false;
  let lineNumber = 0;
  const seen: Totals = { rows: 0, amountFen: 0, refundFen: 0 };
  for await (const text of readLines(pieces)) {
    lineNumber += 1;
    const line = lineNumber === 1 && text.startsWith(BOM) ? text.slice(1) : text;
    if (line === '') continue;
    if (isComplete) throw new BillDamagedError(`line ${lineNumber} follows the summary`);
    if (reader === undefined) {
      reader = new RowReader(line);
    } else if (summaryNames !== undefined) {
      checkSummary(summaryNames, line, seen);
      isComplete = true;
    } else if (line.startsWith('`')) {
      const row = reader.read(line, `line ${lineNumber}`);
      seen.rows += 1;
      seen.amountFen += row.amountFen;
      seen.refundFen += row.refundFen;
      yield row;
    } else {
      summaryNames = namesOf(line);
    }
  }
  if (!isComplete) throw new BillDamagedError('it ends before its summary');
}
