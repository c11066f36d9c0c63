import { HAIER_VARIABLES } from '../../../config/environment/haier';
import { startApp, type TestApp } from '../../support/app';
import { makeBrand, makeCategory, type Made } from '../../support/factories/catalogue';
import { type Buyer, createBuyer } from '../../support/factories/orders';
import { panelUser, type PanelUser } from '../../support/factories/panel';

/** A shop that has never heard of Haier: no account, no sync, no order. It runs its own jobs, like a small shop does. */
export interface HaierShop {
  app: TestApp;
  admin: PanelUser;
  merchant: PanelUser;
  buyer: Buyer;
  /** Brand and category that no name of Haier's is the same as. */
  brand: Made;
  category: Made;
  stop(): Promise<void>;
}

const NOTHING_SET = Object.fromEntries(
  Object.values(HAIER_VARIABLES)
    .flatMap((part) => Object.keys(part))
    .map((name) => [name, '']),
);

export async function startHaierShop(): Promise<HaierShop> {
  const app = await startApp({ ...NOTHING_SET, PROCESS_ROLE: 'all' });
  app.sandbox.control.ylh.callbacks.url(`${app.url}/api/v1/haier-integration/callback`);
  return {
    app,
    admin: await panelUser(app, 'superAdmin'),
    merchant: await panelUser(app, 'merchant'),
    buyer: await createBuyer(app),
    brand: await makeBrand(app, { name: '统帅 Leader', english: 'Leader' }),
    category: await makeCategory(app, { name: '烘干设备', english: 'Dryers' }),
    stop: () => app.stop(),
  };
}
