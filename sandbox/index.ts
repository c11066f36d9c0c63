import { createControl, type SandboxControl } from './control/control';
import { createControlServer } from './control/server';
import { openIdentity, type Identity } from './identity';
import { closeServer, createHost, listenOnLoopback, LoopbackHost } from './listener';
import { answerMiniProgramCall } from './mini-program/host';
import { BillDesk } from './pay/bills';
import { payHost } from './pay/host';
import type { HostName } from './request-log';
import { Notifier } from './pay/notifier';
import { RefundDesk } from './pay/refunds';
import { SandboxStartError } from './start-error';
import { createSuppliers, supplierSettings } from './suppliers';
import { World, type SignatureClock } from './world';

export type { SandboxControl } from './control/control';
export type { PayResult } from './control/cashier';
export type { AttemptView, NotificationView, RefundView, StateView, TransactionView } from './control/views';
export type { ActiveFault, Fault } from './faults';
export { RETRY_DELAYS_MS } from './pay/notifier';
export type { Variant } from './pay/notification-variants';
export { generatedCode } from './haier/catalogue';
export type { HaierControl } from './haier/control';
export { HAIER_PATHS } from './haier/host';
export type { HaierGoods, HaierHabits, PayerAccount, Warehouse } from './haier/state';
export type { TokenView } from './supplier/tokens';
export type { CallbackVariant } from './ylh/callback-variants';
export { YLH_RETRY_DELAYS_MS } from './ylh/caller';
export type { YlhControl } from './ylh/control';
export { YLH_PATHS } from './ylh/host';
export type { OrderRequest } from './ylh/order-rules';
export type { Pace, YlhHabits } from './ylh/state';
export type { CallbackAttemptView, CallbackView, YlhOrderView } from './ylh/views';
export type { RandomFaultsInput } from './random-faults';
export type { CallCount, RequestRecord } from './request-log';
export { SandboxStartError } from './start-error';
export type { SignatureClock } from './world';

export interface SandboxOptions {
  /** Identifiers, keys and state are kept here, readable by their owner only; absent = nothing outlives `stop`. */
  dir?: string;
  /** 0 or absent = a free port. */
  apiPort?: number;
  payPort?: number;
  haierPort?: number;
  ylhPort?: number;
  controlPort?: number;
  /** Clock for signature timestamps, default `virtual`; `machine` when the shop's clock cannot be moved along. */
  signatureClock?: SignatureClock;
  /** Whether orders at YLH are confirmed, shipped and delivered by themselves; default `manual`. */
  orderLife?: 'manual' | 'automatic';
  /** Where YLH calls back: the shop's `…/api/v1/haier-integration/callback`. */
  callbackUrl?: string;
}

export interface Sandbox {
  apiUrl: string;
  payUrl: string;
  haierUrl: string;
  ylhUrl: string;
  controlUrl: string;
  /** The settings a shop needs to live against this sandbox. */
  env: Record<string, string>;
  control: SandboxControl;
  /** The partners' own servers, each of which can be taken off the network and put back. */
  hosts: Record<HostName, Pick<LoopbackHost, 'down' | 'up'>>;
  stop(): Promise<void>;
}

function wechatSettings(identity: Identity, apiUrl: string, payUrl: string): Record<string, string> {
  return {
    WECHAT_APP_ID: identity.appId,
    WECHAT_APP_SECRET: identity.appSecret,
    WECHAT_API_BASE_URL: apiUrl,
    WECHAT_PAY_MCH_ID: identity.mchId,
    WECHAT_PAY_SERIAL_NO: identity.merchantSerialNo,
    WECHAT_PAY_PRIVATE_KEY_PATH: identity.merchantKeyPath,
    WECHAT_PAY_API_V3_KEY: identity.apiV3Key,
    WECHAT_PAY_PUBLIC_KEY_ID: identity.publicKeyId,
    WECHAT_PAY_PUBLIC_KEY_PATH: identity.platformPublicKeyPath,
    WECHAT_PAY_BASE_URL: payUrl,
  };
}

/**
 * Starts WeChat's two hosts, Haier's open platform, YLH and the control server on loopback.
 * Throws SandboxStartError in production, when a port is taken, or when a kept directory cannot be read.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (process.env.NODE_ENV === 'production') {
    throw new SandboxStartError('The sandbox never runs with NODE_ENV=production.');
  }
  const identity = await openIdentity(options.dir);
  const world = new World(identity, options.dir, options.signatureClock ?? 'virtual', {
    orderLife: options.orderLife ?? 'manual',
    ...(options.callbackUrl !== undefined && { callbackUrl: options.callbackUrl }),
  });
  const notifier = new Notifier(world);
  const refunds = new RefundDesk(world, notifier);
  const bills = new BillDesk(world);
  const suppliers = createSuppliers(world);
  const control = createControl(world, { notifier, refunds, bills, suppliers });
  const api = new LoopbackHost(
    createHost(world, 'api', (call, distortion) => answerMiniProgramCall(world, call, distortion)),
  );
  const pay = new LoopbackHost(createHost(world, 'pay', payHost(world, refunds, bills)));
  const hosts = { api, pay, haier: suppliers.haier, ylh: suppliers.ylh };
  const controlServer = createControlServer(control);

  let stopping: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    await Promise.all([...Object.values(hosts).map((host) => host.down()), closeServer(controlServer)]);
    await Promise.all([notifier.stop(), suppliers.stop()]);
    world.close();
    identity.dispose();
  };
  const stop = (): Promise<void> => (stopping ??= shutDown());
  try {
    const apiUrl = await api.start(options.apiPort ?? 0);
    world.payUrl = await pay.start(options.payPort ?? 0);
    world.haierUrl = await suppliers.haier.start(options.haierPort ?? 0);
    world.ylhUrl = await suppliers.ylh.start(options.ylhPort ?? 0);
    const controlUrl = await listenOnLoopback(controlServer, options.controlPort ?? 0);
    notifier.resume();
    refunds.resume();
    suppliers.resume();
    return {
      apiUrl,
      payUrl: world.payUrl,
      haierUrl: world.haierUrl,
      ylhUrl: world.ylhUrl,
      controlUrl,
      env: { ...wechatSettings(identity, apiUrl, world.payUrl), ...supplierSettings(world) },
      control,
      hosts,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
