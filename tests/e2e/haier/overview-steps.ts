/** The overview when there is something to tell. */
import { picture } from '../visit';
import { stands, startAndOpen } from './sync-steps';
import { card, type HaierVisit, LANGUAGES, look, open, textIn } from './visit';

const HOUR_MS = 3_600_000;

/** A day of calls as a shop has them: few at night, many in the evening, a bad hour at noon. */
async function fillDay({ app }: HaierVisit): Promise<void> {
  const first = Date.now() - 23 * HOUR_MS;
  const calls = Array.from({ length: 23 }, (_, hour) => {
    const count = 18 + Math.round(16 * Math.sin((hour - 6) / 3.8));
    const isBad = hour === 14;
    return Array.from({ length: count }, (_, place) => ({
      system: place % 3 === 0 ? 'ylh' : 'haier',
      operation: place % 3 === 0 ? 'listTracking' : 'readStock',
      outcome: (isBad && place % 2 === 0) || place === 17 ? 'unavailable' : 'ok',
      method: 'POST',
      http_status: 200,
      attempt: 1,
      duration_ms: 80,
      called_at: new Date(first + hour * HOUR_MS + place * 60_000).getTime(),
    }));
  }).flat();
  for (let start = 0; start < calls.length; start += 50)
    await app.strapi.db.connection('haier_api_logs').insert(calls.slice(start, start + 50));
}

/** Both systems answer, the balance is below its limit, syncs have run, and the day's calls are drawn. */
export async function overviewIsFull(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await fillDay(visit);
  for (const language of LANGUAGES) {
    const text = (name: Parameters<typeof textIn>[1]) => textIn(language, name);
    await open(visit, 'overview', language);
    for (const system of ['system.haier', 'system.ylh'] as const)
      await card(page, text(system)).getByText(text('connection.ok'), { exact: true }).waitFor();
    const balance = card(page, text('balance'));
    await balance.getByText('¥500,000.00').waitFor();
    await balance.getByText('¥12,345.67').waitFor();
    await balance.getByText(text('balance.low')).waitFor();
    await balance.getByText(/¥20,001\.00/).waitFor();
    await card(page, text('last-syncs')).getByText(text('sync.status.succeeded')).first().waitFor();
    await card(page, text('hours')).getByRole('img').waitFor();
    await look(page, 'overview-full', language);
    if (language === 'zh-Hans') await picture(page, 'haier-overview.png', { width: 1280, height: 900 });
  }
}

/** Haier is away: the overview says so, and keeps the balance it last heard. */
export async function overviewTellsOfTrouble(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  await app.sandbox.control.haier.down();
  await open(visit, 'settings');
  await card(page, '海尔开放平台').getByRole('button', { name: '测试连接' }).click();
  await card(page, '海尔开放平台').getByText('有步骤未通过').waitFor();
  await open(visit, 'syncs');
  await startAndOpen(visit, '同步商品');
  await stands(visit, '失败', { timeout: 60_000 });
  for (const language of LANGUAGES) {
    await open(visit, 'overview', language);
    const connection = card(page, textIn(language, 'system.haier'));
    await connection.getByText(textIn(language, 'connection.failing'), { exact: true }).waitFor();
    await look(page, 'overview-trouble', language);
  }
  await app.sandbox.control.haier.up();
}
