import { z } from 'zod';
import { drawPicture, PICTURES } from '../haier/pictures';
import type { Answer, Call, Reply } from '../listener';
import type { CallRate } from '../supplier/call-rate';
import { badParameter, badToken, SupplierRefusal } from '../supplier/refusal';
import { answerJson } from '../supplier/reply';
import { readForm, requirePost } from '../supplier/request-body';
import type { TokenDesk } from '../supplier/tokens';
import type { World } from '../world';
import type { OrderDesk } from './order-desk';
import { cancelOrder, createOrder, listPhotos, listTracking, reschedule } from './requests';

/** The four services as they are published for development; one wrong prefix is a 404. */
export const YLH_SERVICES = {
  auth: '/ylh-cloud-mgt-auth-dev',
  order: '/ylh-cloud-service-jst-order-dev',
  retail: '/ylh-cloud-service-order-dev',
  stock: '/ylh-cloud-service-stock-dev',
} as const;

export const YLH_PATHS = {
  token: `${YLH_SERVICES.auth}/oauth/token`,
  create: `${YLH_SERVICES.order}/api/page/hmm/retailorder/receive-hmm-retail-order`,
  cancel: `${YLH_SERVICES.order}/api/page/hmm/retailorder/cancel-hmm-retail-order`,
  reschedule: `${YLH_SERVICES.retail}/api/page/retailorder/hmm/update-distribution-time`,
  photos: `${YLH_SERVICES.retail}/api/page/retailorder/search/get-retail-order-delivery-img`,
  tracking: `${YLH_SERVICES.stock}/api/composite/stock/logistics/get-store-logistics-by-order-code`,
} as const;

const requests: Record<string, (world: World, desk: OrderDesk, call: Call) => unknown> = {
  [YLH_PATHS.create]: createOrder,
  [YLH_PATHS.cancel]: cancelOrder,
  [YLH_PATHS.reschedule]: reschedule,
  [YLH_PATHS.photos]: listPhotos,
  [YLH_PATHS.tracking]: listTracking,
};

const tokenRequest = z.strictObject({
  grant_type: z.literal('password'),
  username: z.string(),
  password: z.string(),
});

function issueToken(world: World, tokens: TokenDesk, call: Call): unknown {
  const account = world.identity.ylh;
  if (call.headers['system-name'] !== 'ylh-open-api') throw badParameter('system-name must be ylh-open-api');
  const basic = Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64');
  if (call.headers.authorization !== `Basic ${basic}`) {
    throw new SupplierRefusal(401, 'invalid_client', '客户端认证失败');
  }
  const given = readForm(call, tokenRequest);
  if (given.username !== account.username || given.password !== account.password) {
    throw new SupplierRefusal(401, 'invalid_grant', '用户名或密码错误');
  }
  const { value, expiry } = tokens.issue();
  return { access_token: value, token_type: world.state.ylh.habits.token.type, ...expiry };
}

function checkToken(world: World, tokens: TokenDesk, call: Call): void {
  const given = call.headers.authorization ?? '';
  const scheme = `${world.state.ylh.habits.token.type} `;
  if (!given.startsWith(scheme) || !tokens.accepts(given.slice(scheme.length))) throw badToken();
}

async function run(world: World, { tokens, rate, desk }: YlhParts, call: Call): Promise<unknown> {
  if (!rate.admit(world.state.ylh.habits.callsPerSecond)) {
    throw new SupplierRefusal(429, '429', '调用频率超限');
  }
  if (call.path === YLH_PATHS.token) {
    requirePost(call);
    return issueToken(world, tokens, call);
  }
  const request = Object.hasOwn(requests, call.path) ? requests[call.path] : undefined;
  if (!request) throw new SupplierRefusal(404, '404', '接口不存在');
  requirePost(call);
  checkToken(world, tokens, call);
  const data = await request(world, desk, call);
  return { success: true, code: '200', message: '操作成功', data };
}

export interface YlhParts {
  tokens: TokenDesk;
  rate: CallRate;
  desk: OrderDesk;
}

/** Plays YLH's four services (contract, section 2). */
export function ylhHost(world: World, parts: YlhParts): Answer {
  return (call, distortion): Promise<Reply> | Reply => {
    if (call.method === 'GET' && call.path.startsWith(PICTURES)) return drawPicture(call.path);
    return answerJson(call, distortion, () => run(world, parts, call));
  };
}
