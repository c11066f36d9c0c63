import type { Sandbox } from '../../../sandbox';

export type Json = Record<string, unknown>;

export interface SupplierAnswer {
  status: number;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  body: unknown;
}

/** Posts a body and reads the answer; rejects when the connection breaks. */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<SupplierAnswer> {
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: response.status, text, body: parsed };
}

const HAIER = {
  products:
    '/yilihuo/jsh-service-goods-mall-search/api/product-info/procurable-products-out/check-procurable-products',
  prices: '/yilihuo/jsh-service-goods-price/api/goods-price/price-daily-sales/price-query/pt-out-list-price',
  stock: '/yilihuo/jsh-service-stock-mall/api/page/stock/get-available-stock-open',
  logistics:
    '/yilihuo/ylh-cloud-service-stock/api/page/stock/logistics/sass/get-thirdparty-logistics-info-by-order-code-auth',
  balance:
    '/yilihuo/jsh-service-finance-mall/api/page/account/account-balance-manager/get-payer-account-balance-by-customer-code',
};

/** Calls Haier's open platform as the contract reads; its own client, so that the shop's mistakes are not shared. */
export class HaierClient {
  token = '';

  constructor(private readonly sandbox: Sandbox) {}

  private env(name: string): string {
    return this.sandbox.env[name] ?? '';
  }

  authenticate(changes: Json = {}, path = '/oauth2/auth'): Promise<SupplierAnswer> {
    const body = {
      client_id: this.env('HAIER_CLIENT_ID'),
      client_secret: this.env('HAIER_CLIENT_SECRET'),
      grant_type: 'client_credentials',
      ...changes,
    };
    return post(this.env('HAIER_BASE_URL') + path, JSON.stringify(body), {
      'Content-Type': 'application/json',
    });
  }

  /** Fetches a token and keeps it for the calls that follow. */
  async signIn(): Promise<this> {
    this.token = String(((await this.authenticate()).body as Json).access_token);
    return this;
  }

  ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<SupplierAnswer> {
    return post(this.env('HAIER_BASE_URL') + path, JSON.stringify(body), {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${this.token}`,
      ...headers,
    });
  }

  products(changes: Json = {}, headers?: Record<string, string>): Promise<SupplierAnswer> {
    const body = {
      customerCode: this.env('HAIER_CUSTOMER_CODE'),
      sendToCode: this.env('HAIER_SEND_TO_CODE'),
      supplierCode: '1001',
      searchType: 'PTJSH',
      passWord: this.env('HAIER_PASSWORD'),
      ...changes,
    };
    return this.ask(HAIER.products, body, headers);
  }

  prices(productCodes: string[], changes: Json = {}): Promise<SupplierAnswer> {
    return this.ask(HAIER.prices, {
      customerCode: this.env('HAIER_CUSTOMER_CODE'),
      sendToCode: this.env('HAIER_SEND_TO_CODE'),
      productCodes,
      priceType: 'PT',
      passWord: this.env('HAIER_PASSWORD'),
      ...changes,
    });
  }

  stock(productCode: string, countyCode: string, changes: Json = {}): Promise<SupplierAnswer> {
    return this.ask(HAIER.stock, {
      salesCode: this.env('HAIER_CUSTOMER_CODE'),
      senderCode: this.env('HAIER_SEND_TO_CODE'),
      productCode,
      countyCode,
      source: 'JSH-B',
      sellerPassword: this.env('HAIER_SELLER_PASSWORD'),
      ...changes,
    });
  }

  logistics(orderCode: string, changes: Json = {}): Promise<SupplierAnswer> {
    return this.ask(HAIER.logistics, {
      orderCode,
      sellerCode: this.env('HAIER_CUSTOMER_CODE'),
      sellerPassword: this.env('HAIER_SELLER_PASSWORD'),
      ...changes,
    });
  }

  balance(changes: Json = {}): Promise<SupplierAnswer> {
    return this.ask(HAIER.balance, {
      customerCode: this.env('HAIER_CUSTOMER_CODE'),
      customerPassword: this.env('HAIER_CUSTOMER_PASSWORD'),
      ...changes,
    });
  }
}

/** Calls YLH as the contract reads. */
export class YlhClient {
  authorization = '';
  private numbers = 0;

  constructor(private readonly sandbox: Sandbox) {}

  private env(name: string): string {
    return this.sandbox.env[name] ?? '';
  }

  authenticate(changes: Json = {}, headers: Record<string, string> = {}): Promise<SupplierAnswer> {
    const form = new URLSearchParams({
      grant_type: 'password',
      username: this.env('YLH_USERNAME'),
      password: this.env('YLH_PASSWORD'),
      ...(changes as Record<string, string>),
    });
    const basic = Buffer.from(`${this.env('YLH_CLIENT_ID')}:${this.env('YLH_CLIENT_SECRET')}`);
    return post(this.env('YLH_AUTH_URL'), form.toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Basic ${basic.toString('base64')}`,
      'system-name': 'ylh-open-api',
      ...headers,
    });
  }

  async signIn(): Promise<this> {
    const { token_type, access_token } = (await this.authenticate()).body as Json;
    this.authorization = `${String(token_type)} ${String(access_token)}`;
    return this;
  }

  ask(base: string, path: string, body: unknown): Promise<SupplierAnswer> {
    return post(this.env(base) + path, JSON.stringify(body), {
      'Content-Type': 'application/json',
      Authorization: this.authorization,
    });
  }

  /** A right order; `changes` replace or add fields. */
  order(changes: Json = {}): Json & { soId: string } {
    this.numbers += 1;
    const number = `T${String(this.numbers).padStart(6, '0')}`;
    return {
      sourceSystem: this.env('YLH_SOURCE_SYSTEM'),
      shopName: this.env('YLH_SHOP_NAME'),
      sellerCode: this.env('YLH_SELLER_CODE'),
      consigneeName: '王小明',
      consigneeMobile: '13800138000',
      onlineNo: `ON-${number}`,
      soId: number,
      totalQty: 1,
      totalAmt: 5299,
      createTime: this.sandbox.control.clock.now().getTime(),
      province: '山东省',
      city: '青岛市',
      area: '崂山区',
      detailAddress: '海尔路 1 号 2 单元 301',
      deliveryInstall: 'false',
      itemList: [
        { productCode: 'DEMO-F03', itemQty: 1, retailPrice: 5499, discountAmount: 200, actualPrice: 5299 },
      ],
      ...changes,
    };
  }

  create(order: Json): Promise<SupplierAnswer> {
    return this.ask('YLH_ORDER_BASE_URL', '/api/page/hmm/retailorder/receive-hmm-retail-order', order);
  }

  /** Creates a right order; answers its body with YLH's number. */
  async placed(changes: Json = {}): Promise<{ soId: string; onlineNo: string; retailOrderNo: string }> {
    const order = this.order(changes);
    const answer = await this.create(order);
    const { data } = answer.body as { data?: { retailOrderNo: string } };
    if (!data) throw new Error(`not taken: ${answer.text}`);
    return { soId: order.soId, onlineNo: String(order.onlineNo), retailOrderNo: data.retailOrderNo };
  }

  cancel(soId: string, changes: Json = {}): Promise<SupplierAnswer> {
    return this.ask('YLH_ORDER_BASE_URL', '/api/page/hmm/retailorder/cancel-hmm-retail-order', {
      soId,
      cancelTime: String(this.sandbox.control.clock.now().getTime()),
      cancelReason: '不想要了',
      sourceSystem: this.env('YLH_SOURCE_SYSTEM'),
      ...changes,
    });
  }

  reschedule(body: Json): Promise<SupplierAnswer> {
    return this.ask('YLH_RETAIL_BASE_URL', '/api/page/retailorder/hmm/update-distribution-time', body);
  }

  photos(orderNo: string): Promise<SupplierAnswer> {
    return this.ask('YLH_RETAIL_BASE_URL', '/api/page/retailorder/search/get-retail-order-delivery-img', {
      orderNo,
    });
  }

  tracking(orderCodes: unknown): Promise<SupplierAnswer> {
    const path = '/api/composite/stock/logistics/get-store-logistics-by-order-code';
    return this.ask('YLH_STOCK_BASE_URL', path, orderCodes);
  }
}
