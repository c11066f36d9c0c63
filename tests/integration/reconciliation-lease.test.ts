import { compiled, startApp, type TestApp } from '../support/app';
import { differencesOf, goToNextDay, reconcileDue, runOf } from '../support/factories/bills';
import { panelUser, type PanelUser } from '../support/factories/panel';

const MINUTE_MS = 60_000;

let app: TestApp;
let merchant: PanelUser;

beforeAll(async () => {
  app = await startApp();
  merchant = await panelUser(app, 'merchant');
});
afterAll(() => app.stop());

const now = () => compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock.now();
const reconcileDay = (day: string): Promise<Date | void> =>
  compiled<typeof import('../../src/api/reconciliation/services/reconciliation')>(
    'src/api/reconciliation/services/reconciliation',
  ).reconcileDay(day, now());
const claims = () =>
  compiled<typeof import('../../src/api/reconciliation/comparison/claim')>(
    'src/api/reconciliation/comparison/claim',
  );

/** The only day that waits to be compared, once it is over. */
async function dayBefore(): Promise<string> {
  const day = await goToNextDay(app, '10:01:00');
  await reconcileDue(app);
  await goToNextDay(app, '10:30:00');
  return day;
}

/** The claim of a process at work on a day. */
async function claimOf(day: string) {
  await merchant.call('post', '/back-office/reconciliation/runs').send({ billDate: day }).expect(202);
  const claim = await claims().claimRun(day, now());
  if (typeof claim === 'string') throw new Error(claim);
  return claim;
}

describe('the claim to a day', () => {
  it('is taken over from a process that died, which can no longer write', async () => {
    const day = await dayBefore();
    const { recordFindings } = compiled<typeof import('../../src/api/reconciliation/comparison/record')>(
      'src/api/reconciliation/comparison/record',
    );
    const { finding } = compiled<typeof import('../../src/api/reconciliation/comparison/finding')>(
      'src/api/reconciliation/comparison/finding',
    );
    const dead = await claimOf(day);
    expect(await reconcileDay(day)).toBeInstanceOf(Date);
    await app.advance(2 * MINUTE_MS + 1);
    expect(await reconcileDay(day)).toBeUndefined();
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 2, open_count: 0 });
    await expect(recordFindings(dead, [finding('payment_amount', 'X', {})])).rejects.toThrow('taken over');
    await expect(dead.renew()).rejects.toThrow('taken over');
    expect(await differencesOf(app, day)).toEqual([]);
  });

  it('stays with a process that is long at its download', async () => {
    const day = await dayBefore();
    const claim = await claimOf(day);
    const renewed = async (): Promise<boolean> => {
      const { until } = await app.strapi.db
        .connection('reconciliation_runs')
        .where({ bill_date: day })
        .first('lease_until as until');
      return new Date(until as string | number).getTime() - now().getTime() > MINUTE_MS;
    };
    const download = async () => {
      for (let minute = 0; minute < 5; minute += 1) {
        await app.advance(MINUTE_MS + 1);
        while (!(await renewed())) await new Promise((resolve) => setTimeout(resolve, 5));
        expect(await reconcileDay(day)).toBeInstanceOf(Date);
      }
    };
    await claims().whileKept(claim, download, 5);
    expect(await runOf(app, day)).toMatchObject({ status: 'running', attempt: claim.attempt });
    await app.advance(2 * MINUTE_MS + 1);
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed' });
  });
});
