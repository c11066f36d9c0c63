/** PostgreSQL, its replica and Redis: killed, and silent. */
import type { Kind } from '../../support/outages/requests';
import { SHOPPING } from '../../support/outages/requests';
import type { Outage } from '../../support/outages/outage';
import type { ServerAct, StoppableServer } from '../../support/stoppable';

const acting = (
  server: StoppableServer,
  stop: ServerAct,
  start: ServerAct,
): Pick<Outage, 'stop' | 'start'> => ({
  stop: ({ servers }) => servers.act(server, stop),
  start: ({ servers }) => servers.act(server, start),
});

const UNAVAILABLE = ['503 UPSTREAM_UNAVAILABLE'];
const withoutDatabase: Outage['refused'] = Object.fromEntries(
  SHOPPING.filter((kind) => kind !== 'healthz' && kind !== 'catalogue from memory').map((kind: Kind) => [
    kind,
    UNAVAILABLE,
  ]),
);

export const SERVER_OUTAGES: Outage[] = [
  {
    name: 'PostgreSQL, killed',
    ...acting('postgres', 'halt', 'start'),
    refused: withoutDatabase,
    saysWhen: true,
    recoversWithinMs: 5_000,
  },
  {
    name: 'PostgreSQL, silent',
    ...acting('postgres', 'freeze', 'thaw'),
    stoppedMs: 12_000,
    refused: withoutDatabase,
    saysWhen: true,
    recoversWithinMs: 10_000,
  },
  {
    name: 'the replica, killed',
    ...acting('standby', 'halt', 'start'),
    refused: {},
    recoversWithinMs: 1_000,
  },
  {
    name: 'the replica, silent',
    ...acting('standby', 'freeze', 'thaw'),
    refused: {},
    recoversWithinMs: 1_000,
  },
  {
    name: 'Redis, killed',
    ...acting('redis', 'halt', 'start'),
    refused: {},
    recoversWithinMs: 1_000,
  },
  {
    name: 'Redis, silent',
    ...acting('redis', 'freeze', 'thaw'),
    refused: {},
    recoversWithinMs: 1_000,
  },
];
