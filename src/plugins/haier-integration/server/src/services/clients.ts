/** The two clients, on what they share in this process: circuits, the limit of calls, the token keeper, the log. */
import type { Core } from '@strapi/strapi';

import { Caller } from '../clients/caller';
import { createCallLimit } from '../clients/call-limit';
import { createCircuits } from '../clients/circuits';
import type { HaierApi, YlhApi } from '../clients/contract';
import { HaierClient, type ReadSettings } from '../clients/haier-api';
import { createTransport } from '../clients/transport';
import { YlhClient } from '../clients/ylh-api';
import { configSchema } from '../config';
import { PLUGIN_ID } from '../constants';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';
import { connectRedis } from '../redis';
import type { TokenKeeper } from './token-keeper';

export interface Clients {
  haier: HaierApi;
  ylh: YlhApi;
}

export interface ClientTuning {
  timeoutMs?: number;
  maxAnswerBytes?: number;
  /** First pause between two tries. */
  retryDelayMs?: number;
  callsPerSecond?: number;
  /** Holds the tokens instead of the one all processes share. */
  keeper?: TokenKeeper;
  circuit?: { failuresBeforeOpen?: number; openMs?: number };
}

export interface ClientsService extends Clients {
  /** Clients on other settings, e.g. those of a form that is not saved yet. They share nothing with the live ones but the tokens (unless given a keeper) and the log. */
  createClients(readSettings: ReadSettings, tuning?: ClientTuning): Clients;
}

/** No outside call while a transaction is open: rows would stay locked for as long as the other side takes. */
function createGuard(strapi: Core.Strapi): () => void {
  return () => {
    connectedPorts().guardOutsideCall?.();
    if (strapi.db.inTransaction())
      throw new Error('Haier and YLH must not be called while a transaction is open');
  };
}

export default ({ strapi }: { strapi: Core.Strapi }): ClientsService => {
  const config = configSchema.parse(strapi.config.get(`plugin::${PLUGIN_ID}`));
  const guard = createGuard(strapi);

  function onFallback(isFallback: boolean): void {
    if (isFallback)
      strapi.log.warn('haier-integration: Redis is away; this process keeps a share of the call limit');
    else strapi.log.info('haier-integration: the call limit is shared through Redis again');
  }

  function createClients(readSettings: ReadSettings, tuning: ClientTuning = {}): Clients {
    const keeper = tuning.keeper ?? getService('tokenKeeper');
    const transport = createTransport({
      guard,
      circuits: createCircuits(tuning.circuit),
      limit: createCallLimit({
        perSecond: tuning.callsPerSecond ?? config.callsPerSecond,
        redis: connectRedis(config.redisUrl),
        onFallback,
      }),
      timeoutMs: tuning.timeoutMs ?? config.timeoutMs,
      maxAnswerBytes: tuning.maxAnswerBytes,
    });
    const caller = new Caller({
      transport,
      keeper,
      log: getService('callLog'),
      retryDelayMs: tuning.retryDelayMs,
    });
    return {
      haier: new HaierClient(caller, (parts) => keeper.keyOf('haier', parts), readSettings),
      ylh: new YlhClient(caller, (parts) => keeper.keyOf('ylh', parts), readSettings),
    };
  }

  return { ...createClients(() => getService('settings').read()), createClients };
};
