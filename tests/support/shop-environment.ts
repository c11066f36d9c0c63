import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

/**
 * The world of an integration suite. Jest loads every module anew for each suite; for Strapi that is several seconds and
 * some hundred MB, two hundred times. Here the suite gets Node's own `require`, so that the packages are loaded once per
 * worker; `boot.ts` takes care that the shop's own compiled modules are fresh for every boot all the same.
 *
 * Settings are read from the process's variables, so a suite sees the real ones; what it changed is put back after it.
 */
export default class ShopEnvironment extends NodeEnvironment {
  private readonly variables = { ...process.env };

  override async setup(): Promise<void> {
    await super.setup();
    this.global.requireOutside = require;
    this.global.process.env = process.env;
    // Drivers and the shop ask `instanceof Date` and `instanceof Error`, which holds within one world only.
    Object.assign(this.global, { Date, Error, TypeError, RangeError });
    // Strapi puts itself on its own global object.
    Object.defineProperty(this.global, 'strapi', {
      configurable: true,
      get: () => (globalThis as { strapi?: unknown }).strapi,
    });
  }

  override async teardown(): Promise<void> {
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
    await super.teardown();
  }
}
