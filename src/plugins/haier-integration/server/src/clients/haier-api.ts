/** The client of Haier's open platform (contract, section 1). All calls are `POST` with JSON; passwords stand in the bodies. */
import type { HaierIntegrationSettings } from '../domain/settings';
import { openAnswer, readAs, readToken } from './answers';
import type { Caller } from './caller';
import { joinUrl, requireFields } from './configured';
import type { HaierApi, HaierPrice, HaierProduct } from './contract';
import { inBatches, toList } from './envelope';
import {
  balanceSchema,
  logisticsSchema,
  priceSchema,
  productSchema,
  sumStock,
  warehouseSchema,
} from './haier-answers';
import type { Answer } from './line';
import type { Account, ReadContext, Request } from './operation';
import { streamCall } from './streamed-call';

type HaierSettings = HaierIntegrationSettings['haier'];
export type ReadSettings = () => Promise<HaierIntegrationSettings>;

const PATHS = {
  token: '/oauth2/auth',
  listProducts:
    '/yilihuo/jsh-service-goods-mall-search/api/product-info/procurable-products-out/check-procurable-products',
  readPrices:
    '/yilihuo/jsh-service-goods-price/api/goods-price/price-daily-sales/price-query/pt-out-list-price',
  readStock: '/yilihuo/jsh-service-stock-mall/api/page/stock/get-available-stock-open',
  readLogistics:
    '/yilihuo/ylh-cloud-service-stock/api/page/stock/logistics/sass/get-thirdparty-logistics-info-by-order-code-auth',
  readBalances:
    '/yilihuo/jsh-service-finance-mall/api/page/account/account-balance-manager/get-payer-account-balance-by-customer-code',
} as const;

/** Codes in one call; more are refused. */
const BATCH = 20;
/** Haier Smart Home itself, which wants the ship-to code too. */
const SMART_HOME = '1001';

const secretsOf = (haier: HaierSettings): string[] => [
  haier.clientSecret,
  haier.password,
  haier.sellerPassword,
  haier.customerPassword,
];

const uniqueCodes = (codes: readonly string[]): string[] => [
  ...new Set(codes.map((code) => code.trim()).filter((code) => code !== '')),
];

type Name = Exclude<keyof typeof PATHS, 'token'>;
type Fields = readonly (keyof HaierSettings)[];

const CATALOGUE_FIELDS: Fields = ['customerCode', 'supplierCode', 'password'];

export class HaierClient implements HaierApi {
  constructor(
    private readonly caller: Caller,
    private readonly keyOf: (credentials: readonly string[]) => string,
    private readonly readSettings: ReadSettings,
  ) {}

  async authenticate(): Promise<{ expiresAt: Date }> {
    const haier = await this.settingsFor('authenticate', []);
    const { expiresAt } = await this.caller.renew(this.account(haier));
    return { expiresAt };
  }

  async *listProducts(
    productCodes?: readonly string[],
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<HaierProduct> {
    const batches = productCodes === undefined ? [undefined] : inBatches(uniqueCodes(productCodes), BATCH);
    for (const codes of batches) {
      const haier = await this.settingsFor('listProducts', CATALOGUE_FIELDS);
      const { customerCode, sendToCode, supplierCode, password } = haier;
      const entries = streamCall(this.caller, {
        ...this.operation(haier, 'listProducts', subjectOf(codes)),
        signal,
        body: {
          customerCode,
          ...(sendToCode === '' ? {} : { sendToCode }),
          ...(codes === undefined ? {} : { productCodes: codes }),
          supplierCode,
          searchType: 'PTJSH',
          passWord: password,
        },
      });
      for await (const entry of entries) {
        const product = productSchema.safeParse(entry);
        // An entry without a code is nobody's; the others are none the worse for it.
        if (product.success) yield product.data;
      }
    }
  }

  async *readPrices(
    productCodes: readonly string[],
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<HaierPrice> {
    for (const codes of inBatches(uniqueCodes(productCodes), BATCH)) {
      const haier = await this.settingsFor('readPrices', CATALOGUE_FIELDS);
      const { customerCode, sendToCode, password } = haier;
      yield* await this.caller.call({
        ...this.operation(haier, 'readPrices', subjectOf(codes)),
        signal,
        body: { customerCode, sendToCode, productCodes: codes, priceType: 'PT', passWord: password },
        read: (answer: Answer, context: ReadContext) =>
          readAs(priceSchema.array(), toList(openAnswer(answer, context).data), context),
      });
    }
  }

  async readStock(productCode: string, countyCode: string) {
    const haier = await this.settingsFor('readStock', ['customerCode', 'sellerPassword']);
    return this.caller.call({
      ...this.operation(haier, 'readStock', productCode),
      body: {
        salesCode: haier.customerCode,
        senderCode: haier.sendToCode,
        productCode,
        countyCode,
        source: 'JSH-B',
        sellerPassword: haier.sellerPassword,
      },
      read: (answer, context) => {
        const warehouses = readAs(warehouseSchema.array(), toList(openAnswer(answer, context).data), context);
        return sumStock({ productCode, countyCode }, warehouses);
      },
    });
  }

  async readLogistics(haierOrderNo: string, deliveryRecordCode?: string) {
    const haier = await this.settingsFor('readLogistics', ['sellerCode', 'sellerPassword']);
    return this.caller.call({
      ...this.operation(haier, 'readLogistics', haierOrderNo),
      body: {
        orderCode: haierOrderNo,
        ...(deliveryRecordCode === undefined ? {} : { deliveryRecordCode }),
        sellerCode: haier.sellerCode,
        sellerPassword: haier.sellerPassword,
      },
      read: (answer, context) => {
        const { data } = openAnswer(answer, context);
        // Nothing is known of the order yet.
        return data === null ? [] : readAs(logisticsSchema, data, context);
      },
    });
  }

  async readBalances() {
    const haier = await this.settingsFor('readBalances', ['customerCode', 'customerPassword']);
    return this.caller.call({
      ...this.operation(haier, 'readBalances', null),
      body: { customerCode: haier.customerCode, customerPassword: haier.customerPassword },
      read: (answer, context) =>
        readAs(balanceSchema.array(), toList(openAnswer(answer, context).data), context).map(
          ({ payerAccountBalance, ...account }) => ({ ...account, balanceFen: payerAccountBalance }),
        ),
    });
  }

  private async settingsFor(operation: string, fields: Fields): Promise<HaierSettings> {
    const { haier: set } = await this.readSettings();
    const haier = { ...set, sellerCode: set.sellerCode === '' ? set.customerCode : set.sellerCode };
    requireFields('haier', operation, haier, ['baseUrl', 'clientId', 'clientSecret', ...fields]);
    const wantsShipTo = operation === 'listProducts' && haier.supplierCode === SMART_HOME;
    if (wantsShipTo || operation === 'readPrices') requireFields('haier', operation, haier, ['sendToCode']);
    return haier;
  }

  /** What the calls have in common; all of them only ask, so all may be repeated. */
  private operation(haier: HaierSettings, name: Name, subject: string | null) {
    return {
      system: 'haier',
      name,
      subject,
      url: joinUrl(haier.baseUrl, PATHS[name]),
      account: this.account(haier),
      hidden: secretsOf(haier),
      repeat: 'harmless',
    } as const satisfies Partial<Request>;
  }

  private account(haier: HaierSettings): Account {
    const { clientId, clientSecret, authScheme } = haier;
    const url = haier.tokenUrl === '' ? joinUrl(haier.baseUrl, PATHS.token) : haier.tokenUrl;
    return {
      system: 'haier',
      key: this.keyOf([url, haier.baseUrl, clientId, clientSecret]),
      authorize: ({ accessToken }) => (authScheme === 'raw' ? accessToken : `Bearer ${accessToken}`),
      issue: () =>
        this.caller.call({
          system: 'haier',
          name: 'authenticate',
          subject: null,
          url,
          body: { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' },
          hidden: secretsOf(haier),
          repeat: 'harmless',
          read: readToken,
        }),
    };
  }
}

function subjectOf(codes: readonly string[] | undefined): string | null {
  if (codes === undefined) return null;
  const [first = '', ...others] = codes;
  return others.length === 0 ? first : `${first} +${others.length}`;
}
