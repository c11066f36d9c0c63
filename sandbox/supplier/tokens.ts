import { randomBytes } from 'node:crypto';
import type { World } from '../world';

/** A token is good until `expiresAt`, or until `endedAt` when something ended it early. */
export interface SupplierToken {
  value: string;
  issuedAt: number;
  expiresAt: number;
  endedAt?: number;
  /** Calls it has opened. */
  uses: number;
}

/** How a system hands out tokens. */
export interface TokenHabits {
  lifetimeSeconds: number;
  /** A new token ends those before it, so that two processes that each fetch their own lock each other out. */
  newEndsOld: boolean;
  expiresIn: 'number' | 'string' | 'absent';
}

export interface TokenView {
  /** Its last four characters. */
  endsIn: string;
  issuedAt: string;
  expiresAt: string;
  isGood: boolean;
  uses: number;
}

const KEPT = 200;

const isGood = (token: SupplierToken, now: number): boolean =>
  now < token.expiresAt && token.endedAt === undefined;

/** The tokens of one system, kept in the state of the sandbox. */
export class TokenDesk {
  constructor(
    private readonly world: World,
    private readonly read: () => { tokens: SupplierToken[]; habits: TokenHabits },
  ) {}

  /** Makes a token; the answer is the part about how long it is good. */
  issue(): { value: string; expiry: { expires_in?: number | string } } {
    const { tokens, habits } = this.read();
    const now = this.world.now();
    if (habits.newEndsOld) this.end();
    const value = randomBytes(24).toString('base64url');
    tokens.push({ value, issuedAt: now, expiresAt: now + habits.lifetimeSeconds * 1_000, uses: 0 });
    if (tokens.length > KEPT) tokens.shift();
    this.world.changed();
    if (habits.expiresIn === 'absent') return { value, expiry: {} };
    const seconds = habits.lifetimeSeconds;
    return { value, expiry: { expires_in: habits.expiresIn === 'string' ? String(seconds) : seconds } };
  }

  /** Whether this is a token that is good now; counts its use. */
  accepts(value: string): boolean {
    const token = this.read().tokens.find((candidate) => candidate.value === value);
    if (!token || !isGood(token, this.world.now())) return false;
    token.uses += 1;
    this.world.changed();
    return true;
  }

  /** Ends every token now, in the middle of its life. */
  end(): void {
    const now = this.world.now();
    for (const token of this.read().tokens) token.endedAt ??= now;
    this.world.changed();
  }

  list(): TokenView[] {
    const now = this.world.now();
    return this.read().tokens.map((token) => ({
      endsIn: token.value.slice(-4),
      issuedAt: new Date(token.issuedAt).toISOString(),
      expiresAt: new Date(token.expiresAt).toISOString(),
      isGood: isGood(token, now),
      uses: token.uses,
    }));
  }
}
