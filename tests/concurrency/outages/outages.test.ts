/**
 * Each dependency of the shop is stopped while fifty requests a second run, and started again. `OUTAGE_TABLE=<file>` writes what clients saw
 * as the table of docs/operations.md.
 */
import { writeOutageTable } from '../../support/outages/table';
import { runOutage, SIGHTS } from '../../support/outages/outage';
import { OutageWorld } from '../../support/outages/world';
import { DISK_OUTAGES } from './disk';
import { PARTNER_OUTAGES } from './partners';
import { SERVER_OUTAGES } from './servers';

const world = new OutageWorld();

beforeAll(() => world.start(), 300_000);
afterAll(async () => {
  writeOutageTable(SIGHTS, process.env.OUTAGE_TABLE);
  await world.stop();
}, 60_000);

describe('while it is away and after, the shop answers as documented, and the books agree:', () => {
  it.each([...SERVER_OUTAGES, ...PARTNER_OUTAGES, ...DISK_OUTAGES])(
    '$name',
    (outage) => runOutage(world, outage),
    180_000,
  );
});
