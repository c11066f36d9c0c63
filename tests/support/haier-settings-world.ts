import type { SettingsService } from '../../src/plugins/haier-integration/server/src/services/settings';
import { compiled, startApp, type TestApp } from './app';
import { panelUser, type PanelUser } from './factories/panel';

type SettingsModule = typeof import('../../src/plugins/haier-integration/server/src/services/settings');

export const SETTINGS_PATH = '/haier-integration/settings';
export const SETTING_ROWS = 'plugin::haier-integration.haier-setting';
export const EDITOR = { id: 'admin:0', name: '测试' };

export interface SettingsPageBody {
  data: { version: number; haier: Record<string, unknown>; ylh: Record<string, unknown> };
  meta: {
    sources: Record<string, string>;
    problems: { code: string; fields: string[]; message: string }[];
    changes: { by: { id: string; name: string }; fields: string[]; at: string }[];
    callbackUrl: string;
    presets: Record<string, unknown>;
  };
}

/** A booted shop and a super administrator on the settings page. */
export class SettingsWorld {
  private constructor(
    readonly app: TestApp,
    readonly admin: PanelUser,
  ) {}

  static async start(): Promise<SettingsWorld> {
    const app = await startApp();
    return new SettingsWorld(app, await panelUser(app, 'superAdmin'));
  }

  async read(): Promise<SettingsPageBody> {
    const answer = await this.admin.call('get', SETTINGS_PATH);
    if (answer.status !== 200) throw new Error(`the settings page answered ${answer.status} ${answer.text}`);
    return answer.body as SettingsPageBody;
  }

  save(body: object) {
    return this.admin.call('put', SETTINGS_PATH).send(body);
  }

  /** The settings of another process: the same code over the same database, with nothing remembered. */
  anotherProcess(): SettingsService {
    return compiled<SettingsModule>('src/plugins/haier-integration/server/src/services/settings').default({
      strapi: this.app.strapi,
    });
  }

  /** With something else in the shop's configuration for a while. */
  async withConfig(path: string, value: unknown, work: () => Promise<void>): Promise<void> {
    const before: unknown = this.app.strapi.config.get(path);
    this.app.strapi.config.set(path, value);
    try {
      await work();
    } finally {
      this.app.strapi.config.set(path, before);
    }
  }
}
