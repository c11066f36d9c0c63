import { BODIES } from '../support/hostile-bodies';
import { wrongBodies } from '../support/hostile-shapes';
import { useHostileSuite } from '../support/hostile-suite';
import { hostileBodies } from '../support/hostile-values';

const suite = useHostileSuite();
const writes = () => suite.routes.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method));

describe('a body that is wrong', () => {
  it('is described here for every route that takes one', () => {
    expect(writes().map(({ name }) => name).sort()).toEqual(Object.keys(BODIES).sort());
  });

  it('as a whole is refused by every route, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route) =>
        Object.entries(hostileBodies()).map(([name, body]) => ({
          name: `${route.name} with ${name}`,
          request: suite.requestTo(route, { body }),
          codes: ['VALIDATION_FAILED' as const],
        })),
      ),
    );
  });

  it('in one field is refused with the name of that field, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          wrongBodies(shape, suite.world).map(({ name, body, field }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: suite.requestTo(route, { body }),
            codes: ['VALIDATION_FAILED' as const],
            field,
          })),
        ),
      ),
    );
  });

  it('in what it names is refused with the code for that, and nothing is written', async () => {
    await suite.expectNothingWritten(
      writes().flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          (shape.wrong?.(suite.world) ?? []).map(({ name, body, codes }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: suite.requestTo(route, { body: JSON.stringify(body) }),
            codes,
          })),
        ),
      ),
    );
  });
});
