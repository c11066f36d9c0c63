/** The disk the shop writes to: its logs, and what staff upload. */
import { execFileSync } from 'node:child_process';

import { SHOPPING_AND_UPLOADS } from '../../support/outages/requests';
import type { Outage } from '../../support/outages/outage';
import type { OutageWorld } from '../../support/outages/world';

/** A disk that is full, for these processes alone: every write to a file fails, and the kernel may be told so from outside. */
async function setFull({ shop }: OutageWorld, isFull: boolean): Promise<void> {
  for (const { pid } of [...shop.webs, shop.worker])
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${isFull ? '0' : 'unlimited'}:unlimited`]);
}

export const DISK_OUTAGES: Outage[] = [
  {
    name: 'the disk, full',
    kinds: SHOPPING_AND_UPLOADS,
    stop: (world) => setFull(world, true),
    start: (world) => setFull(world, false),
    refused: { upload: ['503 UPSTREAM_UNAVAILABLE'] },
    saysWhen: true,
    recoversWithinMs: 2_000,
    async check({ shop }, { uploaded }) {
      for (const id of uploaded) await shop.send('DELETE', `/upload/files/${id}`, { token: shop.admin });
    },
  },
];
