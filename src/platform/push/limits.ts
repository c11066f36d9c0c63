/** What one process lets its listeners have. */
export interface PushLimits {
  /** The oldest connection of a user makes way for one more. */
  connectionsPerUser: number;
  /** Of the whole process; one more is refused with 503. */
  connections: number;
  /** Connections that have shown no token yet, of one address; one more is refused with 429. */
  waitingPerAddress: number;
  /** For the first message with the token. */
  tokenWithinMs: number;
  heartbeatMs: number;
  /** Bytes that wait for a client that does not read. */
  maxBuffered: number;
  /** Bytes of a client's message. */
  maxMessage: number;
  /** Messages and pings of one client, each `messageWindowMs`. */
  messages: number;
  messageWindowMs: number;
}

export const PUSH_LIMITS: PushLimits = {
  connectionsPerUser: 5,
  connections: 10_000,
  waitingPerAddress: 50,
  tokenWithinMs: 5_000,
  heartbeatMs: 30_000,
  maxBuffered: 256 * 1024,
  maxMessage: 4 * 1024,
  messages: 20,
  messageWindowMs: 10_000,
};
