import { randomUUID } from 'node:crypto';

import { HaierError } from '../domain/errors';
import type { Sentence } from '../domain/refusal';
import { type Finding, type Stages, type Step, type TestBench, tryAddresses } from './connection-test';

/** What the service said about something it cannot know: it was reached, and it accepted the token. */
const isAnswer = (error: unknown): boolean =>
  error instanceof HaierError && error.kind === 'rejected' && error.status !== 404 && error.status !== 405;

/** A question whose "no" is as good as its "yes". Throws HaierError when nobody answered it. */
function question(name: string, ask: () => Promise<unknown>, proof: Sentence): Step {
  return {
    name,
    async run(): Promise<Finding> {
      try {
        await ask();
      } catch (error) {
        if (!isAnswer(error)) throw error;
      }
      return { message: proof };
    },
  };
}

async function drain(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries) continue;
}

/** Address and token, then each of the three services with a question about an order that no shop has. */
export function ylhSteps({ clients, settings: { ylh } }: TestBench): Stages {
  const nobody = `TEST-${randomUUID()}`.slice(0, 32);
  const { authUrl, orderBaseUrl, retailBaseUrl, stockBaseUrl } = ylh;
  return [
    [
      {
        name: 'address',
        run: () => tryAddresses([authUrl, orderBaseUrl, retailBaseUrl, stockBaseUrl]),
      },
    ],
    [
      {
        name: 'token',
        async run() {
          await clients.ylh.authenticate();
          return { message: { zh: '账号有效，已取得令牌', en: 'the account is good, a token was issued' } };
        },
      },
    ],
    [
      question(
        'orders',
        () => clients.ylh.cancelOrder({ soId: nobody, reason: 'connection test', cancelledAt: new Date() }),
        {
          zh: '订单服务有响应并接受令牌（用不存在的订单号试取消，不影响任何订单）；店铺名称和卖家编码要到第一次推送时才会验证',
          en: 'the order service answers and takes the token (tried with a cancel of an order that does not exist, which touches none); shop name and seller code are checked only by the first push',
        },
      ),
      question('photos', () => clients.ylh.listDeliveryImages(nobody), {
        zh: '改约与照片服务有响应并接受令牌（查询不存在的订单的照片）',
        en: 'the reschedule and photo service answers and takes the token (asked for photos of an order that does not exist)',
      }),
      question('tracking', () => drain(clients.ylh.listTracking([nobody])), {
        zh: '运单服务有响应并接受令牌（查询不存在的订单）',
        en: 'the tracking service answers and takes the token (asked about an order that does not exist)',
      }),
    ],
  ];
}
