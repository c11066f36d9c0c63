/** The catalogue's cache of this process: what it reads from, and what tells it of changes. */
import type { Core } from '@strapi/strapi';

import { settings } from '../config/environment';
import { changedTags, isOfCatalogue } from './catalogue-changes';
import { closeCache, openCache, tellChanged } from './platform/cache';
import { Replicas, watchWrites } from './platform/database';
import { redis } from './platform/redis/connection';

let replicas: Replicas | undefined;

function openReplicas(strapi: Core.Strapi): Replicas | undefined {
  const { DATABASE_REPLICA_URLS: urls, DATABASE_SSL, PROCESS_ROLE } = settings();
  if (urls.length === 0 || PROCESS_ROLE === 'worker') return undefined;
  const opened = new Replicas({
    urls,
    ssl: DATABASE_SSL === true,
    primary: strapi.db.connection,
    onChange: (name, { isUsed, reason }) =>
      isUsed
        ? strapi.log.info(`Catalogue reads go to the replica ${name}`)
        : strapi.log.warn(`The replica ${name} is left out: it ${reason ?? 'was not asked yet'}`),
  });
  opened.start();
  return opened;
}

/** Begins the cache; from now on every write of this process to the catalogue is told to all. */
export function openCatalogueCache(strapi: Core.Strapi): void {
  replicas = openReplicas(strapi);
  const from = replicas;
  openCache({
    redis: redis(settings().REDIS_URL),
    log: strapi.log,
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
