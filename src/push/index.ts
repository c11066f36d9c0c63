/** The shop's push channel: what is told to whom, and who may listen. */
import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { findSessionEnd, identify } from '../extensions/users-permissions/identify';
import { createClientAddress } from '../platform/http';
import { type Change, type Gate, listenToChanges, openPush, type Push } from '../platform/push';
import { redis } from '../platform/redis/connection';
import { type ChangeQueue, createChangeQueue } from './changes';
import { readEvents, STAFF } from './events';

const gate: Gate = {
  async authenticate(token) {
    const identity = await identify(token);
    if (typeof identity === 'string') return identity;
    const { user, expiresAtMs } = identity;
    return { userId: user.id, sessionId: user.sessionId, groups: user.isStaff ? [STAFF] : [], expiresAtMs };
  },
  recheck: ({ userId, sessionId, groups }) => findSessionEnd(userId, sessionId, groups.includes(STAFF)),
};

let push: Push | undefined;
let queue: ChangeQueue | undefined;

async function tell(channel: Push, subject: string, ids: Change['id'][]): Promise<void> {
  if (subject === 'sessions') channel.recheck(ids.map(Number));
  else channel.publish(await readEvents(subject, ids));
}

/**
 * Opens `/ws` on Strapi's server, and tells listeners of every process what this one commits. A worker has no `/ws`; it
 * only tells.
 */
export async function openShopPush({ server, log }: Core.Strapi): Promise<void> {
  const { REDIS_URL, PROCESS_ROLE, CORS_ORIGINS, PUBLIC_URL, TRUST_PROXY } = settings();
  const isWorker = PROCESS_ROLE === 'worker';
  if (REDIS_URL === undefined && PROCESS_ROLE !== 'all')
    log.info('No REDIS_URL: /ws tells of what its own process does, not of what others do');
  const channel = await openPush({
    server: isWorker ? undefined : server.httpServer,
    redis: redis(REDIS_URL),
    gate,
    origins: CORS_ORIGINS.length > 0 ? CORS_ORIGINS : [new URL(PUBLIC_URL).origin],
    clientAddress: createClientAddress(TRUST_PROXY),
    log,
  });
  const changes = createChangeQueue(
    (subject, ids) => tell(channel, subject, ids),
    (subject, error) => log.warn(`push: a change of ${subject} could not be told: ${String(error)}`),
  );
  listenToChanges((change) => {
    if (channel.isHeard()) changes.add(change);
  });
  [push, queue] = [channel, changes];
}

/** Asks listeners to connect again elsewhere. What still happens here is told to the other processes. */
export const closeConnections = async (): Promise<void> => push?.close();

/** Tells what is left and stops. */
export async function closeShopPush(): Promise<void> {
  listenToChanges(undefined);
  await queue?.settle();
  await push?.stop();
  push = undefined;
  queue = undefined;
}
