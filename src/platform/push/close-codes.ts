/** Why the server ends a connection. 1008 to 1013 are RFC 6455's and its registry's, the others our own; see docs/push.md. */
export const CLOSE = {
  internal: 1011,
  restart: 1012,
  tooSlow: 1013,
  notUnderstood: 4400,
  unauthenticated: 4401,
  blocked: 4403,
  replaced: 4409,
  tooManyMessages: 4429,
} as const;
