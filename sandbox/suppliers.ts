import { createHaierControl, type HaierControl } from './haier/control';
import { haierHost } from './haier/host';
import { createHost, LoopbackHost } from './listener';
import { CallRate } from './supplier/call-rate';
import { TokenDesk } from './supplier/tokens';
import type { World } from './world';
import { Caller } from './ylh/caller';
import { createYlhControl, type YlhControl } from './ylh/control';
import { YLH_PATHS, YLH_SERVICES, ylhHost } from './ylh/host';
import { OrderDesk } from './ylh/order-desk';

/** Haier's open platform and YLH, which share products, stock and orders. */
export interface Suppliers {
  haier: LoopbackHost;
  ylh: LoopbackHost;
  control: { haier: HaierControl; ylh: YlhControl };
  /** Takes up what a snapshot has planned. */
  resume(): void;
  idle(): Promise<void>;
  stop(): Promise<void>;
  /** Forgets what is kept outside the state. */
  reset(): Promise<void>;
}

/** Builds both systems; they listen when their hosts are started. */
export function createSuppliers(world: World): Suppliers {
  const caller = new Caller(world);
  const desk = new OrderDesk(world, caller);
  const [haierRate, ylhRate] = [new CallRate(), new CallRate()];
  const haierTokens = new TokenDesk(world, () => ({
    tokens: world.state.haier.tokens,
    habits: world.state.haier.habits.token,
  }));
  const ylhTokens = new TokenDesk(world, () => ({
    tokens: world.state.ylh.tokens,
    habits: world.state.ylh.habits.token,
  }));
  const haier = new LoopbackHost(createHost(world, 'haier', haierHost(world, haierTokens, haierRate)));
  const ylhParts = { tokens: ylhTokens, rate: ylhRate, desk };
  const ylh = new LoopbackHost(createHost(world, 'ylh', ylhHost(world, ylhParts)));
  return {
    haier,
    ylh,
    control: {
      haier: createHaierControl(world, { tokens: haierTokens, rate: haierRate, host: haier }),
      ylh: createYlhControl(world, { ...ylhParts, caller, host: ylh }),
    },
    resume() {
      caller.resume();
      desk.resume();
    },
    idle: () => caller.idle(),
    stop: () => caller.stop(),
    async reset() {
      haierRate.reset();
      ylhRate.reset();
      await Promise.all([haier.up(), ylh.up()]);
    },
  };
}

/** The settings of a shop that buys from these two. */
export function supplierSettings(world: World): Record<string, string> {
  const { haier, ylh } = world.identity;
  return {
    HAIER_BASE_URL: world.haierUrl,
    HAIER_TOKEN_URL: `${world.haierUrl}/oauth2/auth`,
    HAIER_AUTH_SCHEME: 'bearer',
    HAIER_CLIENT_ID: haier.clientId,
    HAIER_CLIENT_SECRET: haier.clientSecret,
    HAIER_CUSTOMER_CODE: haier.customerCode,
    HAIER_SEND_TO_CODE: haier.sendToCode,
    HAIER_SUPPLIER_CODE: '1001',
    HAIER_PASSWORD: haier.password,
    HAIER_SELLER_PASSWORD: haier.sellerPassword,
    HAIER_CUSTOMER_PASSWORD: haier.customerPassword,
    YLH_AUTH_URL: world.ylhUrl + YLH_PATHS.token,
    YLH_ORDER_BASE_URL: world.ylhUrl + YLH_SERVICES.order,
    YLH_RETAIL_BASE_URL: world.ylhUrl + YLH_SERVICES.retail,
    YLH_STOCK_BASE_URL: world.ylhUrl + YLH_SERVICES.stock,
    YLH_USERNAME: ylh.username,
    YLH_PASSWORD: ylh.password,
    YLH_CLIENT_ID: ylh.clientId,
    YLH_CLIENT_SECRET: ylh.clientSecret,
    YLH_SOURCE_SYSTEM: ylh.sourceSystem,
    YLH_SHOP_NAME: ylh.shopName,
    YLH_SELLER_CODE: haier.customerCode,
    YLH_CALLBACK_APP_KEY: ylh.callbackAppKey,
    YLH_CALLBACK_SECRET: ylh.callbackSecret,
  };
}
