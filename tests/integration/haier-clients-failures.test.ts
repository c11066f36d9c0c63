import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import type { HaierIntegrationSettings } from '../../src/plugins/haier-integration/server/src/domain/settings';
import type { ClientTuning } from '../../src/plugins/haier-integration/server/src/services/clients';
import { startApp, type TestApp } from '../support/app';
import { loseAnswer, makeClients, makeYlhOrder, staySilent, useUpstream } from '../support/haier-upstream';

const STOCK = '/get-available-stock-open';
const CANCEL = '/cancel-hmm-retail-order';

let app: TestApp;
const upstream = useUpstream();

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const clients = (tuning?: ClientTuning, change?: (settings: HaierIntegrationSettings) => void) =>
  makeClients(app, upstream.current.url, tuning, change);

const stockOf = (made = clients()) => made.haier.readStock('BCD-1', '370212');
const cancel = (made = clients()) =>
  made.ylh.cancelOrder({ soId: 'SO-1', reason: '不要了', cancelledAt: new Date(1_767_323_045_678) });
const good = { body: [{ secCode: 'W', stock: 1 }] };

describe('failures', () => {
  it.each([
    ['400 is a no', { status: 400, body: { code: 'P', message: '参数错误' } }, 'rejected', 1],
    ['404 is a no', { status: 404, body: '' }, 'rejected', 1],
    ['403 is about the account', { status: 403, body: { message: 'IP' } }, 'unauthorized', 1],
    [
      '200 with success false is a no',
      { body: { success: false, code: 'X', message: '密码错误' } },
      'rejected',
      1,
    ],
    ['503 was not processed', { status: 503, body: '' }, 'unavailable', 3],
    ['500 says nothing', { status: 500, body: { success: false } }, 'unknown_outcome', 3],
    ['502 says nothing', { status: 502, body: '' }, 'unknown_outcome', 3],
    ['a lost answer says nothing', loseAnswer, 'unknown_outcome', 3],
    ['a redirect is not followed', { status: 302, headers: { Location: '/' }, body: '' }, 'bad_answer', 1],
    ['rubbish is no answer', { body: '<html>' }, 'bad_answer', 1],
    ['a wrong type is no answer', { body: [{ secCode: 'W', stock: 'many' }] }, 'bad_answer', 1],
  ] as const)('%s', async (_name, reply, kind, calls) => {
    upstream.current.reply(STOCK, reply);
    await expect(stockOf()).rejects.toMatchObject({
      name: 'HaierError',
      system: 'haier',
      operation: 'readStock',
      kind,
      isWorthRepeating: calls > 1,
    });
    expect(upstream.current.callsTo(STOCK)).toHaveLength(calls);
  });

  it('silence is unknown, a connection that never stands is not processed', async () => {
    upstream.current.reply(CANCEL, staySilent);
    await expect(cancel(clients({ timeoutMs: 300 }))).rejects.toMatchObject({
      kind: 'unknown_outcome',
      upstreamMessage: 'no answer in time',
    });
    // Takes the connection and never shakes hands.
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const orderBaseUrl = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const toMute = clients({ timeoutMs: 300 }, ({ ylh }) => (ylh.orderBaseUrl = orderBaseUrl));
    await expect(cancel(toMute)).rejects.toMatchObject({
      kind: 'unavailable',
      upstreamMessage: 'no connection in time',
    });
    mute.close();
    const refused = clients({}, ({ ylh }) => (ylh.orderBaseUrl = 'http://127.0.0.1:1'));
    await expect(cancel(refused)).rejects.toMatchObject({
      kind: 'unavailable',
      upstreamMessage: 'no connection (ECONNREFUSED)',
    });
  });

  it('an answer that is too large is none', async () => {
    upstream.current.reply(STOCK, { body: [{ secCode: 'W'.repeat(5_000), stock: 1 }] });
    await expect(stockOf(clients({ maxAnswerBytes: 4_000 }))).rejects.toMatchObject({ kind: 'bad_answer' });
  });

  it('what may not be repeated is sent again only when it was certainly not processed', async () => {
    upstream.current.reply(CANCEL, { status: 503, body: '' }, { body: { success: true } });
    await cancel();
    expect(upstream.current.callsTo(CANCEL)).toHaveLength(2);
    upstream.current.reply(CANCEL, loseAnswer);
    await expect(cancel()).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(upstream.current.callsTo(CANCEL)).toHaveLength(3);
  });

  it('a limit of theirs is respected: soon, or said to the caller', async () => {
    const busy = (seconds: string) => ({ status: 429, headers: { 'Retry-After': seconds }, body: '' });
    upstream.current.reply(STOCK, busy('0'), good);
    expect(await stockOf()).toMatchObject({ pieces: 1 });
    upstream.current.reply(STOCK, busy('3600'));
    await expect(stockOf()).rejects.toMatchObject({ kind: 'unavailable', status: 429 });
    expect(upstream.current.callsTo(STOCK)).toHaveLength(3);
  });

  it('a system that keeps failing is left alone, and asked again after a while', async () => {
    upstream.current.reply(STOCK, { status: 500, body: '' });
    const made = clients({ circuit: { failuresBeforeOpen: 3, openMs: 50 } });
    await expect(stockOf(made)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await expect(stockOf(made)).rejects.toMatchObject({
      kind: 'unavailable',
      upstreamMessage: 'not asked, it has been failing',
    });
    expect(upstream.current.callsTo(STOCK)).toHaveLength(3);
    upstream.current.reply(STOCK, good);
    const deadline = Date.now() + 10_000;
    const isBack = () =>
      stockOf(made).then(
        () => true,
        () => Date.now() > deadline,
      );
    while (!(await isBack()));
    expect(await stockOf(made)).toMatchObject({ pieces: 1 });
  });

  it('a no of theirs does not open the circuit', async () => {
    upstream.current.reply(STOCK, { status: 400, body: '' });
    const made = clients({ circuit: { failuresBeforeOpen: 2 } });
    for (let call = 0; call < 4; call += 1)
      await expect(stockOf(made)).rejects.toMatchObject({ kind: 'rejected' });
    expect(upstream.current.callsTo(STOCK)).toHaveLength(4);
  });

  it('a day that is none is refused before anything is sent', async () => {
    const { ylh } = clients();
    await expect(ylh.createOrder(makeYlhOrder({ distributionDate: '2026-02-31' }))).rejects.toMatchObject({
      kind: 'rejected',
    });
    expect(upstream.current.received).toEqual([]);
  });
});
