/** Tries an account step by step, saved or not, and says in words what works. Nothing is saved, no token is kept. */
import { randomUUID } from 'node:crypto';

import type { Core } from '@strapi/strapi';

import { AddressProblem, probeAddress } from '../clients/address-probe';
import type { System } from '../constants';
import { HaierError } from '../domain/errors';
import type { Language, Sentence } from '../domain/refusal';
import type { HaierIntegrationSettings } from '../domain/settings';
import { describeFailure } from '../domain/words';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';
import type { Clients } from './clients';
import { haierSteps } from './connection-test-haier';
import { ylhSteps } from './connection-test-ylh';
import { createTokenKeeper } from './token-keeper';
import { createMemoryTokenStore } from './token-store';

export interface TestStep {
  name: string;
  ok: boolean;
  /** Not tried: a step before it failed, or something it needs is not set. */
  skipped: boolean;
  message: string;
  ms: number;
}

export interface TestReport {
  /** No step failed. */
  ok: boolean;
  steps: TestStep[];
}

export interface ConnectionTestService {
  run(system: System, settings: HaierIntegrationSettings, language: Language): Promise<TestReport>;
}

/** What a step found out: what works, or why it could not be tried. */
export interface Finding {
  message: Sentence;
  skipped?: boolean;
}

export interface Step {
  name: string;
  run(): Promise<Finding>;
}

/** Steps of one stage are tried at once; when one of a stage fails, the stages after it are not tried. */
export type Stages = Step[][];

export interface TestBench {
  settings: HaierIntegrationSettings;
  clients: Clients;
  /** A code to ask about; undefined where the shop has none of Haier's yet. */
  findProductCode(): Promise<string | undefined>;
}

const TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 200;

const NOT_TRIED: Sentence = {
  zh: '前面的步骤没有通过，未测试',
  en: 'not tried, because a step before it failed',
};

function describe(error: unknown): Sentence {
  if (error instanceof AddressProblem) return error.sentence;
  if (error instanceof HaierError) return describeFailure(error);
  throw error;
}

async function runStep({ name, run }: Step, language: Language): Promise<TestStep> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    const { message, skipped = false } = await run();
    return { name, ok: !skipped, skipped, message: message[language], ms: took() };
  } catch (error) {
    return { name, ok: false, skipped: false, message: describe(error)[language], ms: took() };
  }
}

const hasFailed = (step: TestStep): boolean => !step.ok && !step.skipped;

async function runStages(stages: Stages, language: Language): Promise<TestReport> {
  const steps: TestStep[] = [];
  for (const stage of stages) {
    if (steps.some(hasFailed))
      steps.push(
        ...stage.map(({ name }) => ({ name, ok: false, skipped: true, message: NOT_TRIED[language], ms: 0 })),
      );
    else steps.push(...(await Promise.all(stage.map((step) => runStep(step, language)))));
  }
  return { ok: !steps.some(hasFailed), steps };
}

/** One step for all addresses: whether somebody is there. Throws AddressProblem. */
export async function tryAddresses(addresses: string[]): Promise<Finding> {
  const hosts = new Map(
    addresses.filter((address) => address !== '').map((each) => [new URL(each).host, each]),
  );
  if (hosts.size === 0) throw new AddressProblem({ zh: '没有填写地址', en: 'no address is set' });
  await Promise.all([...hosts.values()].map((address) => probeAddress(address)));
  const names = [...hosts.keys()];
  return { message: { zh: `${names.join('、')} 可以连接`, en: `${names.join(', ')}: somebody answers` } };
}

export default function createConnectionTest({ strapi }: { strapi: Core.Strapi }): ConnectionTestService {
  /** Clients whose tokens go when the test is over. */
  function createClients(settings: HaierIntegrationSettings): Clients {
    const keeper = createTokenKeeper({
      store: createMemoryTokenStore(),
      vault: { encrypt: (text) => text, decrypt: (text) => text },
      hashKey: randomUUID(),
      log: strapi.log,
    });
    const tuning = { keeper, timeoutMs: TIMEOUT_MS, retryDelayMs: RETRY_DELAY_MS };
    return getService('clients').createClients(() => Promise.resolve(settings), tuning);
  }

  const stagesOf: Record<System, (bench: TestBench) => Stages> = { haier: haierSteps, ylh: ylhSteps };

  return {
    async run(system, settings, language) {
      const bench: TestBench = {
        settings,
        clients: createClients(settings),
        findProductCode: async () => (await connectedPorts().catalogue?.listCodes(null, 1))?.[0]?.productCode,
      };
      return runStages(stagesOf[system](bench), language);
    },
  };
}
