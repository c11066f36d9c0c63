import type { PayerBalance } from '../clients/contract';
import { type Finding, type Stages, type TestBench, tryAddresses } from './connection-test';

const NO_PRODUCT: Finding = {
  skipped: true,
  message: {
    zh: '海尔没有返回任何可采购的商品，未测试',
    en: 'not tried, because Haier names no product that may be bought',
  },
};
const NO_COUNTY: Finding = {
  skipped: true,
  message: {
    zh: '没有填写默认区县代码，未测试库存',
    en: 'not tried, because the default district code is not set',
  },
};

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** One call: a product the shop knows, else the first of the whole list, whose rest is not read. */
async function findProduct({ clients, findProductCode }: TestBench): Promise<string | undefined> {
  const known = await findProductCode();
  const stop = new AbortController();
  const products = clients.haier.listProducts(known === undefined ? undefined : [known], {
    signal: stop.signal,
  });
  for await (const { productCode } of products) return productCode;
  return known;
}

function describeBalances(balances: PayerBalance[]): Finding {
  const [zh, en] = (['：', ': '] as const).map((colon) =>
    balances
      .map(({ payerAccountName, payerAccountCode, balanceFen }) =>
        [payerAccountName ?? payerAccountCode, `¥${yuan(balanceFen)}`].join(colon),
      )
      .join('; '),
  );
  if (balances.length === 0)
    return { message: { zh: '可以查询，没有返回账户', en: 'answers, and names no account' } };
  return { message: { zh: `余额 ${zh ?? ''}`, en: `balance ${en ?? ''}` } };
}

/** Address and token, then products, then what is asked about a product, and the balance. */
export function haierSteps(bench: TestBench): Stages {
  const { clients, settings } = bench;
  const { baseUrl, tokenUrl } = settings.haier;
  const { stockCountyCode } = settings.policy;
  let product: string | undefined;

  async function products(): Promise<Finding> {
    product = await findProduct(bench);
    return product === undefined
      ? {
          message: {
            zh: '可以查询，但没有可采购的商品',
            en: 'answers, but names no product that may be bought',
          },
        }
      : { message: { zh: `可以查询商品（${product}）`, en: `products can be read (${product})` } };
  }

  async function prices(): Promise<Finding> {
    if (product === undefined) return NO_PRODUCT;
    for await (const { supplyPriceFen, reason } of clients.haier.readPrices([product])) {
      const price = supplyPriceFen === null ? (reason ?? '—') : `¥${yuan(supplyPriceFen)}`;
      return { message: { zh: `${product} 供价 ${price}`, en: `supply price of ${product}: ${price}` } };
    }
    return {
      message: { zh: `可以查询，${product} 没有价格`, en: `answers, and has no price for ${product}` },
    };
  }

  async function stock(): Promise<Finding> {
    if (product === undefined) return NO_PRODUCT;
    if (stockCountyCode === '') return NO_COUNTY;
    const { pieces } = await clients.haier.readStock(product, stockCountyCode);
    return {
      message: {
        zh: `${product} 在 ${stockCountyCode} 有 ${pieces} 件`,
        en: `${pieces} pieces of ${product} for ${stockCountyCode}`,
      },
    };
  }

  return [
    [{ name: 'address', run: () => tryAddresses([baseUrl, tokenUrl]) }],
    [
      {
        name: 'token',
        async run() {
          await clients.haier.authenticate();
          return { message: { zh: '账号有效，已取得令牌', en: 'the account is good, a token was issued' } };
        },
      },
    ],
    [
      { name: 'products', run: products },
      { name: 'balance', run: async () => describeBalances(await clients.haier.readBalances()) },
    ],
    [
      { name: 'prices', run: prices },
      { name: 'stock', run: stock },
    ],
  ];
}
