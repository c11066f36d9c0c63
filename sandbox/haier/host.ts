import { z } from 'zod';
import type { Answer, Call, Reply } from '../listener';
import type { CallRate } from '../supplier/call-rate';
import { badToken, SupplierRefusal } from '../supplier/refusal';
import { answerJson } from '../supplier/reply';
import { readJson, requirePost } from '../supplier/request-body';
import type { TokenDesk } from '../supplier/tokens';
import type { World } from '../world';
import { drawPicture, PICTURES } from './pictures';
import { readBalances } from './balance';
import { readLogistics } from './logistics';
import { listProducts } from './products';
import { readPrices } from './prices';
import { readStock } from './stock';

const TOKEN_PATHS = ['/oauth2/auth', '/oauth2/token'];

/** The published paths of the questions that need a token. */
export const HAIER_PATHS = {
  products:
    '/yilihuo/jsh-service-goods-mall-search/api/product-info/procurable-products-out/check-procurable-products',
  prices: '/yilihuo/jsh-service-goods-price/api/goods-price/price-daily-sales/price-query/pt-out-list-price',
  stock: '/yilihuo/jsh-service-stock-mall/api/page/stock/get-available-stock-open',
  logistics:
    '/yilihuo/ylh-cloud-service-stock/api/page/stock/logistics/sass/get-thirdparty-logistics-info-by-order-code-auth',
  balance:
    '/yilihuo/jsh-service-finance-mall/api/page/account/account-balance-manager/get-payer-account-balance-by-customer-code',
} as const;

const questions: Record<string, (world: World, call: Call) => unknown> = {
  [HAIER_PATHS.products]: listProducts,
  [HAIER_PATHS.prices]: readPrices,
  [HAIER_PATHS.stock]: readStock,
  [HAIER_PATHS.logistics]: readLogistics,
  [HAIER_PATHS.balance]: readBalances,
};

const tokenRequest = z.strictObject({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.literal('client_credentials'),
});

function issueToken(world: World, tokens: TokenDesk, call: Call): unknown {
  const given = readJson(call, tokenRequest);
  const { clientId, clientSecret } = world.identity.haier;
  if (given.client_id !== clientId || given.client_secret !== clientSecret) {
    throw new SupplierRefusal(401, 'invalid_client', 'client_id 或 client_secret 错误');
  }
  const { name, wrapped } = world.state.haier.habits.token;
  const { value, expiry } = tokens.issue();
  const answer =
    name === 'token' ? { token: value, ...expiry } : { access_token: value, token_type: 'bearer', ...expiry };
  return wrapped ? { data: answer } : answer;
}

function checkToken(world: World, tokens: TokenDesk, call: Call): void {
  const given = call.headers.authorization ?? '';
  const isBearer = world.state.haier.habits.authScheme === 'bearer';
  if (isBearer && !given.startsWith('Bearer ')) throw badToken();
  if (!tokens.accepts(isBearer ? given.slice('Bearer '.length) : given)) throw badToken();
}

function wrap(world: World, data: unknown): unknown {
  switch (world.state.haier.habits.envelope) {
    case 'bare':
      return data;
    case 'data':
      return { data };
    case 'full':
      return { success: true, code: '200', message: '操作成功', data };
  }
}

function run(world: World, tokens: TokenDesk, rate: CallRate, call: Call): unknown {
  if (!rate.admit(world.state.haier.habits.callsPerSecond)) {
    throw new SupplierRefusal(429, '429', '调用频率超限');
  }
  if (TOKEN_PATHS.includes(call.path)) {
    requirePost(call);
    return issueToken(world, tokens, call);
  }
  const question = Object.hasOwn(questions, call.path) ? questions[call.path] : undefined;
  if (!question) throw new SupplierRefusal(404, '404', '接口不存在');
  requirePost(call);
  checkToken(world, tokens, call);
  return wrap(world, question(world, call));
}

/** Plays Haier's open platform (contract, section 1). */
export function haierHost(world: World, tokens: TokenDesk, rate: CallRate): Answer {
  return (call, distortion): Promise<Reply> | Reply => {
    if (call.method === 'GET' && call.path.startsWith(PICTURES)) return drawPicture(call.path);
    return answerJson(call, distortion, () => run(world, tokens, rate, call));
  };
}
