import { FaultList } from './faults';
import type { Identity } from './identity';
import { RequestLog } from './request-log';
import { loadSnapshot, SnapshotWriter } from './snapshot';
import { emptyState, type SandboxState } from './state';
import { VirtualClock } from './virtual-clock';

/**
 * Which clock signature timestamps are stamped with and judged by. `virtual` is the sandbox's; `machine` serves a shop
 * in another process, whose own clock cannot be moved along.
 */
export type SignatureClock = 'virtual' | 'machine';

/** What the command line or a test sets at start, and a reset does not forget. */
export interface Usual {
  /** Whether orders at YLH live by themselves. */
  orderLife: 'manual' | 'automatic';
  /** Where YLH calls back. */
  callbackUrl?: string;
}

/** What the hosts and the control server share. */
export class World {
  state: SandboxState;
  readonly clock: VirtualClock;
  readonly requests = new RequestLog();
  readonly faults = new FaultList();
  /** Set once the pay host listens; bill download addresses start with it. */
  payUrl = '';
  /** Set once these hosts listen; addresses of pictures start with them. */
  haierUrl = '';
  ylhUrl = '';
  private readonly snapshot: SnapshotWriter;

  constructor(
    readonly identity: Identity,
    dir: string | undefined,
    public signatureClock: SignatureClock,
    readonly usual: Usual = { orderLife: 'manual' },
  ) {
    this.state = loadSnapshot(dir);
    this.snapshot = new SnapshotWriter(dir, () => this.state);
    this.clock = new VirtualClock(this.state.clockOffsetMs, (offsetMs) => {
      this.state.clockOffsetMs = offsetMs;
      this.changed();
    });
  }

  /** Sandbox time, epoch ms. */
  now(): number {
    return this.clock.now();
  }

  /** Epoch ms that signatures are stamped with and compared to. */
  signatureTime(): number {
    return this.signatureClock === 'virtual' ? this.now() : Date.now();
  }

  /** Where YLH calls back, if anywhere. */
  get callbackUrl(): string | undefined {
    return this.state.ylh.callbackUrl ?? this.usual.callbackUrl;
  }

  /** To be called after every change of `state`. */
  changed(): void {
    this.snapshot.touch();
  }

  /** Forgets everything but the identity; time goes back to the machine's. */
  async reset(): Promise<void> {
    this.clock.clear();
    this.state = emptyState();
    this.requests.clear();
    this.faults.clear();
    await this.clock.set(Date.now());
    this.changed();
  }

  /** Stops timers and writes the last snapshot. */
  close(): void {
    this.clock.clear();
    this.snapshot.flush();
  }
}
