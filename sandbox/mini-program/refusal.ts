import { randomBytes } from 'node:crypto';

/** A documented `errcode` of the mini-program server APIs; the HTTP status stays 200. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(
    readonly errcode: number,
    text: string,
  ) {
    super(text);
  }

  /** The JSON answer, with the hint and request id that clients must not build on. */
  toBody(): { errcode: number; errmsg: string } {
    const rid = `${hex(4)}-${hex(4)}-${hex(4)}`;
    return { errcode: this.errcode, errmsg: `${this.message} hint: [${hex(5)}] rid: ${rid}` };
  }
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
