import { AsyncLocalStorage } from 'node:async_hooks';

import { createBatcher } from './batching';

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

function recording(maxSize = 10, maxInFlight = 1) {
  const rounds: number[][] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const ask = createBatcher<number, number>({
    name: 'test',
    maxSize,
    maxInFlight,
    work: async (inputs) => {
      rounds.push(inputs);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await soon();
      atOnce -= 1;
      return inputs.map((input) => (input < 0 ? new Error(`no ${input}`) : input * 2));
    },
  });
  return { ask, rounds, mostAtOnce: () => mostAtOnce };
}

describe('a batcher', () => {
  it('gives each caller its own outcome, in one round for those who come together', async () => {
    const { ask, rounds } = recording();
    await expect(Promise.all([ask(1), ask(2), ask(3)])).resolves.toEqual([2, 4, 6]);
    expect(rounds).toEqual([[1, 2, 3]]);
  });

  it('fails one input alone', async () => {
    const { ask } = recording();
    const results = await Promise.allSettled([ask(1), ask(-2), ask(3)]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails every caller of a round that throws, and goes on with the next', async () => {
    let turn = 0;
    const ask = createBatcher<number, number>({
      name: 'test',
      maxSize: 2,
      maxInFlight: 1,
      work: (inputs) => ((turn += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(inputs)),
    });
    const results = await Promise.allSettled([ask(1), ask(2), ask(3)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('collects who comes while a round is under way, within the limits of size and number', async () => {
    const { ask, rounds, mostAtOnce } = recording(4, 2);
    const first = ask(0);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 14 }, (_, index) => ask(index + 1));
    await Promise.all([first, ...rest]);
    expect(rounds.map((round) => round.length)).toEqual([1, 4, 4, 4, 2]);
    expect(mostAtOnce()).toBe(2);
    expect(rounds.flat()).toEqual(Array.from({ length: 15 }, (_, index) => index));
  });

  it('makes fuller rounds by a short wait, and goes past a round that is held up', async () => {
    const rounds: number[][] = [];
    let letGo = (): void => undefined;
    const ask = createBatcher<number, number>({
      name: 'test',
      maxSize: 10,
      maxInFlight: 3,
      patienceMs: 50,
      work: async (inputs) => {
        rounds.push(inputs);
        if (inputs.includes(0)) await new Promise<void>((resolve) => (letGo = resolve));
        else await soon();
        return inputs;
      },
    });
    const held = ask(0);
    await soon();
    const asked = performance.now();
    await Promise.all([ask(1), soon().then(() => ask(2))]);
    expect(performance.now() - asked).toBeGreaterThan(25);
    expect(rounds).toEqual([[0], [1, 2]]);
    // The held one keeps nobody waiting any more.
    await ask(3);
    expect(rounds).toEqual([[0], [1, 2], [3]]);
    letGo();
    await expect(held).resolves.toBe(0);
  });

  it('works outside the context of whoever asks', async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const ask = createBatcher<number, number>({
      name: 'test',
      maxSize: 10,
      maxInFlight: 1,
      work: (inputs) => {
        seen.push(context.getStore());
        return Promise.resolve(inputs);
      },
    });
    const asked = await context.run('mine', async () => [await ask(1), context.getStore()]);
    expect(asked).toEqual([1, 'mine']);
    expect(seen).toEqual([undefined]);
  });
});
