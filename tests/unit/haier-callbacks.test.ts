import { createHash } from 'node:crypto';

import {
  readBeijingTime,
  readFields,
  readMessage,
  writeBeijingTime,
} from '../../src/plugins/haier-integration/server/src/domain/callback-message';
import {
  isSignedWith,
  signCallback,
} from '../../src/plugins/haier-integration/server/src/domain/callback-signature';

const SECRET = 'a-Secret-Of-A-Test';
const FIELDS = {
  AppKey: 'key',
  TimeStamp: '20260101120000',
  Method: 'hmm.scm_heorder.confirm',
  Data: '{"State":1}',
  Blank: ' ',
};
const withData = (data: unknown, Method = 'hmm.scm_heorder.cancel') =>
  readMessage({ ...FIELDS, Method, Data: typeof data === 'string' ? data : JSON.stringify(data) });

describe('the signature of a call-back', () => {
  it('is the MD5 of secret, names and values in the order of their bytes, in small letters', () => {
    const text = `${SECRET}AppKeykeyData{"State":1}Methodhmm.scm_heorder.confirmTimeStamp20260101120000${SECRET}`;
    const expected = createHash('md5').update(text.toLowerCase()).digest('hex').toUpperCase();
    expect(signCallback(FIELDS, SECRET)).toBe(expected);
    expect(signCallback({ ...FIELDS, Sign: 'x' }, SECRET)).toBe(expected);
    expect(isSignedWith({ ...FIELDS, Sign: expected }, SECRET)).toBe(true);
  });

  it('sorts capital letters before small ones', () => {
    const text = `${SECRET}B2a1${SECRET}`.toLowerCase();
    expect(signCallback({ a: '1', B: '2' }, SECRET)).toBe(
      createHash('md5').update(text).digest('hex').toUpperCase(),
    );
  });

  it('mistake 11: an empty secret signs nothing', () => {
    expect(isSignedWith({ ...FIELDS, Sign: signCallback(FIELDS, '') }, '')).toBe(false);
  });

  it.each(['', 'x', signCallback(FIELDS, 'another'), signCallback(FIELDS, SECRET).toLowerCase()])(
    'is not %s',
    (Sign) => expect(isSignedWith({ ...FIELDS, Sign }, SECRET)).toBe(false),
  );

  it('covers every field', () => {
    const Sign = signCallback(FIELDS, SECRET);
    for (const name of ['AppKey', 'TimeStamp', 'Method', 'Data', 'More'])
      expect(isSignedWith({ ...FIELDS, Sign, [name]: 'changed' }, SECRET)).toBe(false);
  });
});

describe('the form of a call-back', () => {
  it('has every field once', () => {
    const form = new URLSearchParams({ ...FIELDS, Sign: 'S' });
    expect(readFields(form)).toMatchObject({ AppKey: 'key', Sign: 'S' });
    form.append('Data', '{}');
    expect(readFields(form)).toBeUndefined();
    expect(readFields(new URLSearchParams(FIELDS))).toBeUndefined();
    expect(readFields(Object.entries({ ...FIELDS, Sign: ['a', 'b'] }))).toBeUndefined();
    expect(readFields(Object.entries({ ...FIELDS, Sign: 'S', __proto__: 'x' }))).toBeDefined();
  });

  it('has its time in Beijing', () => {
    expect(readBeijingTime('20260101080000')?.toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(writeBeijingTime(new Date('2026-01-01T00:00:00Z'))).toBe('20260101080000');
    for (const wrong of ['', '2026', '20260230080000', '20261399999999', '20260101240000', 'x0260101080000'])
      expect(readBeijingTime(wrong)).toBeUndefined();
  });
});

describe('what a call-back says', () => {
  it('is read whether numbers are texts, and the items a list or a text of one', () => {
    const items = [{ productCode: 7, receiveQty: '0', returnQty: '', rejectQty: 1 }];
    for (const itemList of [items, JSON.stringify(items)])
      for (const State of [1, '1'])
        expect(withData({ PlatformOrderNo: ' D1 ', ExtOrderNo: 'SO.1', State, itemList })).toMatchObject({
          kind: 'read',
          delivery: {
            event: 'cancel',
            state: 'done',
            orderNumber: 'D1',
            haierOrderNo: 'SO.1',
            quantities: [{ productCode: '7', received: 0, returned: 0, rejected: 1 }],
          },
        });
  });

  it('mistake 8: a blank ExtOrderNo is none, and a blank PlatformOrderNo is not read at all', () => {
    for (const ExtOrderNo of ['', '  ', null])
      expect(withData({ PlatformOrderNo: 'D1', ExtOrderNo, State: 0 })).toMatchObject({
        delivery: { haierOrderNo: null, state: 'failed' },
      });
    for (const PlatformOrderNo of ['', '  ', null, undefined])
      expect(withData({ PlatformOrderNo, ExtOrderNo: 'SO.1', State: 1 }).kind).toBe('unreadable');
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['no State', { PlatformOrderNo: 'D1' }],
    ['another State', { PlatformOrderNo: 'D1', State: 9 }],
  ])('is not understood: %s', (_name, data) => expect(withData(data).kind).toBe('unreadable'));

  it('is nothing to us by another Method', () => {
    expect(withData({ PlatformOrderNo: 'D1', State: 1 }, 'hmm.scm_heorder.other').kind).toBe('unreadable');
    expect(withData({ PlatformOrderNo: 'D1', State: 1 }, 'constructor').kind).toBe('unreadable');
  });

  it('is the same event however its names are ordered, and another when a word differs', () => {
    const id = (data: object, method?: string) => {
      const read = withData(data, method);
      return read.kind === 'read' ? read.delivery.eventId : undefined;
    };
    const first = id({ PlatformOrderNo: 'D1', State: 1 });
    expect(id({ State: 1, PlatformOrderNo: 'D1' })).toBe(first);
    expect(id({ PlatformOrderNo: 'D1', State: 0 })).not.toBe(first);
    expect(id({ PlatformOrderNo: 'D1', State: 1 }, 'hmm.scm_heorder.confirm')).not.toBe(first);
  });
});
