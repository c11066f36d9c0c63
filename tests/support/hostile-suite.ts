import { startApp, type TestApp } from './app';
import { type Attack, attackAll } from './hostile-answer';
import { BODIES } from './hostile-bodies';
import { createSender, type HostileRequest, type Send } from './hostile-client';
import {
  createHostileWorld,
  digestTables,
  fillPath,
  type HostileRoute,
  hostileRoutes,
  type HostileWorld,
} from './hostile-world';

/** A shop to attack, and what every attack needs. Filled before the first test. */
export class HostileSuite {
  app!: TestApp; // set by `start`
  world!: HostileWorld;
  send!: Send;
  routes!: HostileRoute[];
  private close: (() => void) | undefined;

  async start(): Promise<void> {
    this.app = await startApp();
    const { send, close } = createSender(this.app.url);
    this.send = send;
    this.close = close;
    this.world = await createHostileWorld(this.app);
    this.routes = hostileRoutes(this.app);
  }

  async stop(): Promise<void> {
    this.close?.();
    await this.app?.stop();
  }

  /** A body that is right, where the route takes one: what is wrong with the request is something else. */
  rightBody({ name }: HostileRoute): string {
    return JSON.stringify(BODIES[name]?.[0]?.body(this.world) ?? {});
  }

  /** A request that would be answered, by whoever may make it, for what is theirs. */
  requestTo(
    route: HostileRoute,
    changes: Partial<HostileRequest> & { id?: string; query?: string } = {},
  ): HostileRequest {
    const { id = this.world.ids[route.names ?? ''] ?? '', query = '', ...rest } = changes;
    const token = route.isForStaff ? this.world.staff.token : this.world.shopper.token;
    const takesBody = route.method !== 'GET' && route.method !== 'DELETE';
    return {
      method: route.method,
      path: `${fillPath(route.pattern, id)}${query}`,
      ...(route.isPublic ? {} : { token }),
      ...(takesBody ? { body: this.rightBody(route) } : {}),
      ...rest,
    };
  }

  /** Every attack is refused as it should be, no row of any table has changed, and the shop still answers. */
  async expectNothingWritten(attacks: Attack[]): Promise<void> {
    expect(attacks).not.toEqual([]);
    const before = await digestTables(this.app);
    expect(await attackAll(this.send, attacks)).toEqual([]);
    expect(await digestTables(this.app)).toEqual(before);
    expect((await this.app.api('get', '/products')).status).toBe(200);
  }
}

/** Starts a shop for the suite that calls it, and stops it afterwards. */
export function useHostileSuite(): HostileSuite {
  const suite = new HostileSuite();
  beforeAll(() => suite.start());
  afterAll(() => suite.stop());
  return suite;
}
