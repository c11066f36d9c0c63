/** The sandbox cannot start; the message is one sentence meant for the person at the terminal. */
export class SandboxStartError extends Error {
  override readonly name = 'SandboxStartError';
}
