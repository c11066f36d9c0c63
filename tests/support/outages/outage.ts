/** Stops a dependency while fifty requests a second run, starts it again, and says what clients saw. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { HostileAnswer } from '../hostile-client';
import { createSender } from '../hostile-client';
import type { RoleProcess } from '../shop-process';
import { type Heard, Load, type Phase } from './load';
import { type Kind, Shoppers, SHOPPING } from './requests';
import type { OutageWorld } from './world';

export interface Outage {
  /** What is stopped, and how. */
  name: string;
  kinds?: readonly Kind[];
  /** How long it is away. */
  stoppedMs?: number;
  stop(world: OutageWorld): Promise<unknown>;
  start(world: OutageWorld): Promise<unknown>;
  /** What may be refused meanwhile, with which answers; all else goes on. */
  refused: Partial<Record<Kind, readonly string[]>>;
  /** A refusal says when to come again. */
  saysWhen?: boolean;
  /** After the start everything is answered again within this. */
  recoversWithinMs: number;
  /** What else must hold when all is calm; throws. */
  check?(world: OutageWorld, shoppers: Shoppers): Promise<void>;
}

/** What clients saw of one outage; moments in milliseconds. */
export interface Sight {
  outage: Outage;
  heard: Heard[];
  recoveredInMs: number;
}

export const SIGHTS: Sight[] = [];

/** No answer takes longer, whatever it is and whatever is away. */
const WITHIN_MS = 12_000;
const BEFORE_MS = 1_000;
const STOPPED_MS = 5_000;
/** So long without a refusal is recovered. */
const CALM_MS = 1_000;

const problemsOf = (heard: Heard[]): string[] => heard.flatMap(({ problems }) => problems);

/** Waits until the answers to what was sent since `startedAt` are good for a while; when the first good one was sent, that is. */
async function untilRecovered(load: Load, startedAt: number, withinMs: number): Promise<number> {
  for (;;) {
    await sleep(50);
    const after = load.heard.filter(({ sentAt }) => sentAt >= startedAt);
    const lastRefused = Math.max(startedAt, ...after.filter(({ isOk }) => !isOk).map(({ sentAt }) => sentAt));
    const now = performance.now();
    if (now - lastRefused >= CALM_MS) return lastRefused - startedAt;
    if (now - startedAt > withinMs + CALM_MS) return Infinity;
  }
}

/** Everything that was ordered is said again with its key, as the mini-program does, until the shop has confirmed it. */
async function insist(world: OutageWorld, shoppers: Shoppers): Promise<string[]> {
  const { send, close } = createSender(world.shop.webs[0]!.url);
  const problems: string[] = [];
  for (const wish of shoppers.wishes.filter(({ order }) => order === undefined)) {
    const { request, hear } = shoppers.wish(wish);
    let answer: HostileAnswer = await send(request);
    for (let tries = 0; answer.status === 503 && tries < 5; tries += 1) {
      await sleep(1_000);
      answer = await send(request);
    }
    hear(answer);
    if (wish.order === undefined)
      problems.push(`an order said again: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  close();
  return problems;
}

/** Each wish is one order, and no order stands there that nobody has asked for. */
async function countOrders({ shop }: OutageWorld, { wishes }: Shoppers, before: number): Promise<string[]> {
  const confirmed = new Set(wishes.map(({ order }) => order));
  const [{ count } = { count: 0 }] = (await shop.db('orders').count('* as count')) as { count: number }[];
  const added = Number(count) - before;
  return added === wishes.length && confirmed.size === wishes.length
    ? []
    : [`${wishes.length} orders were asked for, ${confirmed.size} confirmed, ${added} are there`];
}

/** WeChat comes again by itself for what was not acknowledged; its timetable is not waited for. */
async function deliverNotices({ shop }: OutageWorld): Promise<void> {
  const { notifications } = shop.sandbox.control;
  for (const { id, attempts } of notifications.list())
    if (!attempts.some(({ status }) => status === 200)) await notifications.resend(id);
}

function wrongAnswers(
  { refused, saysWhen, recoversWithinMs }: Outage,
  heard: Heard[],
  recoveredInMs: number,
): string[] {
  const odd = heard.filter(
    ({ isOk, phase, kind, outcome }) =>
      !isOk && (phase === 'before' || refused[kind]?.includes(outcome) !== true),
  );
  const slow = heard.filter(({ ms }) => ms > WITHIN_MS);
  const silent =
    saysWhen === true ? heard.filter(({ isOk, retryAfter }) => !isOk && retryAfter === undefined) : [];
  return [
    ...count(odd.map(({ phase, kind, outcome }) => `${phase}: ${kind} was answered ${outcome}`)),
    ...count(slow.map(({ phase, kind, ms }) => `${phase}: ${kind} took ${Math.round(ms / 1000)} s`)),
    ...count(silent.map(({ phase, kind }) => `${phase}: ${kind} was refused without Retry-After`)),
    ...(recoveredInMs > recoversWithinMs ? [`it recovered in ${recoveredInMs} ms`] : []),
  ];
}

function count(lines: string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, times]) => (times === 1 ? line : `${line} (${times} times)`));
}

/** A defect of the process that nobody has handled, which it survives by luck. */
const unhandled = ({ role, output }: RoleProcess): string[] =>
  /unhandled rejection|uncaught exception/i.test(output()) ? [`the ${role} has met what nobody handles`] : [];

/** One outage from beginning to end. Throws with everything that was wrong. */
export async function runOutage(world: OutageWorld, outage: Outage): Promise<void> {
  await world.untilReady();
  const { shop } = world;
  const shoppers = new Shoppers(world);
  const [{ count: before } = { count: 0 }] = (await shop.db('orders').count('* as count')) as {
    count: number;
  }[];
  const load = new Load(shop.webs[0]!.url, shoppers, outage.kinds ?? SHOPPING);
  const enter = (phase: Phase): void => void (load.phase = phase);
  let recoveredInMs = Infinity;
  try {
    await sleep(BEFORE_MS);
    enter('stopped');
    await outage.stop(world);
    await sleep(outage.stoppedMs ?? STOPPED_MS);
  } finally {
    await outage.start(world);
    enter('after');
    recoveredInMs = await untilRecovered(load, performance.now(), outage.recoversWithinMs);
    await load.end();
  }
  SIGHTS.push({ outage, heard: load.heard, recoveredInMs });
  const problems = [
    ...wrongAnswers(outage, load.heard, recoveredInMs),
    ...count(problemsOf(load.heard)),
    ...world.whyOf(
      load.heard.filter(({ outcome }) => outcome.startsWith('500')).map(({ requestId }) => requestId),
    ),
    ...(await insist(world, shoppers)),
    ...[...shop.webs, shop.worker].flatMap(unhandled),
  ];
  await deliverNotices(world);
  const rest = [
    () => outage.check?.(world, shoppers),
    () => shop.expectSound(),
    async () => void problems.push(...(await countOrders(world, shoppers, Number(before)))),
  ];
  for (const step of rest)
    await Promise.resolve(step()).catch((error: Error) => problems.push(error.message));
  if (problems.length > 0) throw new Error(problems.slice(0, 40).join('\n'));
}
