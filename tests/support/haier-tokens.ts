import type {
  TokenAccount,
  TokenKeeper,
} from '../../src/plugins/haier-integration/server/src/services/token-keeper';
import type { Vault } from '../../src/plugins/haier-integration/server/src/services/vault';
import { compiled, type TestApp } from './app';

const SERVICES = 'src/plugins/haier-integration/server/src/services';

type VaultModule = typeof import('../../src/plugins/haier-integration/server/src/services/vault');
const vaultModule = () => compiled<VaultModule>(`${SERVICES}/vault`);

/** The error class of the running shop. */
export const vaultErrors = () => vaultModule().VaultError;

/** Another process, as far as tokens go: the same table, and a memory of its own. */
export function newKeeper(app: TestApp, options: { now?: () => number; vault?: Vault } = {}): TokenKeeper {
  const { createTokenKeeper } = compiled<
    typeof import('../../src/plugins/haier-integration/server/src/services/token-keeper')
  >(`${SERVICES}/token-keeper`);
  const { createTokenStore } = compiled<
    typeof import('../../src/plugins/haier-integration/server/src/services/token-store')
  >(`${SERVICES}/token-store`);
  const { createVault } = vaultModule();
  return createTokenKeeper({
    store: createTokenStore(app.strapi),
    vault: createVault(app.strapi),
    hashKey: 'test',
    log: { warn: () => undefined },
    pollMs: 5,
    ...options,
  });
}

let accounts = 0;

/** An account that counts how often it is asked for a token; `hold` keeps an answer back. */
export function newAccount() {
  let asked = 0;
  let gate: Promise<void> = Promise.resolve();
  const account: TokenAccount = {
    system: 'haier',
    key: `haier:test-${(accounts += 1)}`,
    issue: async () => {
      asked += 1;
      const accessToken = `token-${asked}`;
      await gate;
      return { accessToken, tokenType: null, expiresInSeconds: 3_600 };
    },
  };
  return {
    account,
    asked: () => asked,
    hold(): () => void {
      let open = (): void => undefined;
      gate = new Promise((resolve) => (open = resolve));
      return open;
    },
  };
}

/** Waits for a condition, not for a time. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
