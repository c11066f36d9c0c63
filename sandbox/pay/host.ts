import { randomBytes } from 'node:crypto';
import type { Call, Distortion, Reply } from '../listener';
import type { World } from '../world';
import { authorize, type Family } from './authorization';
import { DOWNLOAD_PATH, type BillDesk } from './bills';
import { createPrepay } from './prepay';
import { PayRefusal } from './refusal';
import type { RefundDesk } from './refunds';
import { answerMessage, newNonce, sign } from './seal';
import { closeTransaction, queryById, queryByNumber } from './transactions';

/** JSON with 200, an empty 204, or a file, which is the one success WeChat Pay does not sign. */
type Success = { json: object } | { empty: true } | { file: Buffer };

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  family: Family;
  handle: (call: Call, parameter: string) => Success;
}

const EMPTY = Buffer.alloc(0);

function requestId(trace: number): string {
  return `${randomBytes(12).toString('hex').toUpperCase()}-${trace}`;
}

function certificates(): never {
  throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请使用微信支付公钥');
}

/** One path segment: the number the call is about. */
const NUMBER = '([^/]+)';

function route(method: Route['method'], path: string, family: Family, handle: Route['handle']): Route {
  return { method, path: new RegExp(`^${path}$`), family, handle };
}

function transactionRoutes(world: World): Route[] {
  const byNumber = `/v3/pay/transactions/out-trade-no/${NUMBER}`;
  return [
    route('POST', '/v3/pay/transactions/jsapi', 'transactions', ({ body }) => ({
      json: createPrepay(world, body),
    })),
    route('GET', byNumber, 'transactions', ({ query }, id) => ({ json: queryByNumber(world, id, query) })),
    route('GET', `/v3/pay/transactions/id/${NUMBER}`, 'transactions', ({ query }, id) => ({
      json: queryById(world, id, query),
    })),
    route('POST', `${byNumber}/close`, 'transactions', ({ body }, id) => {
      closeTransaction(world, id, body);
      return { empty: true };
    }),
  ];
}

function otherRoutes(refunds: RefundDesk, bills: BillDesk): Route[] {
  const refundPath = '/v3/refund/domestic/refunds';
  return [
    route('POST', refundPath, 'others', ({ body }) => ({ json: refunds.apply(body) })),
    route('GET', `${refundPath}/${NUMBER}`, 'others', ({ query }, id) => ({
      json: refunds.query(id, query),
    })),
    route('GET', '/v3/bill/tradebill', 'others', ({ query }) => ({ json: bills.trade(query) })),
    route('GET', '/v3/bill/fundflowbill', 'others', ({ query }) => ({ json: bills.fundFlow(query) })),
    route('GET', DOWNLOAD_PATH, 'others', ({ query }) => ({ file: bills.download(query) })),
    route('GET', '/v3/certificates', 'others', certificates),
  ];
}

function checkContentType(call: Call): void {
  if (call.method !== 'POST' || call.headers['content-type']?.startsWith('application/json')) return;
  throw new PayRefusal(400, 'INVALID_REQUEST', 'Http头Content-Type必须为application/json');
}

function decode(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

function signatureHeaders(
  world: World,
  body: string,
  distortion: Distortion | undefined,
): Record<string, string> {
  if (distortion === 'unsigned') return {};
  const timestamp = String(Math.floor(world.signatureTime() / 1000));
  const nonce = newNonce();
  const signed = distortion === 'wrong-signature' ? `${body} ` : body;
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': sign(world.identity.platformPrivateKey, answerMessage(timestamp, nonce, signed)),
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    'Wechatpay-Serial': world.identity.publicKeyId,
  };
}

function successReply(world: World, success: Success, distortion: Distortion | undefined): Reply {
  const headers = { 'Request-ID': requestId(0) };
  if ('file' in success) {
    return {
      status: 200,
      headers: { ...headers, 'Content-Type': 'application/octet-stream' },
      body: success.file,
    };
  }
  if ('empty' in success) {
    return { status: 204, headers: { ...headers, ...signatureHeaders(world, '', distortion) }, body: EMPTY };
  }
  // Rubbish is signed: the signature check passes and the parsing is what has to notice.
  const body = distortion === 'rubbish' ? '<html>502</html>' : JSON.stringify(success.json);
  return {
    status: 200,
    headers: { ...headers, 'Content-Type': 'application/json', ...signatureHeaders(world, body, distortion) },
    body: Buffer.from(body),
  };
}

function refusalReply(refusal: PayRefusal, family: Family): Reply {
  // Refusals are never signed, and the transactions family leaves out even the Request-ID of a 401.
  const silent = refusal.status === 401 && family === 'transactions';
  return {
    status: refusal.status,
    headers: {
      'Content-Type': 'application/json',
      ...(!silent && { 'Request-ID': requestId(refusal.trace) }),
    },
    body: Buffer.from(JSON.stringify(refusal.toBody())),
  };
}

/** Answers requests to WeChat Pay APIv3: an unknown path is an empty 404, a wrong verb an empty 405. */
export function payHost(
  world: World,
  refunds: RefundDesk,
  bills: BillDesk,
): (call: Call, distortion?: Distortion) => Reply {
  const routes = [...transactionRoutes(world), ...otherRoutes(refunds, bills)];
  return (call, distortion) => {
    const onPath = routes.filter((candidate) => candidate.path.test(call.path));
    const route = onPath.find((candidate) => candidate.method === call.method);
    if (!route) return { status: onPath.length > 0 ? 405 : 404, headers: {}, body: EMPTY };
    try {
      authorize(world, call, route.family);
      checkContentType(call);
      const parameter = decode(route.path.exec(call.path)?.[1] ?? '');
      return successReply(world, route.handle(call, parameter), distortion);
    } catch (error) {
      if (error instanceof PayRefusal) return refusalReply(error, route.family);
      throw error;
    }
  };
}
