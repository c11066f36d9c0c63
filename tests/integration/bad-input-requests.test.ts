import { leaksOf } from '../support/hostile-answer';
import { inBatches } from '../support/hostile-client';
import { BAD_PATH_IDS, BAD_QUERIES, badAuthorizations, ODD_QUERIES } from '../support/hostile-requests';
import { useHostileSuite } from '../support/hostile-suite';
import { UNKNOWN_ID } from '../support/hostile-values';
import { digestTables } from '../support/hostile-world';

const suite = useHostileSuite();
const query = (text: string) => text.replaceAll(/[^\x21-\x7E]/g, encodeURIComponent);
const withId = () => suite.routes.filter(({ names }) => names !== undefined);

interface Problem {
  path: unknown[];
  message: string;
}

describe('what is wrong with a request', () => {
  const errorsOf = async (method: string, path: string, language: string, body?: string) => {
    const answer = await suite.send({
      method,
      path: `/api/v1${path}`,
      token: suite.world.shopper.token,
      body,
      headers: { 'Accept-Language': language },
    });
    const { error } = JSON.parse(answer.text) as {
      error: { details: { code: string; errors?: Problem[] } };
    };
    expect([answer.status, error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    return error.details.errors;
  };

  it.each(['{bad', 'null', '"x"', 'NaN', '[]', '{"data":{"__proto__":{"a":1}}}', '{"a":1}{}'])(
    'is listed for a body that is none: %s',
    async (body) => {
      for (const [language, words] of [
        ['zh', /\p{Script=Han}/u],
        ['en', /^[\x20-\x7e]+$/],
      ] as const) {
        const errors = await errorsOf('PUT', '/users/me', language, body);
        expect(errors).toEqual([{ path: expect.any(Array), message: expect.stringMatching(words) }]);
      }
    },
  );

  it('is named in plain words', async () => {
    const missing = (language: string) => errorsOf('PUT', '/users/me', language, '{}');
    expect(await missing('zh')).toEqual([{ path: ['data'], message: '必须填写' }]);
    expect(await missing('en')).toEqual([{ path: ['data'], message: 'is required' }]);
    for (const limit of ['0', '21', '1000', '1.5', 'x'])
      expect([limit, await errorsOf('GET', `/products/recommended?limit=${limit}`, 'zh')]).toEqual([
        limit,
        [{ path: ['limit'], message: '必须是 1 到 20 的整数' }],
      ]);
  });
});

describe('who asks', () => {
  it('is refused on every route with a token that is none, and nothing is written', async () => {
    const secret = suite.app.strapi.config.get<string>('plugin::users-permissions.jwtSecret');
    const authorizations = badAuthorizations(suite.world, secret);
    // Each bad token on a few suite.routes, each route with a few bad tokens: every pair would say nothing more.
    const attacks = suite.routes
      .filter(({ isPublic }) => !isPublic)
      .flatMap((route, index) => [
        {
          name: `${route.name} by nobody`,
          request: suite.requestTo(route, { token: undefined }),
          codes: ['UNAUTHENTICATED' as const],
        },
        ...authorizations
          .filter((_, turn) => (turn + index) % 4 === 0)
          .map(({ name, value, code }) => ({
            name: `${route.name} with ${name}`,
            request: { ...suite.requestTo(route), token: undefined, headers: { Authorization: value } },
            codes: [code],
          })),
      ]);
    await suite.expectNothingWritten(attacks);
  });

  it('is refused on a public route too when the token is bad', async () => {
    const secret = suite.app.strapi.config.get<string>('plugin::users-permissions.jwtSecret');
    await suite.expectNothingWritten(
      badAuthorizations(suite.world, secret).map(({ name, value, code }) => ({
        name,
        request: { method: 'GET', path: '/api/v1/products', headers: { Authorization: value } },
        codes: [code],
      })),
    );
  });

  it('cannot do what staff do as a shopper', async () => {
    await suite.expectNothingWritten(
      suite.routes
        .filter(({ isForStaff }) => isForStaff)
        .map((route) => ({
          name: route.name,
          request: { ...suite.requestTo(route), token: suite.world.shopper.token },
          codes: ['FORBIDDEN' as const],
        })),
    );
  });
});

describe('an id in a path', () => {
  it('is known to this suite for every route', () => {
    expect(
      withId()
        .filter(({ names }) => suite.world.ids[names ?? ''] === undefined)
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('that names nothing is not there, and nothing is written', async () => {
    await suite.expectNothingWritten(
      withId().flatMap((route, index) => [
        {
          name: `${route.name} with an unknown id`,
          request: suite.requestTo(route, { id: UNKNOWN_ID }),
          codes: ['NOT_FOUND' as const],
        },
        ...BAD_PATH_IDS.filter((_, turn) => route.method === 'GET' || (turn + index) % 3 === 0).map((id) => ({
          name: `${route.name} with ${id.slice(0, 40)}`,
          request: suite.requestTo(route, { id }),
          // What no address can hold is refused before anybody looks for it.
          codes:
            /%(?!2[0-9a-f]|[3-6C-F]|25)|%0|%1|%C0|%ED%A0/i.test(id) || id.length > 8_000
              ? (['VALIDATION_FAILED', 'NOT_FOUND'] as const).slice()
              : ['NOT_FOUND' as const],
        })),
      ]),
    );
  });

  it('of somebody else is not there either, and nothing is written', async () => {
    const foreign = withId().filter(({ isPublic, isForStaff }) => !isPublic && !isForStaff);
    await suite.expectNothingWritten(
      foreign.map((route) => ({
        name: route.name,
        request: suite.requestTo(route, { id: suite.world.strangersIds[route.names ?? ''] }),
        codes: ['NOT_FOUND' as const],
      })),
    );
  });

  it('of a product that is not shown is not there', async () => {
    const { inactive, deleted } = suite.world.products;
    await suite.expectNothingWritten(
      withId()
        .filter(({ names }) => names === 'products')
        .flatMap((route) =>
          [inactive, deleted].map((id) => ({
            name: route.name,
            request: suite.requestTo(route, { id }),
            codes: ['NOT_FOUND' as const],
          })),
        ),
    );
  });
});

describe('a query', () => {
  it('that no route means is refused by all of them, and nothing is written', async () => {
    await suite.expectNothingWritten(
      // All lists share one reader, and where no query is read one rule refuses all of them: some of the queries on each
      // route, others on the next.
      suite.routes.flatMap((route, index) =>
        BAD_QUERIES.filter((_, turn) => (turn + index) % (route.readsQuery ? 2 : 16) === 0).map((text) => ({
          name: `${route.name}?${text.slice(0, 60)}`,
          request: suite.requestTo(route, { query: `?${query(text)}` }),
          codes: ['VALIDATION_FAILED' as const],
        })),
      ),
    );
  });

  it('that is odd is no defect and tells no secret', async () => {
    const readers = suite.routes.filter(({ readsQuery }) => readsQuery);
    expect(readers.length).toBeGreaterThan(10);
    const requests = readers.flatMap((route) =>
      ODD_QUERIES.map((text) => ({
        name: `${route.name}?${text}`,
        request: suite.requestTo(route, { query: `?${query(text)}` }),
      })),
    );
    const before = await digestTables(suite.app);
    const found = await inBatches(requests, async ({ name, request }) =>
      leaksOf(await suite.send(request)).map((leak) => `${name}: ${leak}`),
    );
    expect(found.flat()).toEqual([]);
    expect(await digestTables(suite.app)).toEqual(before);
  });
});
