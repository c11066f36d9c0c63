import { compiled, type TestApp } from './app';

/**
 * Ends a suite: what is due is done, everything that must always hold does, in the whole database and whatever the suite did to it, and then
 * the shop stops. `except` names rules a suite breaks by its own hand.
 */
export async function endSound(app: TestApp | undefined, except: readonly string[] = []): Promise<void> {
  if (app === undefined) return;
  try {
    await app.drain();
    const { auditShop, describeFinding } = compiled<typeof import('../../src/audit')>('src/audit');
    const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
    const { findings } = await auditShop(app.strapi.db.connection, clock.now(), 20);
    expect(findings.filter(({ rule }) => !except.includes(rule)).map(describeFinding)).toEqual([]);
  } finally {
    await app.stop();
  }
}
