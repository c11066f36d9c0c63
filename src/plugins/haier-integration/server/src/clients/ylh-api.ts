/** The client of YLH (contract, section 2): three services and a token of their own, so four addresses. */
import { HaierError } from '../domain/errors';
import type { HaierIntegrationSettings } from '../domain/settings';
import { openAnswer, readAs, readToken } from './answers';
import type { Caller } from './caller';
import { joinUrl, requireFields } from './configured';
import type { DeliveryImage, YlhApi, YlhCreated, YlhOrder, YlhTracking } from './contract';
import { type Envelope, inBatches, openEnvelope, parseJson, toList } from './envelope';
import type { ReadSettings } from './haier-api';
import type { Answer } from './line';
import type { Account, ReadContext, Request } from './operation';
import { createdSchema, imageSchema, trackingSchema } from './ylh-answers';
import { namesSoId, saysRepeated, toCreateBody, toTimes } from './ylh-order';

type YlhSettings = HaierIntegrationSettings['ylh'];
type Base = 'orderBaseUrl' | 'retailBaseUrl' | 'stockBaseUrl';

/** Each on the service that has it. */
const PLACES = {
  createOrder: ['orderBaseUrl', '/api/page/hmm/retailorder/receive-hmm-retail-order'],
  cancelOrder: ['orderBaseUrl', '/api/page/hmm/retailorder/cancel-hmm-retail-order'],
  reschedule: ['retailBaseUrl', '/api/page/retailorder/hmm/update-distribution-time'],
  listDeliveryImages: ['retailBaseUrl', '/api/page/retailorder/search/get-retail-order-delivery-img'],
  listTracking: ['stockBaseUrl', '/api/composite/stock/logistics/get-store-logistics-by-order-code'],
} as const satisfies Record<string, readonly [Base, string]>;

type Name = keyof typeof PLACES;

/** Order codes in one call of 2.6. */
const BATCH = 100;
const CREDENTIALS = ['authUrl', 'username', 'password', 'clientId', 'clientSecret'] as const;

const secretsOf = (ylh: YlhSettings): string[] => [ylh.password, ylh.clientSecret];

export class YlhClient implements YlhApi {
  constructor(
    private readonly caller: Caller,
    private readonly keyOf: (credentials: readonly string[]) => string,
    private readonly readSettings: ReadSettings,
  ) {}

  async authenticate(): Promise<{ expiresAt: Date }> {
    const { ylh } = await this.readSettings();
    requireFields('ylh', 'authenticate', ylh, CREDENTIALS);
    const { expiresAt } = await this.caller.renew(this.account(ylh));
    return { expiresAt };
  }

  async createOrder(order: YlhOrder): Promise<YlhCreated> {
    const settings = await this.settingsFor('createOrder', ['sourceSystem', 'shopName', 'sellerCode']);
    const { ylh, policy } = settings;
    return this.caller.call({
      ...this.operation(ylh, 'createOrder', order.soId),
      body: bodyOf('createOrder', () => toCreateBody(order, ylh)),
      hidden: [...secretsOf(ylh), order.consigneeMobile, order.consigneeName, order.detailAddress],
      // The so id is its key: what was taken before is refused, and read as taken.
      repeat: 'harmless',
      isTraced: true,
      read: (answer, context) =>
        this.readCreated(answer, context, { soId: order.soId, patterns: policy.alreadyPushedPatterns }),
    });
  }

  async cancelOrder(request: { soId: string; reason: string; cancelledAt: Date }): Promise<void> {
    const { ylh } = await this.settingsFor('cancelOrder', ['sourceSystem']);
    await this.caller.call({
      ...this.operation(ylh, 'cancelOrder', request.soId),
      body: {
        soId: request.soId,
        // Milliseconds, and a string here.
        cancelTime: String(request.cancelledAt.getTime()),
        cancelReason: request.reason,
        sourceSystem: ylh.sourceSystem,
      },
      // A second one could be refused because the first was taken.
      repeat: 'not-taken',
      read: readAcceptance,
    });
  }

  async reschedule(request: {
    retailOrderNo: string;
    distributionDate?: string;
    installDate?: string;
  }): Promise<void> {
    const { ylh } = await this.settingsFor('reschedule', []);
    const { retailOrderNo } = request;
    await this.caller.call({
      ...this.operation(ylh, 'reschedule', retailOrderNo),
      body: bodyOf('reschedule', () => ({ retailOrderNo, ...toTimes(request) })),
      repeat: 'not-taken',
      read: readAcceptance,
    });
  }

  async listDeliveryImages(orderNo: string): Promise<DeliveryImage[]> {
    const { ylh } = await this.settingsFor('listDeliveryImages', []);
    return this.caller.call({
      ...this.operation(ylh, 'listDeliveryImages', orderNo),
      body: { orderNo },
      repeat: 'harmless',
      read: (answer, context) =>
        readAs(imageSchema.array(), toList(openAnswer(answer, context).data), context),
    });
  }

  async *listTracking(orderCodes: readonly string[]): AsyncGenerator<YlhTracking> {
    for (const codes of inBatches([...new Set(orderCodes)], BATCH)) {
      const { ylh } = await this.settingsFor('listTracking', []);
      const [first = ''] = codes;
      yield* await this.caller.call({
        ...this.operation(ylh, 'listTracking', codes.length === 1 ? first : `${first} +${codes.length - 1}`),
        // The bare list, without a name around it.
        body: codes,
        repeat: 'harmless',
        read: (answer: Answer, context: ReadContext) =>
          readAs(trackingSchema.array(), toList(openAnswer(answer, context).data), context),
      });
    }
  }

  /** A yes, or a refusal that says the order is there already; every other refusal is for a person. */
  private async readCreated(
    answer: Answer,
    context: ReadContext,
    { soId, patterns }: { soId: string; patterns: readonly string[] },
  ): Promise<YlhCreated> {
    const said = openEnvelope(parseJson(answer.text));
    const isRefusal = answer.status !== 401 && answer.status !== 403 && said.success === false;
    if (isRefusal && saysRepeated(said, patterns)) {
      const there = createdSchema.parse(said.data);
      if (there.soId === soId || (await this.wasSent(soId, said, context))) {
        context.remark(`already there: ${[said.code, said.message].filter(Boolean).join(' ')}`);
        return { outcome: 'already_there', retailOrderNo: there.retailOrderNo };
      }
    }
    const envelope = readAccepted(answer, context);
    const created = createdSchema.parse(envelope.data);
    if (created.soId !== null && created.soId !== soId)
      throw context.fail('bad_answer', { status: answer.status, message: 'the answer names another so id' });
    return { outcome: 'created', retailOrderNo: created.retailOrderNo };
  }

  /** Whether the refusal is about our own push: it names the so id, or we have sent it before. */
  private async wasSent(soId: string, said: Envelope, context: ReadContext): Promise<boolean> {
    if (context.mayBeTaken || namesSoId(`${said.code ?? ''} ${said.message ?? ''}`, soId)) return true;
    try {
      return await this.caller.log.mayHaveBeenTaken('createOrder', soId, context.logId);
    } catch {
      throw context.fail('unknown_outcome', { code: said.code, message: said.message });
    }
  }

  private async settingsFor(
    operation: Name,
    fields: readonly (keyof YlhSettings)[],
  ): Promise<HaierIntegrationSettings> {
    const settings = await this.readSettings();
    const sellerCode = settings.ylh.sellerCode === '' ? settings.haier.customerCode : settings.ylh.sellerCode;
    const ylh = { ...settings.ylh, sellerCode };
    requireFields('ylh', operation, ylh, [...CREDENTIALS, PLACES[operation][0], ...fields]);
    return { ...settings, ylh };
  }

  private operation(ylh: YlhSettings, name: Name, subject: string) {
    const [base, path] = PLACES[name];
    return {
      system: 'ylh',
      name,
      subject,
      url: joinUrl(ylh[base], path),
      account: this.account(ylh),
      hidden: secretsOf(ylh),
    } as const satisfies Partial<Request>;
  }

  private account(ylh: YlhSettings): Account {
    const { authUrl, username, password, clientId, clientSecret } = ylh;
    const basic = Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64');
    return {
      system: 'ylh',
      key: this.keyOf([authUrl, clientId, clientSecret, username, password]),
      authorize: ({ accessToken, tokenType }) => `${tokenType ?? 'Bearer'} ${accessToken}`,
      issue: () =>
        this.caller.call({
          system: 'ylh',
          name: 'authenticate',
          subject: null,
          url: authUrl,
          headers: { Authorization: `Basic ${basic}`, 'system-name': 'ylh-open-api' },
          body: { grant_type: 'password', username, password },
          encoding: 'form',
          hidden: [...secretsOf(ylh), basic],
          repeat: 'harmless',
          read: readToken,
        }),
    };
  }
}

/** A body that cannot be made is one YLH would refuse. */
function bodyOf<T>(operation: Name, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HaierError({ system: 'ylh', operation, kind: 'rejected', upstreamMessage: error.message });
  }
}

/** For requests whose yes must be said: an answer that says neither is not one. */
function readAccepted(answer: Answer, context: ReadContext): Envelope {
  const envelope = openAnswer(answer, context);
  if (envelope.success === true) return envelope;
  throw context.fail('bad_answer', { status: answer.status, message: 'neither success nor refusal' });
}

function readAcceptance(answer: Answer, context: ReadContext): void {
  readAccepted(answer, context);
}
