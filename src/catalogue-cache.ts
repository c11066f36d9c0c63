/** The catalogue's cache of this process: what it reads from, and what tells it of changes. */
import type { Core } from '@strapi/strapi';

import { settings } from '../config/environment';
import { changedTags, isOfCatalogue } from './catalogue-changes';
import { closeCache, openCache, tellChanged } from './platform/cache';
import { Replicas, watchWrites } from './platform/database';
import { addReadinessCheck } from './platform/health';
import { countCacheRead, noteReplicaLag } from './platform/metrics';
import { redis } from './platform/redis/connection';

let replicas: Replicas | undefined;

function openReplicas(strapi: Core.Strapi): Replicas | undefined {
  const { DATABASE_REPLICA_URLS: urls, DATABASE_SSL, PROCESS_ROLE } = settings();
  if (urls.length === 0 || PROCESS_ROLE === 'worker') return undefined;
  const opened = new Replicas({
    urls,
    ssl: DATABASE_SSL === true,
    primary: strapi.db.connection,
    onLook: (behindMs) => behindMs.forEach((ms, index) => noteReplicaLag(index + 1, ms / 1000)),
    onChange: (name, { isUsed, reason }) =>
      isUsed
        ? strapi.log.info(`Catalogue reads go to the replica ${name}`)
        : strapi.log.warn(`The replica ${name} is left out: it ${reason ?? 'was not asked yet'}`),
  });
  opened.start();
  // A replica that is left out is said and is no outage: the primary answers for it.
  addReadinessCheck('replicas', () => {
    const standing = opened.standing();
    const out = standing.filter(({ isUsed }) => !isUsed).length;
    return Promise.resolve(out === 0 ? {} : { message: `${out} of ${standing.length} left out` });
  });
  return opened;
}

/** Begins the cache; from now on every write of this process to the catalogue is told to all. */
export function openCatalogueCache(strapi: Core.Strapi): void {
  replicas = openReplicas(strapi);
  const from = replicas;
  openCache({
    redis: redis(settings().REDIS_URL),
    log: strapi.log,
    onOutcome: (outcome) => countCacheRead('catalogue', outcome === 'loaded' ? 'miss' : 'hit'),
    readElsewhere: from === undefined ? undefined : (load) => from.read(load),
  });
  watchWrites(strapi.db.connection, isOfCatalogue, (writes) => tellChanged(changedTags(writes)));
}

export async function closeCatalogueCache(): Promise<void> {
  closeCache();
  await replicas?.stop();
  replicas = undefined;
}

/** How far each replica is behind; for health and metrics. */
export const replicaStanding = (): ReturnType<Replicas['standing']> => replicas?.standing() ?? [];
