/** Thrown by a handler that knows no repetition will help: its message goes onto the dead list at once, and staff are told. */
export class GiveUpError extends Error {
  override name = 'GiveUpError';
}
