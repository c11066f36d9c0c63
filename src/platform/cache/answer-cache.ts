import { LRUCache } from 'lru-cache';

import { type Answer, type Life, type Reading, toAnswer } from './answer';
import { ChangeLog } from './change-log';
import type { SharedTier } from './redis-tier';

/** How a request for an answer ended; for metrics. */
export type CacheOutcome = 'memory' | 'stale' | 'shared' | 'loaded' | 'joined';

export interface AnswerCacheOptions {
  shared?: SharedTier;
  /**
   * Reads where the state may be a little old, and says since when nothing is missing; undefined when it cannot. Without it, or when
   * something the answer is made from has changed since, the primary is read.
   */
  readElsewhere?: (load: () => Promise<Reading>) => Promise<{ value: Reading; asOf: number } | undefined>;
  maxBytes?: number;
  now?: () => number;
  onOutcome?: (outcome: CacheOutcome) => void;
}

export interface Wanted {
  key: string;
  life: Life;
  /** Reads the database. Must depend on nothing but what the key names: its answer goes to everybody. */
  load: () => Promise<Reading>;
}

interface Entry {
  answer: Answer;
  /** When its reading began: it knows nothing of what came later. */
  readAt: number;
  wanted: Wanted;
}

/** The number of rows behind a list; nothing that was committed before `asOf` is missing in it. */
interface Counted {
  total: number;
  asOf: number;
}

const MAX_TOTALS_BYTES = 4 * 1024 ** 2;
const TOTAL_OVERHEAD = 200;
const DEFAULT_MAX_BYTES = 64 * 1024 ** 2;
const ENTRY_OVERHEAD = 1_000;
/** Another process's clock of validity is known only this exactly: the way through Redis takes time. */
const SHARED_MARGIN_MS = 50;

/**
 * Answers kept in this process's memory, then in Redis, then made anew; many who wait for one answer cost one reading.
 * An answer is never given after something it was made from is known to have changed, nor past its life.
 */
export class AnswerCache {
  readonly changes: ChangeLog;
  readonly totals = new LRUCache<string, Counted>({
    maxSize: MAX_TOTALS_BYTES,
    sizeCalculation: (_kept, key) => key.length * 2 + TOTAL_OVERHEAD,
  });
  private readonly now: () => number;
  private readonly entries: LRUCache<string, Entry>;
  private readonly flights = new Map<string, Promise<Entry>>();

  constructor(private readonly options: AnswerCacheOptions = {}) {
    this.now = options.now ?? (() => performance.now());
    this.changes = new ChangeLog(this.now);
    this.entries = new LRUCache<string, Entry>({
      maxSize: options.maxBytes ?? DEFAULT_MAX_BYTES,
      sizeCalculation: ({ answer }, key) => answer.body.length + key.length + ENTRY_OVERHEAD,
    });
  }

  /** An answer that may be given now without waiting, if memory has one; read anew behind it when it is no longer fresh. */
  peek(key: string): Answer | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const ageMs = this.now() - entry.readAt;
    const isDead =
      ageMs >= entry.wanted.life.staleMs || this.changes.hasChangedSince(entry.answer.tags, entry.readAt);
    if (isDead) {
      this.entries.delete(key);
      return undefined;
    }
    const isFresh = ageMs < entry.wanted.life.freshMs;
    // Who fails behind the scenes is asked again by the next who must wait, and hears of it.
    if (!isFresh) this.fly(entry.wanted).catch(() => undefined);
    this.options.onOutcome?.(isFresh ? 'memory' : 'stale');
    return entry.answer;
  }

  /** Rejects as `load` does; a failure is never kept. */
  async get(wanted: Wanted): Promise<Answer> {
    const known = this.peek(wanted.key);
    if (known !== undefined) return known;
    const arrivedAt = this.now();
    for (;;) {
      const flying = this.flights.get(wanted.key);
      if (flying !== undefined) this.options.onOutcome?.('joined');
      const { answer, readAt } = await (flying ?? this.fly(wanted));
      // A reading that had begun before a change, joined after it, may not know of it.
      if (readAt >= arrivedAt || !this.changes.hasChangedSince(answer.tags, readAt)) return answer;
    }
  }

  private fly(wanted: Wanted): Promise<Entry> {
    const flying = this.flights.get(wanted.key);
    if (flying !== undefined) return flying;
    const entry = this.read(wanted, this.now()).finally(() => this.flights.delete(wanted.key));
    this.flights.set(wanted.key, entry);
    return entry;
  }

  private async read(wanted: Wanted, startedAt: number): Promise<Entry> {
    const { life, key } = wanted;
    const found = await this.options.shared?.read(key);
    if (found !== undefined) {
      const readAt = this.now() - (life.staleMs - found.leftMs) - SHARED_MARGIN_MS;
      const isFresh = this.now() - readAt < life.freshMs;
      if (isFresh && !this.changes.hasChangedSince(found.answer.tags, readAt)) {
        this.options.onOutcome?.('shared');
        return this.keep({ answer: found.answer, readAt, wanted });
      }
    }
    const { reading, readAt } = await this.load(wanted, found === undefined ? startedAt : this.now());
    const answer = toAnswer(reading);
    this.options.onOutcome?.('loaded');
    const entry = this.keep({ answer, readAt, wanted });
    if (!this.changes.hasChangedSince(answer.tags, readAt))
      this.options.shared?.write(key, answer, life.staleMs - (this.now() - readAt));
    return entry;
  }

  private async load({ load }: Wanted, startedAt: number): Promise<{ reading: Reading; readAt: number }> {
    const elsewhere = await this.options.readElsewhere?.(load);
    if (elsewhere !== undefined && !this.changes.hasChangedSince(elsewhere.value.tags, elsewhere.asOf))
      return { reading: elsewhere.value, readAt: elsewhere.asOf };
    const readAt = this.options.readElsewhere === undefined ? startedAt : this.now();
    return { reading: await load(), readAt };
  }

  private keep(entry: Entry): Entry {
    if (!this.changes.hasChangedSince(entry.answer.tags, entry.readAt))
      this.entries.set(entry.wanted.key, entry);
    return entry;
  }
}
