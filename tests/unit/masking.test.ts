import { createMask, createMasker, trimBytes } from '../../src/platform/masking';

const mask = createMask();

describe('masking', () => {
  it('hides secrets and people by the names of their fields, in every spelling of the contract', () => {
    const hidden = {
      passWord: 'a-secret',
      sellerPassword: 'a-secret',
      customerPassword: 'a-secret',
      client_secret: 'a-secret',
      access_token: 'a-secret',
      token: 'a-secret',
      Authorization: 'Bearer a-secret',
      consigneeName: '某某人',
      consigneeMobile: '13900000000',
      detailAddress: '某某路1号',
      contactName: '某某人',
      contactPhone: '0532-88888888',
      remark: '某某人在家',
    };
    const text = mask({ ...hidden, soId: 'SO-1', itemList: [{ productCode: 'A' }] });
    for (const value of Object.values(hidden)) expect(text).not.toContain(value);
    expect(JSON.parse(text)).toMatchObject({
      soId: 'SO-1',
      itemList: [{ productCode: 'A' }],
      passWord: '***',
    });
  });

  it('mistake 11: a signature is never in the log', () => {
    expect(mask({ Sign: 'ABCDEF', data: { expectedSign: 'kept', sign: 'ABCDEF' } })).not.toContain('ABCDEF');
    expect(mask('AppKey=k&Sign=ABCDEF&TimeStamp=1')).toBe('AppKey=k&Sign="***"&TimeStamp=1');
  });

  it('looks into JSON that is kept as text', () => {
    const text = mask({ Data: JSON.stringify({ consigneeName: '某某人', soId: 'SO-1' }) });
    expect(text).not.toContain('某某人');
    expect(text).toContain('SO-1');
  });

  it('looks into objects that stand in a sentence, also one that was cut', () => {
    const body = JSON.stringify({
      data: { contactName: '某某 人', list: [{ passWord: 'a-secret' }], city: '青岛市' },
    });
    for (const text of [`POST answered 201 ${body} in 3 ms`, `sent ${body.slice(0, 30)}`, `a=${body}`]) {
      expect(mask(text)).not.toMatch(/某某|人"|a-secret/);
      expect(mask(text)).toContain('"contactName":"***"');
    }
    expect(mask(`sent ${body}`)).toContain('"city":"青岛市"');
    expect(mask(`password={"a":"a-secret"} kept=1`)).not.toContain('{"a":"a-secret"');
  });

  it.each([
    ['{"consigneeName":"某某人","consigneeMobile":"1390', ['某某人']],
    ['<p>password: a-secret</p>', ['a-secret']],
    ['{"a":1,"passWord":"cut off in the mid', ['cut off in the mid']],
    ['token=a-secret&x=1', ['a-secret']],
    ['Authorization: Bearer abc.def-1', ['abc.def-1']],
    ["{'client_secret': 'a-secret'}", ['a-secret']],
  ])('hides in text that is no JSON: %s', (text, hidden) => {
    for (const value of hidden) expect(mask(text)).not.toContain(value);
  });

  it('hides phone numbers wherever they stand, and no longer numbers', () => {
    expect(mask('请联系13900000000或+8613900000001、0532-88888888')).toBe('请联系***或***、***');
    expect(mask({ createTime: 1_767_323_045_678, onlineNo: 'A139000000001234' })).toBe(
      '{"createTime":1767323045678,"onlineNo":"A139000000001234"}',
    );
  });

  it('hides known values, the longest first', () => {
    const known = createMask(['甲', '甲乙', 'a"quoted', null, undefined, 'secret', 'secret-longer']);
    expect(known('收货人甲乙不存在')).toBe('收货人***不存在');
    expect(known('the value is secret-longer')).toBe('the value is ***');
  });

  it('keeps 2 KB at most and never half a character', () => {
    const text = mask({ note: '很'.repeat(2_000) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048);
    expect(text).not.toContain('\uFFFD');
    expect(trimBytes('很长', 6)).toBe('很长');
    expect(trimBytes('很长很', 8)).toBe('很…');
  });

  it('takes anything', () => {
    expect(mask(null)).toBe('null');
    expect(mask(undefined)).toBe('');
    expect(mask(['R1', 'R2'])).toBe('["R1","R2"]');
    expect(mask('a\u0000b')).toBe('ab');
    const deep = JSON.stringify(Array.from({ length: 40 }).reduce((inner) => ({ inner }), 'x'));
    expect(mask(deep)).toContain('***');
  });
});

describe('the masker for logs', () => {
  const masker = createMasker(['the-key-of-the-shop']);

  it('hides in values and leaves them values', () => {
    const masked = masker.value({
      order: 'D1',
      amountFen: 1990,
      isPaid: true,
      nothing: null,
      at: new Date(0),
      buyer: { openid: 'o-1', phone: '13900000000', city: '某某市', detail: '某某路1号' },
      words: ['call 13900000000', 'signed with the-key-of-the-shop', 'token=abcdef'],
      key: Buffer.from('the-key'),
    });
    expect(masked).toEqual({
      order: 'D1',
      amountFen: 1990,
      isPaid: true,
      nothing: null,
      at: '1970-01-01T00:00:00.000Z',
      buyer: { openid: '***', phone: '***', city: '某某市', detail: '***' },
      words: ['call ***', 'signed with ***', 'token="***"'],
      key: '<7 bytes>',
    });
  });

  it('comes to an end with what points at itself', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    expect(JSON.stringify(masker.value(circle))).toContain('***');
  });

  it.each([
    ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2lnbmF0dXJl', 'eyJ'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----', 'MIIabc'],
    ['the login in an address', 'connect to postgres://shop:pa55@db/shop failed', 'pa55'],
    ['what a database quotes of a key', 'Key (contact_name)=(某某人) already exists.', '某某人'],
    ['what a database quotes of a row', 'Failing row contains (7, 某某人, 某某路1号).', '某某'],
  ])('hides %s by its look', (_name, text, hidden) => {
    expect(masker.text(text)).not.toContain(hidden);
    expect(JSON.stringify(masker.value({ any: text }))).not.toContain(hidden);
  });
});
