import {
  AnswerCache,
  type AnswerCacheOptions,
  type CacheOutcome,
} from '../../src/platform/cache/answer-cache';
import { type Answer, packAnswer, unpackAnswer } from '../../src/platform/cache/answer';

const LIFE = { freshMs: 500, staleMs: 1_000 };

function world(options: Partial<AnswerCacheOptions> = {}) {
  let time = 1_000;
  let readings = 0;
  const outcomes: CacheOutcome[] = [];
  const gates: (() => void)[] = [];
  let isGated = false;
  let value = 'a';
  const cache = new AnswerCache({
    ...options,
    now: () => time,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const load = async () => {
    readings += 1;
    const read = value;
    if (isGated) await new Promise<void>((resolve) => gates.push(resolve));
    return { body: { value: read }, tags: ['products', 'product:1'] };
  };
  return {
    cache,
    outcomes,
    pass: (ms: number) => (time += ms),
    readings: () => readings,
    write(next: string) {
      value = next;
    },
    hold: () => (isGated = true),
    release() {
      isGated = false;
      for (const open of gates.splice(0)) open();
    },
    get: async (key = 'k') =>
      JSON.parse(String((await cache.get({ key, life: LIFE, load })).body)).value as string,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the cache of answers', () => {
  it('reads once for many who wait, and not again while the answer is fresh', async () => {
    const { get, readings, hold, release } = world();
    hold();
    const many = Promise.all(Array.from({ length: 50 }, () => get()));
    await settled();
    release();
    expect(new Set(await many)).toEqual(new Set(['a']));
    expect(await get()).toBe('a');
    expect(readings()).toBe(1);
  });

  it('gives what is no longer fresh while it is read anew, and nothing past its life', async () => {
    const { get, readings, pass, write } = world();
    await get();
    write('b');
    pass(700);
    expect(await get()).toBe('a');
    await settled();
    expect(readings()).toBe(2);
    expect(await get()).toBe('b');
    write('c');
    pass(1_000);
    expect(await get()).toBe('c');
  });

  it('counts the age of an answer from the beginning of its reading', async () => {
    const { get, readings, pass, hold, release, write } = world();
    hold();
    const slow = get();
    await settled();
    write('b');
    pass(1_100);
    release();
    expect(await slow).toBe('a');
    expect(await get()).toBe('b');
    expect(readings()).toBe(2);
  });

  it('never gives an answer after a change of what it was made from, and keeps the others', async () => {
    const { cache, get, readings, write } = world();
    await get();
    write('b');
    cache.changes.note(['product:2']);
    expect(await get()).toBe('a');
    cache.changes.note(['product:1']);
    expect(await get()).toBe('b');
    expect(readings()).toBe(2);
  });

  it('does not keep what was being read when it changed, and who came after the change does not get it', async () => {
    const { cache, get, pass, write, hold, release, readings } = world();
    hold();
    const before = get();
    await settled();
    write('b');
    pass(1);
    cache.changes.note(['products']);
    pass(1);
    const after = get();
    await settled();
    release();
    expect(await before).toBe('a');
    expect(await after).toBe('b');
    expect(readings()).toBe(2);
    expect(await get()).toBe('b');
    expect(readings()).toBe(2);
  });

  it('keeps no failure', async () => {
    const cache = new AnswerCache();
    let isDown = true;
    const load = () =>
      isDown ? Promise.reject(new Error('down')) : Promise.resolve({ body: 1, tags: [] as string[] });
    const wanted = { key: 'k', life: LIFE, load };
    await expect(cache.get(wanted)).rejects.toThrow('down');
    isDown = false;
    expect(String((await cache.get(wanted)).body)).toBe('1');
  });

  it('takes what another process has read, for as long as that may live and no longer', async () => {
    const answer: Answer = { body: Buffer.from('{"value":"theirs"}'), etag: '"x"', tags: ['products'] };
    const written: number[] = [];
    let leftMs = 900;
    const shared = {
      read: () => Promise.resolve({ answer, leftMs }),
      write: (_key: string, _answer: Answer, left: number) => void written.push(left),
    };
    const fresh = world({ shared });
    expect(await fresh.get()).toBe('theirs');
    expect(fresh.outcomes).toEqual(['shared']);
    leftMs = 300;
    const late = world({ shared });
    expect(await late.get()).toBe('a');
    expect(written).toEqual([1_000]);
  });

  it('does not take from another process what changed since it was read', async () => {
    const answer: Answer = { body: Buffer.from('{"value":"theirs"}'), etag: '"x"', tags: ['product:1'] };
    const shared = { read: () => Promise.resolve({ answer, leftMs: 900 }), write: () => undefined };
    const { cache, get, pass } = world({ shared });
    cache.changes.note(['product:1']);
    pass(20);
    expect(await get()).toBe('a');
  });

  it('keeps to its bounds in memory', async () => {
    const cache = new AnswerCache({ maxBytes: 20_000 });
    const load = () => Promise.resolve({ body: 'x'.repeat(3_000), tags: [] as string[] });
    for (let index = 0; index < 50; index += 1) await cache.get({ key: `k${index}`, life: LIFE, load });
    const kept = Array.from({ length: 50 }, (_, index) => cache.peek(`k${index}`)).filter(Boolean);
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length).toBeLessThan(6);
  });
});

describe('an answer on its way through Redis', () => {
  it('arrives as it was', () => {
    const answer: Answer = { body: Buffer.from('{"data":"冰箱\\n"}'), etag: '"e"', tags: ['a', 'b'] };
    expect(unpackAnswer(packAnswer(answer))).toEqual(answer);
  });

  it.each(['', 'x', '{}\nbody', '{"etag":1,"tags":[]}\n'])('is refused when it is none: %j', (text) => {
    expect(() => unpackAnswer(text)).toThrow();
  });
});
