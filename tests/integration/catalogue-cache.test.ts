import { startApp, type TestApp } from '../support/app';
import { type CatalogueWorld, createCatalogueWorld, WRITE_PATHS } from '../support/catalogue-paths';
import { makeCategory, makeProduct } from '../support/factories/catalogue';

let app: TestApp;
let world: CatalogueWorld;

beforeAll(async () => {
  app = await startApp();
  world = await createCatalogueWorld(app);
}, 120_000);
afterAll(() => app?.stop());

const read = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}/api/v1${path}`, { headers });

/** The statements that read these tables while `work` runs. */
async function readings(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const listen = ({ sql }: { sql: string }): void => {
    if (/^\s*select/i.test(sql) && /\b(products|categories|brands)\b/i.test(sql)) count += 1;
  };
  const { client } = app.strapi.db.connection;
  client.on('query', listen);
  await work().finally(() => client.removeListener('query', listen));
  return count;
}

describe('an answer of the catalogue', () => {
  it('is read once for many who ask at the same time, and is the same for all', async () => {
    const ask = () => read('/categories/tree').then((answer) => answer.text());
    await makeCategory(app);
    const once = await readings(ask);
    await makeCategory(app);
    const answers: string[] = [];
    const count = await readings(async () => {
      answers.push(...(await Promise.all(Array.from({ length: 40 }, ask))));
    });
    expect(new Set(answers).size).toBe(1);
    expect([once > 0, count]).toEqual([true, once]);
  });

  it('is read anew without the stack once the stack has answered its address, and is the stack’s again when it is gone', async () => {
    const { documentId, name } = await makeProduct(app);
    const path = `/products/${documentId}?fields[0]=name`;
    const ask = async () => {
      const answer = await read(path);
      return [answer.status, ((await answer.json()) as { data: { name: string } | null }).data?.name];
    };
    const stack = jest.spyOn(app.strapi.server.app as never, 'handleRequest');
    try {
      expect(await ask()).toEqual([200, name]);
      expect(stack).toHaveBeenCalledTimes(1);
      const renamed = `${name}改`;
      const row = () => app.strapi.db.connection('products').where({ document_id: documentId });
      await row().update({ name: renamed });
      expect(await readings(async () => expect(await ask()).toEqual([200, renamed]))).toBeGreaterThan(0);
      expect(stack).toHaveBeenCalledTimes(1);
      await row().update({ is_active: false });
      // What could not be read in front of the stack is not read once more in it.
      expect(await readings(async () => expect(await ask()).toEqual([404, undefined]))).toBe(1);
      expect(await ask()).toEqual([404, undefined]);
      expect(stack).toHaveBeenCalledTimes(3);
      await row().update({ is_active: true });
      expect(await ask()).toEqual([200, renamed]);
    } finally {
      stack.mockRestore();
    }
  });

  it('leaves from memory with the same headers as through the stack, and a request id of its own', async () => {
    const first = await read('/categories/tree');
    let second = first;
    const stack = jest.spyOn(app.strapi.server.app as never, 'handleRequest');
    const count = await readings(async () => {
      second = await read('/categories/tree', { 'X-Request-Id': 'mine-1' });
    });
    expect([count, stack.mock.calls.length]).toEqual([0, 0]);
    // The same question from a page in a browser is asked the stack's questions.
    await (await read('/categories/tree', { Origin: app.url })).text();
    expect(stack).toHaveBeenCalledTimes(1);
    stack.mockRestore();
    expect(second.headers.get('x-request-id')).toBe('mine-1');
    const names = (answer: Response) => [...answer.headers.keys()].sort();
    expect(names(second)).toEqual(names(first));
    for (const name of ['content-type', 'etag', 'cache-control', 'x-content-type-options', 'vary'])
      expect([name, second.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(await second.text()).toBe(await first.text());
  });

  it('is not sent again to who has it, in front of the stack and in it', async () => {
    const path = '/brands?pagination[pageSize]=50';
    // Not `fetch`, which asks for the way to the source as soon as it is given a validator.
    const ask = (headers: Record<string, string> = {}) => app.api('get', path).set(headers);
    const { etag } = (await ask()).headers as { etag: string };
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const more of [{}, { Origin: app.url }] as Record<string, string>[]) {
      const again = await ask({ 'If-None-Match': `W/"old", ${etag}`, ...more });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
      expect((await ask({ 'If-None-Match': '"other"', ...more })).status).toBe(200);
      expect((await ask({ 'If-None-Match': etag, 'Cache-Control': 'no-cache', ...more })).status).toBe(200);
    }
  });

  it('to HEAD has the length and no body, and is no look at the product', async () => {
    const { documentId } = await makeProduct(app);
    const whole = await read(`/products/${documentId}`);
    const length = whole.headers.get('content-length');
    await whole.text();
    for (let turn = 0; turn < 2; turn += 1) {
      const head = await fetch(`${app.url}/api/v1/products/${documentId}`, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, length]);
    }
  });

  it('counts a look each time it is given', async () => {
    const { documentId } = await makeProduct(app);
    for (let turn = 0; turn < 5; turn += 1) await (await read(`/products/${documentId}`)).text();
    const deadline = Date.now() + 15_000;
    const views = async () =>
      (await app.strapi.db.connection('products').where({ document_id: documentId }).first())
        .view_count as number;
    while ((await views()) < 5 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await views()).toBe(5);
  });

  it('is not given to a token that is none, however well it is known', async () => {
    await (await read('/categories/tree')).text();
    expect((await read('/categories/tree', { Authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await read('/categories/tree', { Authorization: `Bearer ${world.buyer.token}` })).status).toBe(
      200,
    );
  });

  it('is no answer to another question, another method or a broken query', async () => {
    const path = `/products/${world.product}`;
    const [zh, en] = [await read(path), await read(`${path}?locale=en`)];
    expect([zh.status, en.status]).toEqual([200, 404]);
    expect((await fetch(`${app.url}/api/v1${path}`, { method: 'DELETE' })).status).toBe(404);
    expect((await read(`${path}?fields=nothing`)).status).toBe(400);
    expect((await read(`/products/${world.product.toUpperCase()}`)).status).toBe(404);
  });

  it('is still true after a write that was rolled back', async () => {
    const path = `/products/${world.product}`;
    const before = (await (await read(path)).json()) as { data: { name: string } };
    const tx = await app.strapi.db.connection.transaction();
    await tx('products').where({ document_id: world.product }).update({ name: 'never' });
    await tx.rollback();
    expect(await (await read(path)).json()).toMatchObject({ data: { name: before.data.name } });
  });
});

describe('a shopper who reads right after', () => {
  it.each(WRITE_PATHS)('$name sees it', async ({ path, value, write }) => {
    const ask = async () => value(((await (await read(path(world))).json()) as { data: never }).data);
    const before = await ask();
    expect(await ask()).toEqual(before);
    const expected = await write(world);
    expect(expected).not.toEqual(before);
    expect(await ask()).toEqual(expected);
  });
});
