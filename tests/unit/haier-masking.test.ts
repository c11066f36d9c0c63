import { createMask, trimBytes } from '../../src/plugins/haier-integration/server/src/domain/masking';

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
