/** An answer of Haier or YLH other than success: an HTTP status, or 200 with `success: false`. */
export class SupplierRefusal extends Error {
  override readonly name = 'SupplierRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: unknown = null,
  ) {
    super(message);
  }

  toBody(): { success: false; code: string; message: string; data: unknown } {
    return { success: false, code: this.code, message: this.message, data: this.data };
  }
}

export const badParameter = (message: string): SupplierRefusal =>
  new SupplierRefusal(400, '400', `参数错误：${message}`);
export const badToken = (): SupplierRefusal => new SupplierRefusal(401, '401', '令牌无效或已过期');
export const forbidden = (message: string): SupplierRefusal => new SupplierRefusal(403, '403', message);
/** HTTP 200, `success: false`. */
export const refused = (code: string, message: string, data: unknown = null): SupplierRefusal =>
  new SupplierRefusal(200, code, message, data);
