/**
 * Every race of the shop: real transactions on PostgreSQL, two web processes and a worker, real Redis. The audit reads the
 * whole database after each seed. `npm run test:races` runs at least a hundred seeds of each and writes docs/races.md.
 */
import { writeRaceReport } from '../../support/race-report';
import { RECORDS, runRace } from '../../support/race-run';
import { RaceShop } from '../../support/race-shop';
import { isLongRun } from '../../support/seeds';
import { EDIT_RACES } from './edit-races';
import { HAIER_RACES } from './haier-races';
import { KILL_RACES } from './kill-races';
import { ORDER_RACES } from './order-races';
import { REPEAT_RACES } from './repeat-races';
import { STOCK_RACES } from './stock-races';

const RACES = [...STOCK_RACES, ...ORDER_RACES, ...REPEAT_RACES, ...EDIT_RACES, ...HAIER_RACES, ...KILL_RACES];
const WITHIN_MS = isLongRun ? 6 * 60 * 60_000 : 3 * 60_000;

const shop = new RaceShop();
const NAMES = RACES.map(({ name }) => name);
const writeReport = () => writeRaceReport(shop.db, RECORDS, NAMES);

beforeAll(() => shop.start(), 300_000);
afterAll(() => shop.stop(), 60_000);
afterEach(() => (isLongRun ? writeReport() : undefined));

describe('a race', () => {
  it.each(RACES)('$name', (race) => runRace(shop, race), WITHIN_MS);
});
