import globalSetup from '../support/global-setup';

/** Prints where the prepared database is, as its last line. */
async function main(): Promise<void> {
  await globalSetup();
  process.stdout.write(`\n${process.env.SHOP_TEST_RUN}\n`);
  process.exit(0);
}

void main();
