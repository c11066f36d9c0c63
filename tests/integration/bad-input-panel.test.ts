import { startApp, type TestApp } from '../support/app';
import { signInToPanel, panelUser, type PanelUser } from '../support/factories/panel';
import { defectsOf } from '../support/hostile-answer';
import { createSender, inBatches, type Send } from '../support/hostile-client';
import {
  type PanelAttack,
  panelDoorAttacks,
  panelFieldAttacks,
  panelSignInAttacks,
  uploadAttacks,
} from '../support/hostile-panel';
import { createHostileWorld, digestTables, type HostileWorld } from '../support/hostile-world';

let app: TestApp;
let world: HostileWorld;
let admin: PanelUser;
let token: string;
let send: Send;
let close: () => void;

beforeAll(async () => {
  app = await startApp();
  ({ send, close } = createSender(app.url));
  world = await createHostileWorld(app);
  admin = await panelUser(app, 'superAdmin');
  token = await signInToPanel(app, admin.email, admin.password);
});
afterAll(async () => {
  close?.();
  await app?.stop();
});

/** Refused, or taken as something harmless; what was wrong otherwise, one line each. */
async function outcomesOf(
  attacks: PanelAttack[],
  as: string | undefined = token,
  parallel = 4,
): Promise<{ defects: string[]; accepted: string[] }> {
  expect(attacks).not.toEqual([]);
  const accepted: string[] = [];
  const found = await inBatches(
    attacks,
    async ({ name, request, isHarmless }) => {
      const answer = await send({ ...request, token: as });
      if (answer.status < 400 && request.method !== 'GET' && isHarmless !== true) accepted.push(name);
      return defectsOf(answer).map((defect) => `${name}: ${defect}`);
    },
    parallel,
  );
  return { defects: found.flat(), accepted };
}

const saysWell = async () => {
  expect((await app.api('get', '/products')).status).toBe(200);
  const mine = await admin.call(
    'get',
    '/content-manager/collection-types/api::product.product?page=1&pageSize=10',
  );
  expect(mine.status).toBe(200);
};

describe('the panel', () => {
  it('refuses to sign anybody in with what is no e-mail address or password, and writes nothing', async () => {
    const before = await digestTables(app);
    const { defects, accepted } = await outcomesOf(panelSignInAttacks(), undefined);
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    expect(await digestTables(app)).toEqual(before);
    await saysWell();
  });

  it('takes nothing wrong into the catalogue from an administrator', async () => {
    const { defects, accepted } = await outcomesOf(panelFieldAttacks(world));
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });

  it('has no other door that breaks', async () => {
    const { defects, accepted } = await outcomesOf(panelDoorAttacks(world));
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });

  it('takes no file with a name or caption that no column can hold', async () => {
    const { defects, accepted } = await outcomesOf(uploadAttacks());
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });
});
