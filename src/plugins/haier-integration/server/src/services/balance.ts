/** The balance at Haier: asked by one process, at most every five minutes, and watched for its limit. */
import type { Core } from '@strapi/strapi';

import type { PayerBalance } from '../clients/contract';
import { HaierError } from '../domain/errors';
import type { Sentence } from '../domain/refusal';
import type { HaierIntegrationSettings } from '../domain/settings';
import { describeFailure } from '../domain/words';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';
import { createSharedNote, type SharedNote } from './shared-note';

export interface BalanceView {
  accounts: PayerBalance[];
  /** When Haier said so; null before the first answer. */
  at: string | null;
  /** Why the last question has no answer. */
  error: Sentence | null;
  limitFen: number;
  isLow: boolean;
}

export interface BalanceService {
  /**
   * The balance as last heard; where that is older than five minutes Haier is asked first, for as long as `patienceMs`. Null
   * without an account. Tells staff when it falls below the limit, once until it has risen again.
   */
  read(options?: { patienceMs?: number }): Promise<BalanceView | null>;
}

interface BalanceNote {
  /** Whose balance it is. */
  account: string;
  askedAt: string;
  at: string | null;
  accounts: PayerBalance[];
  error: Sentence | null;
  /** Staff know that it is low. */
  isTold: boolean;
}

const MAX_AGE_MS = 5 * 60_000;
const PATIENCE_MS = 3_000;
const FEN = 100;

const limitOf = ({ policy }: HaierIntegrationSettings): number => Math.round(policy.balanceWarningYuan * FEN);
const accountOf = ({ haier }: HaierIntegrationSettings): string => `${haier.customerCode} ${haier.baseUrl}`;
const yuan = (fen: number): string => (fen / FEN).toFixed(2);

const isBelow = (accounts: PayerBalance[], limitFen: number): boolean =>
  limitFen > 0 && accounts.some(({ balanceFen }) => balanceFen < limitFen);

function describeLow(accounts: PayerBalance[], limitFen: number) {
  const low = accounts.filter(({ balanceFen }) => balanceFen < limitFen);
  const names = low.map(
    ({ payerAccountName, payerAccountCode, balanceFen }) =>
      `${payerAccountName ?? payerAccountCode}：¥${yuan(balanceFen)}`,
  );
  return {
    title: '海尔账户余额不足 / Haier balance is low',
    content: `${names.join('；')}（低于 ¥${yuan(limitFen)} / below ¥${yuan(limitFen)}）`,
    data: { balanceFen: Math.min(...low.map(({ balanceFen }) => balanceFen)), limitFen },
  };
}

export interface BalanceOptions {
  strapi: Core.Strapi;
  note: SharedNote<BalanceNote>;
  readSettings(): Promise<HaierIntegrationSettings>;
  readBalances(): Promise<PayerBalance[]>;
  now(): Date;
}

export function createBalance({
  strapi,
  note,
  readSettings,
  readBalances,
  now,
}: BalanceOptions): BalanceService {
  async function ask(): Promise<Pick<BalanceNote, 'accounts' | 'at' | 'error'> | { error: Sentence }> {
    try {
      return { accounts: await readBalances(), at: now().toISOString(), error: null };
    } catch (error) {
      if (error instanceof HaierError) return { error: describeFailure(error) };
      throw error;
    }
  }

  /** Whoever writes that staff know is the one who tells them. */
  async function tell(settings: HaierIntegrationSettings): Promise<void> {
    const { staff } = connectedPorts();
    const { value, version } = await note.read();
    if (value === null) return;
    const isLow = isBelow(value.accounts, limitOf(settings));
    if (isLow === value.isTold || (isLow && staff === undefined)) return;
    if (!(await note.replace(version, { ...value, isTold: isLow }))) return;
    if (!isLow) return;
    try {
      await staff?.notify(describeLow(value.accounts, limitOf(settings)));
    } catch (error) {
      await note.replace(version + 1, value);
      throw error;
    }
  }

  async function refresh(settings: HaierIntegrationSettings): Promise<void> {
    const { value, version } = await note.read();
    const account = accountOf(settings);
    const known = value?.account === account ? value : null;
    const claim: BalanceNote = {
      ...(known ?? { account, at: null, accounts: [], error: null, isTold: false }),
      askedAt: now().toISOString(),
    };
    // Another process has just begun to ask.
    if (!(await note.replace(version, claim))) return;
    await note.replace(version + 1, { ...claim, ...(await ask()) });
    await tell(settings);
  }

  const logged = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      strapi.log.error(`haier-integration: the balance could not be read: ${words}`);
    });

  const isDue = (value: BalanceNote | null, account: string): boolean =>
    value?.account !== account || now().getTime() - new Date(value.askedAt).getTime() >= MAX_AGE_MS;

  return {
    async read({ patienceMs = PATIENCE_MS } = {}) {
      const settings = await readSettings();
      if (!(await getService('settings').isConfigured()).haier) return null;
      const account = accountOf(settings);
      if (isDue((await note.read()).value, account)) await within(patienceMs, logged(refresh(settings)));
      const { value } = await note.read();
      const known = value?.account === account ? value : null;
      const accounts = known?.accounts ?? [];
      const limitFen = limitOf(settings);
      return {
        accounts,
        at: known?.at ?? null,
        error: known?.error ?? null,
        limitFen,
        isLow: isBelow(accounts, limitFen),
      };
    },
  };
}

/** Waits for the work, but not longer; it goes on. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

export default ({ strapi }: { strapi: Core.Strapi }): BalanceService =>
  createBalance({
    strapi,
    note: createSharedNote<BalanceNote>(strapi, 'balance'),
    readSettings: () => getService('settings').read(),
    readBalances: () => getService('clients').haier.readBalances(),
    now: () => new Date(),
  });
