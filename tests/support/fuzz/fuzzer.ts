/** Sends random requests to every route as everybody who may come, and collects what was wrong with the answers. */
import type { TestApp } from '../app';
import { createBuyer, createStaff } from '../factories/orders';
import { BODIES } from '../hostile-bodies';
import type { HostileAnswer, HostileRequest, Send } from '../hostile-client';
import type { HostileWorld } from '../hostile-world';
import { type Dice, dice as diceOf } from '../seeds';
import { anyHeaders } from './headers';
import { judge } from './judge';
import type { FuzzRoute } from './routes';
import { anyBody, anyId, anyQuery, type Known } from './values';

type Actor = 'nobody' | 'shopper' | 'staff' | 'administrator';

const ACTORS: Actor[] = ['nobody', 'shopper', 'staff', 'administrator'];
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const AT_ONCE = 16;
/** Some of what is sent ends the session it is sent with. */
const RENEW_EVERY = 192;
/** Where each of them is asked whether they are still signed in. */
const OWN_PAGE: Record<Exclude<Actor, 'nobody'>, string> = {
  shopper: '/api/v1/users/me',
  staff: '/api/v1/users/me',
  administrator: '/admin/users/me',
};
const SECRETS = [
  'APP_KEYS',
  'JWT_SECRET',
  'ADMIN_JWT_SECRET',
  'ENCRYPTION_KEY',
  'API_TOKEN_SALT',
  'WECHAT_APP_SECRET',
  'WECHAT_PAY_API_V3_KEY',
  'HAIER_CLIENT_SECRET',
  'YLH_CLIENT_SECRET',
];

export interface FuzzOptions {
  app: TestApp;
  world: HostileWorld;
  send: Send;
  routes: FuzzRoute[];
  /** A token of a new administrator of the panel. */
  administrator: () => Promise<string>;
  /** Requests to each method of each route; each other method gets one. */
  perRoute: number;
}

export class Fuzzer {
  sent = 0;
  private readonly known: Known;
  private tokens: Partial<Record<Actor, string>> = {};

  constructor(private readonly options: FuzzOptions) {
    const { ids, strangersIds, products } = options.world;
    this.known = { ids: [...Object.values(ids), ...Object.values(strangersIds), ...Object.values(products)] };
  }

  /** What was wrong, one line for each kind of trouble at a route. */
  async run(seed: number): Promise<string[]> {
    const dice = diceOf(seed);
    const found = new Map<string, string>();
    const requests = dice.shuffle(this.options.routes.flatMap((route) => this.requestsTo(route, dice)));
    for (let start = 0; start < requests.length; start += AT_ONCE) {
      if (start % RENEW_EVERY === 0) await this.renew();
      await Promise.all(
        requests.slice(start, start + AT_ONCE).map(async ({ route, actor, request }) => {
          const asked = { ...request, token: this.tokens[actor] };
          for (const problem of judge(asked, await this.ask(asked), this.secrets())) {
            const kind = `${request.method} ${route.path}: ${problem.slice(0, 60)}`;
            if (!found.has(kind)) found.set(kind, describe(actor, request, problem));
          }
        }),
      );
    }
    this.sent += requests.length;
    return [...found.values()];
  }

  freshBuyer() {
    return createBuyer(this.options.app);
  }

  private secrets(): string[] {
    return SECRETS.flatMap((name) => process.env[name] ?? []).filter((secret) => secret.length >= 8);
  }

  private async ask(request: HostileRequest): Promise<HostileAnswer> {
    return this.options
      .send(request)
      .catch((error: Error) => ({ status: 0, headers: {}, text: error.message }));
  }

  private requestsTo(route: FuzzRoute, dice: Dice) {
    const one = (method: string) => ({
      route,
      actor: dice.pick(ACTORS),
      request: this.request(route, method, dice),
    });
    return METHODS.flatMap((method) => {
      const times = route.methods.includes(method) ? this.options.perRoute : 1;
      return Array.from({ length: times }, () => one(method));
    });
  }

  private request(route: FuzzRoute, method: string, dice: Dice): HostileRequest {
    const path = route.path.replace(/:[A-Za-z]+\??\*?/g, () => anyId(dice, this.known));
    const headers = anyHeaders(dice);
    const request = { method, path: onTheWire(`${path}${anyQuery(dice, this.known)}`), headers };
    if (['GET', 'HEAD', 'OPTIONS'].includes(method) && !dice.once(10)) return request;
    const right = BODIES[`${method} ${route.path.replace('/api/v1', '')}`]?.[0]?.body(this.options.world);
    const { body, type } = anyBody(dice, this.known, right === undefined ? undefined : JSON.stringify(right));
    return { ...request, body, headers: type === undefined ? headers : { 'Content-Type': type, ...headers } };
  }

  /** Everybody is signed in, whatever they have done to themselves. */
  private async renew(): Promise<void> {
    const { app, administrator } = this.options;
    for (const actor of ['shopper', 'staff', 'administrator'] as const) {
      const answer = await this.ask({ method: 'GET', path: OWN_PAGE[actor], token: this.tokens[actor] });
      if (this.tokens[actor] !== undefined && answer.status === 200) continue;
      if (actor === 'administrator') this.tokens[actor] = await administrator();
      else
        this.tokens[actor] = (
          actor === 'shopper' ? await createBuyer(app) : await createStaff(app, { isSuperuser: true })
        ).token;
    }
  }
}

/** A path as a client can send it: what is no visible ASCII is escaped, and nothing else. */
const onTheWire = (path: string): string => path.replace(/[^\x21-\x7e]+/gu, encodeURIComponent);

const describe = (actor: Actor, { method, path, body, headers }: HostileRequest, problem: string): string =>
  `${actor} ${method} ${path.slice(0, 160)} → ${problem.slice(0, 300)}\n  ${JSON.stringify(headers)} ${String(body ?? '').slice(0, 300)}`;
