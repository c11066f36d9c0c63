import { panelUser, type PanelUser, signInToPanel } from '../support/factories/panel';
import { defectsOf } from '../support/hostile-answer';
import { inBatches } from '../support/hostile-client';
import { panelDoorAttacks, panelSignInAttacks, uploadAttacks } from '../support/hostile-panel-doors';
import { type PanelAttack, panelFieldAttacks } from '../support/hostile-panel-fields';
import { useHostileSuite } from '../support/hostile-suite';
import { digestTables } from '../support/hostile-world';

const suite = useHostileSuite();
let admin: PanelUser;
let token: string;

beforeAll(async () => {
  admin = await panelUser(suite.app, 'superAdmin');
  token = await signInToPanel(suite.app, admin.email, admin.password);
});

/** Refused, or taken as something harmless; what was wrong otherwise, one line each. */
async function outcomesOf(
  attacks: PanelAttack[],
  as: string | null = token,
  parallel = 4,
): Promise<{ defects: string[]; accepted: string[] }> {
  expect(attacks).not.toEqual([]);
  const accepted: string[] = [];
  const found = await inBatches(
    attacks,
    async ({ name, request, isHarmless }) => {
      const answer = await suite.send({ ...request, token: as ?? undefined });
      if (answer.status < 400 && request.method !== 'GET' && isHarmless !== true) accepted.push(name);
      return defectsOf(answer).map((defect) => `${name}: ${defect}`);
    },
    parallel,
  );
  return { defects: found.flat(), accepted };
}

const saysWell = async () => {
  expect((await suite.app.api('get', '/products')).status).toBe(200);
  const mine = await admin.call(
    'get',
    '/content-manager/collection-types/api::product.product?page=1&pageSize=10',
  );
  expect(mine.status).toBe(200);
};

describe('the panel', () => {
  it('refuses to sign anybody in with what is no e-mail address or password, and writes nothing', async () => {
    const before = await digestTables(suite.app);
    const { defects, accepted } = await outcomesOf(panelSignInAttacks(), null);
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    expect(await digestTables(suite.app)).toEqual(before);
    await saysWell();
  });

  it('takes nothing wrong into the catalogue from an administrator', async () => {
    const { defects, accepted } = await outcomesOf(panelFieldAttacks(suite.world));
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });

  it('has no other door that breaks', async () => {
    const { defects, accepted } = await outcomesOf(panelDoorAttacks(suite.world));
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });

  it('takes no file with a name or caption that no column can hold', async () => {
    const { defects, accepted } = await outcomesOf(uploadAttacks());
    expect({ defects, accepted }).toEqual({ defects: [], accepted: [] });
    await saysWell();
  });
});
