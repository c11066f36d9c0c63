import { startSandbox, type Sandbox } from '../../sandbox';
import { startShop, type Shop } from './support/callback-shop';
import { HaierClient, YlhClient } from './support/suppliers';

describe('the life of orders at YLH', () => {
  let sandbox: Sandbox;
  let ylh: YlhClient;
  let shop: Shop;

  beforeAll(async () => {
    sandbox = await startSandbox();
    shop = await startShop(sandbox.env.YLH_CALLBACK_SECRET ?? '');
  });
  afterAll(async () => {
    await sandbox.stop();
    await shop.close();
  });
  beforeEach(async () => {
    await sandbox.control.reset();
    sandbox.control.ylh.callbacks.url(shop.url);
    shop.received = [];
    ylh = await new YlhClient(sandbox).signIn();
  });

  const control = (): Sandbox['control']['ylh'] => sandbox.control.ylh;

  describe('orders that live by themselves', () => {
    const pace = { confirmMs: 1_000, shipMs: 1_000, deliverMs: 1_000, photographMs: 1_000, cancelMs: 1_000 };

    test('from created to photographed, one call-back on the way', async () => {
      control().pace({ mode: 'automatic', ...pace });
      const { soId } = await ylh.placed();
      const stages = [];
      for (let step = 0; step < 4; step += 1) {
        stages.push(control().order(soId).stage);
        await sandbox.control.clock.advance(1_000);
      }
      expect(stages).toEqual(['created', 'confirmed', 'shipped', 'delivered']);
      expect(control().order(soId)).toMatchObject({ photos: 2 });
      expect(shop.received.map(({ fields }) => fields.Method)).toEqual(['hmm.scm_heorder.confirm']);
    });

    test('a cancel is granted until the goods have left, and refused after', async () => {
      control().pace({ mode: 'automatic', ...pace });
      const [early, late] = [await ylh.placed(), await ylh.placed()];
      await ylh.cancel(early.soId);
      await sandbox.control.clock.advance(2_000);
      await ylh.cancel(late.soId);
      await sandbox.control.clock.advance(1_000);
      expect(control().order(early.soId).stage).toBe('cancelled');
      expect(control().order(late.soId)).toMatchObject({ stage: 'shipped', cancel: { verdict: 'failed' } });
      await sandbox.control.clock.advance(1_000);
      expect(control().order(late.soId).stage).toBe('delivered');
    });

    test('nothing in the warehouses: out of stock', async () => {
      sandbox.control.haier.setStock({ productCode: 'DEMO-F03', pieces: 1 });
      control().pace({ mode: 'automatic', ...pace });
      const [first, second] = [await ylh.placed(), await ylh.placed()];
      await sandbox.control.clock.advance(1_000);
      expect(control().order(first.soId).stage).toBe('confirmed');
      expect(control().order(second.soId).stage).toBe('out_of_stock');
    });

    test('waiting orders set out when the mode changes, and stop again', async () => {
      const { soId } = await ylh.placed();
      control().pace({ mode: 'automatic', ...pace });
      await sandbox.control.clock.advance(1_000);
      expect(control().order(soId).stage).toBe('confirmed');
      control().pace({ mode: 'manual' });
      await sandbox.control.clock.advance(60_000);
      expect(control().order(soId)).toMatchObject({ stage: 'confirmed' });
    });

    test('a script says what becomes of the next orders, or of one', async () => {
      control().pace({ mode: 'automatic', ...pace });
      control().script({ soId: 'MINE', outcome: 'refuse', message: '超出配送范围', delayMs: 500 });
      control().script({ outcome: 'nothing', times: 2 });
      const mine = await ylh.placed({ soId: 'MINE' });
      const others = [await ylh.placed(), await ylh.placed(), await ylh.placed()];
      await sandbox.control.clock.advance(1_000);
      expect(control().order(mine.soId).stage).toBe('refused');
      expect(others.map(({ soId }) => control().order(soId).stage)).toEqual([
        'created',
        'created',
        'confirmed',
      ]);
    });
  });

  test('an order takes a piece from the province it goes to; what is not delivered gives it back', async () => {
    const haier = await new HaierClient(sandbox).signIn();
    const pieces = async (county: string): Promise<number> => {
      const { data } = (await haier.stock('DEMO-F03', county)).body as { data: { stock: number }[] };
      return data.reduce((sum, { stock }) => sum + stock, 0);
    };
    const [qingdao, beijing] = [await pieces('370212'), await pieces('110105')];
    const { soId } = await ylh.placed();
    expect([await pieces('370212'), await pieces('110105')]).toEqual([qingdao - 1, beijing]);
    control().outOfStock(soId);
    expect(await pieces('370212')).toBe(qingdao);
  });
});
