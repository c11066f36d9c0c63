import type { Call, Distortion, Reply } from '../listener';
import type { World } from '../world';
import { checkAccessToken, legacyToken, stableToken } from './access-token';
import { CARRIERS } from './carriers';
import { checkMessage } from './content-safety';
import { parseJsonBody, type JsonObject } from './json-input';
import { exchangeLoginCode } from './login';
import { exchangePhoneCode } from './phone-number';
import { ApiRefusal } from './refusal';
import { getShippingOrder, uploadShippingInfo } from './shipping';
import { sendSubscribeMessage } from './subscribe-message';

type Fields = Record<string, unknown>;

/**
 * `open` endpoints take the app secret and leave `errcode` out of a success; `guarded` ones take an access token and
 * answer `errcode: 0`.
 */
type Endpoint =
  | {
      method: 'GET';
      access: 'open';
      contentType: string;
      handle: (world: World, query: URLSearchParams) => Fields;
    }
  | { method: 'POST'; access: 'open' | 'guarded'; handle: (world: World, body: JsonObject) => Fields };

const JSON_TYPE = 'application/json; encoding=utf-8';

const endpoints: Record<string, Endpoint> = {
  // Served as text although the body is JSON, as in the field: clients must not go by the content type.
  '/sns/jscode2session': {
    method: 'GET',
    access: 'open',
    contentType: 'text/plain',
    handle: exchangeLoginCode,
  },
  '/cgi-bin/token': { method: 'GET', access: 'open', contentType: JSON_TYPE, handle: legacyToken },
  '/cgi-bin/stable_token': { method: 'POST', access: 'open', handle: stableToken },
  '/wxa/business/getuserphonenumber': { method: 'POST', access: 'guarded', handle: exchangePhoneCode },
  '/wxa/msg_sec_check': { method: 'POST', access: 'guarded', handle: checkMessage },
  '/cgi-bin/message/subscribe/send': { method: 'POST', access: 'guarded', handle: sendSubscribeMessage },
  '/wxa/sec/order/upload_shipping_info': { method: 'POST', access: 'guarded', handle: uploadShippingInfo },
  '/wxa/sec/order/get_order': { method: 'POST', access: 'guarded', handle: getShippingOrder },
  '/wxa/sec/order/is_trade_managed': {
    method: 'POST',
    access: 'guarded',
    handle: () => ({ is_trade_managed: true }),
  },
  '/cgi-bin/express/delivery/open_msg/get_delivery_list': {
    method: 'POST',
    access: 'guarded',
    handle: () => ({ delivery_list: CARRIERS, count: CARRIERS.length }),
  },
};

function run(world: World, endpoint: Endpoint, call: Call): Fields {
  if (call.method !== endpoint.method) throw new ApiRefusal(43002, `require ${endpoint.method} method`);
  if (endpoint.method === 'GET') return endpoint.handle(world, call.query);
  if (endpoint.access === 'open') return endpoint.handle(world, parseJsonBody(call.body));
  checkAccessToken(world, call.query.get('access_token'));
  return { errcode: 0, errmsg: 'ok', ...endpoint.handle(world, parseJsonBody(call.body)) };
}

function answerFields(world: World, endpoint: Endpoint, call: Call): Fields {
  try {
    return run(world, endpoint, call);
  } catch (error) {
    if (error instanceof ApiRefusal) return error.toBody();
    throw error;
  }
}

/** Answers a request to the mini-program server APIs: HTTP 200 with JSON, whether it worked or not. */
export function answerMiniProgramCall(world: World, call: Call, distortion?: Distortion): Reply {
  const endpoint = Object.hasOwn(endpoints, call.path) ? endpoints[call.path] : undefined;
  if (!endpoint) return { status: 404, headers: {}, body: Buffer.alloc(0) };
  const fields = answerFields(world, endpoint, call);
  const contentType = endpoint.method === 'GET' ? endpoint.contentType : JSON_TYPE;
  const body =
    distortion === 'rubbish' ? '<html><body>502 Bad Gateway</body></html>' : JSON.stringify(fields);
  return { status: 200, headers: { 'Content-Type': contentType }, body: Buffer.from(body) };
}
