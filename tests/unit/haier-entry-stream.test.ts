import {
  streamEntries,
  UnreadableStreamError,
} from '../../src/plugins/haier-integration/server/src/clients/entry-stream';

/** The text in pieces of so many bytes, as a network might bring it: characters are cut too. */
async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve();
    yield bytes.subarray(from, from + size);
  }
}

async function read(body: unknown, size = 7) {
  const stream = streamEntries(inPieces(typeof body === 'string' ? body : JSON.stringify(body), size));
  const entries: unknown[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { entries, envelope: next.value };
    entries.push(next.value);
  }
}

const rows = [
  { productCode: 'A', productLageUrls: ['很长', 'b'], nested: { data: [1] } },
  { productCode: 'B' },
];

describe('entries of an answer as it arrives', () => {
  it.each([
    ['a bare list', rows, null],
    ['under data alone', { data: rows }, null],
    ['in the full envelope', { success: true, code: '200', message: '操作成功', data: rows }, true],
    ['with data first', { data: rows, success: true, code: '200' }, true],
  ])('%s', async (_name, body, success) => {
    for (const size of [1, 7, 100_000]) {
      const { entries, envelope } = await read(body, size);
      expect(entries).toEqual(rows);
      expect(envelope.success).toBe(success);
    }
  });

  it('one thing alone is one entry, bare or under data', async () => {
    expect((await read({ success: true, data: rows[0] })).entries).toEqual([rows[0]]);
    expect((await read(rows[1])).entries).toEqual([rows[1]]);
  });

  it('nothing is nothing', async () => {
    expect((await read([])).entries).toEqual([]);
    expect((await read({ success: true, data: [] })).entries).toEqual([]);
    expect((await read({ success: true, data: null })).entries).toEqual([]);
  });

  it('a no yields nothing after it was said, and is known at the end', async () => {
    const no = { success: false, code: 'PASSWORD_ERROR', message: '密码错误' };
    expect(await read({ ...no, data: rows })).toEqual({ entries: [], envelope: no });
    expect((await read({ ...no, data: null })).envelope).toEqual(no);
    const late = await read({ data: rows, ...no });
    expect(late.envelope.success).toBe(false);
  });

  it.each([['<html></html>'], ['[{"productCode":"A"}'], ['{"data":[{"productCode":"A"},'], ['']])(
    'cannot be read: %s',
    async (body) => {
      await expect(read(body)).rejects.toThrow(UnreadableStreamError);
    },
  );

  it('a break on the line is thrown as it is', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield* inPieces('[{"productCode":"A"},', 5);
      throw new RangeError('the line broke');
    }
    await expect(
      (async () => {
        for await (const entry of streamEntries(broken())) expect(entry).toEqual({ productCode: 'A' });
      })(),
    ).rejects.toThrow(RangeError);
  });

  it('stops the source when the reader has enough', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        yield Buffer.from('[');
        for (;;) yield Buffer.from('{"productCode":"A"},');
      } finally {
        isClosed = true;
      }
    }
    for await (const entry of streamEntries(endless())) {
      expect(entry).toEqual({ productCode: 'A' });
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(true);
  });
});
