import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import promises from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { z } from 'zod';

import {
  createOutsideDownload,
  OutcomeUnknownError,
  ServiceUnavailableError,
} from '../../src/platform/http/outside-call';
import { type Bill, BillDamagedError, WechatBills } from '../../src/platform/wechat/bill-client';
import { WechatPayError } from '../../src/platform/wechat/pay-client';

const TEXT = [
  '交易时间,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,订单金额,申请退款金额',
  '`2031-03-05 10:00:00,`4200,`P-1,`SUCCESS,`0,`0,`,`1.00,`0.00',
  '总交易单数,订单总金额,申请退款总金额',
  '`1,`1.00,`0.00',
].join('\r\n');
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

let server: Server;
let baseUrl: string;
let answer: RequestListener;
let isInTransaction = false;
let folder: string;
const asked: { path?: string; authorization?: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bill-client-test-'));
  Object.assign(globalThis, { strapi: { db: { inTransaction: () => isInTransaction } } });
  server = createServer((request, response) => {
    asked.push({ path: request.url, authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
  Reflect.deleteProperty(globalThis, 'strapi');
});
beforeEach(() => {
  asked.length = 0;
  isInTransaction = false;
  answer = (_request, response) => response.end(gzipSync(TEXT));
});

const foldersLeft = () => readdirSync(folder);

interface Options {
  hash?: string;
  downloadUrl?: string;
  refusal?: WechatPayError;
  maxBytes?: number;
  idleMs?: number;
  timeoutMs?: number;
}

function client({ hash = sha1(TEXT), downloadUrl, refusal, maxBytes, idleMs, timeoutMs }: Options = {}) {
  const download = createOutsideDownload({ service: 'bills', baseUrl, timeoutMs });
  return new WechatBills(
    {
      ask: async <S extends z.ZodType>(schema: S) => {
        if (refusal !== undefined) throw refusal;
        return schema.parse({
          hash_type: 'SHA1',
          hash_value: hash,
          // Whatever host an answer names, the signature goes to the one that was configured.
          download_url: downloadUrl ?? 'https://elsewhere.example/v3/billdownload/file?token=1',
        });
      },
      authorization: (method, path) => `signed ${method} ${path}`,
    },
    { baseUrl, maxBytes, folder, download: (request, take) => download({ ...request, idleMs }, take) },
  );
}

const numbers = async (bill: Bill | undefined): Promise<string[]> => {
  const found: string[] = [];
  if (bill !== undefined) for await (const { outTradeNo } of bill.lines()) found.push(outTradeNo);
  return found;
};
const fetchBill = (options?: Options) => client(options).useTradeBill('2031-03-05', numbers);

describe('fetching a bill', () => {
  afterEach(() => expect(foldersLeft()).toEqual([]));

  it('signs path and query, checks the hash over the unpacked file and gives its lines', async () => {
    expect(await fetchBill()).toEqual({ state: 'ready', result: ['P-1'] });
    const path = '/v3/billdownload/file?token=1';
    expect(asked).toEqual([{ path, authorization: `signed GET ${path}` }]);
  });

  it.each([
    ['another hash', { hash: sha1('other') }],
    [
      'an address that is none of WeChat Pay',
      { downloadUrl: 'https://elsewhere.example//evil.example/file' },
    ],
    ['more bytes than a bill may have', { maxBytes: 100 }],
  ])('refuses %s', async (_name, options) => {
    const use = jest.fn();
    await expect(client(options).useTradeBill('2031-03-05', use)).rejects.toThrow(BillDamagedError);
    expect(use).not.toHaveBeenCalled();
  });

  it('refuses a file that is cut off or not packed', async () => {
    const packed = gzipSync(TEXT);
    for (const bytes of [packed.subarray(0, packed.length - 9), Buffer.from(TEXT)]) {
      answer = (_request, response) => response.end(bytes);
      await expect(fetchBill()).rejects.toThrow(BillDamagedError);
    }
  });

  it.each([
    ['the line breaks', {}, true],
    ['the line goes silent', { idleMs: 50 }, false],
    ['it takes too long altogether', { timeoutMs: 80 }, false],
  ])('does not know the outcome when %s', async (_name, options, isBroken) => {
    answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': '100000' });
      response.write(gzipSync(TEXT).subarray(0, 20), () => isBroken && response.destroy());
    };
    await expect(fetchBill(options)).rejects.toThrow(OutcomeUnknownError);
  });

  it('asks again later when the address was refused, and stops asking a host that keeps failing', async () => {
    answer = (_request, response) => response.writeHead(400).end('{"code":"INVALID_REQUEST","message":"x"}');
    const one = client();
    const ask = () => one.useTradeBill('2031-03-05', numbers);
    await expect(ask()).rejects.toThrow(/400 INVALID_REQUEST/);
    for (let time = 0; time < 7; time += 1) await expect(ask()).rejects.toThrow(OutcomeUnknownError);
    await expect(ask()).rejects.toThrow(ServiceUnavailableError);
  });

  it('knows a day without trade from a bill that is being made, and passes other refusals on', async () => {
    const refused = (code: string) => ({ refusal: new WechatPayError(400, code, '') });
    expect(await fetchBill(refused('NO_STATEMENT_EXIST'))).toEqual({ state: 'empty', result: [] });
    expect(await fetchBill(refused('STATEMENT_CREATING'))).toEqual({ state: 'creating' });
    await expect(fetchBill(refused('INVALID_REQUEST'))).rejects.toThrow(WechatPayError);
    expect(asked).toEqual([]);
  });

  it('removes what a killed process left behind, not what another is at', async () => {
    const [old, fresh] = ['shop-bill-old', 'shop-bill-fresh'].map((name) => join(folder, name));
    for (const left of [old, fresh]) mkdirSync(left ?? '');
    const longAgo = Date.now() / 1000 - 2 * 60 * 60;
    utimesSync(old ?? '', longAgo, longAgo);
    await fetchBill();
    expect(foldersLeft()).toEqual(['shop-bill-fresh']);
    rmSync(fresh ?? '', { recursive: true });
  });

  it('is fetched though a folder of another user cannot be removed', async () => {
    const foreign = join(folder, 'shop-bill-foreign');
    mkdirSync(foreign);
    const longAgo = Date.now() / 1000 - 2 * 60 * 60;
    utimesSync(foreign, longAgo, longAgo);
    const remove = promises.rm;
    // Who runs the tests as root may remove anything.
    const spy = jest.spyOn(promises, 'rm').mockImplementation((path, options) => {
      if (path === foreign) return Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
      return remove(path, options);
    });
    try {
      await fetchBill();
      expect(spy).toHaveBeenCalledWith(foreign, expect.anything());
      expect(foldersLeft()).toEqual(['shop-bill-foreign']);
    } finally {
      spy.mockRestore();
      rmSync(foreign, { recursive: true });
    }
  });

  it('is refused while a transaction is open', async () => {
    isInTransaction = true;
    await expect(fetchBill()).rejects.toThrow('must not be called while a transaction is open');
    expect(asked).toEqual([]);
  });
});
