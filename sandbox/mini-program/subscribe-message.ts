import type { World } from '../world';
import type { JsonObject } from './json-input';
import { isObject, text } from './json-input';
import { ApiRefusal } from './refusal';
import { isAcceptedValue } from './subscribe-values';

const STATES: readonly unknown[] = ['developer', 'trial', 'formal'];
const LANGUAGES: readonly unknown[] = ['zh_CN', 'en_US', 'zh_HK', 'zh_TW'];

function invalidArgument(key: string): ApiRefusal {
  return new ApiRefusal(47003, `argument invalid! data.${key}.value invalid`);
}

function readData(data: unknown, requiredKeys: readonly string[]): Record<string, string> {
  if (!isObject(data)) throw new ApiRefusal(47001, 'data format error');
  const values: Record<string, string> = {};
  for (const [key, entry] of Object.entries(data)) {
    const value = isObject(entry) ? text(entry.value) : undefined;
    if (value === undefined || !isAcceptedValue(key, value)) throw invalidArgument(key);
    values[key] = value;
  }
  const missing = requiredKeys.find((key) => !Object.hasOwn(values, key));
  if (missing !== undefined) throw invalidArgument(missing);
  if (Object.keys(values).length === 0) throw new ApiRefusal(47003, 'argument invalid! data is empty');
  return values;
}

/**
 * Sends a one-time subscribe message and uses up one consent (message/subscribe/send).
 * Throws 40003 (openid), 40037 (template), 47001 (shape), 47003 (value limits), 43101 (no consent left).
 */
export function sendSubscribeMessage(world: World, body: JsonObject): Record<string, unknown> {
  const openid = text(body.touser);
  if (openid === undefined || !Object.hasOwn(world.state.shoppers, openid))
    throw new ApiRefusal(40003, 'invalid openid');
  const templateId = text(body.template_id);
  const requiredKeys =
    templateId !== undefined && Object.hasOwn(world.state.templates, templateId)
      ? world.state.templates[templateId]
      : undefined;
  if (templateId === undefined || !requiredKeys) throw new ApiRefusal(40037, 'invalid template_id');
  // The reference marks both as required although it also names defaults; the stricter reading is played here.
  if (!STATES.includes(body.miniprogram_state) || !LANGUAGES.includes(body.lang)) {
    throw new ApiRefusal(47001, 'data format error');
  }
  const data = readData(body.data, requiredKeys);

  const account = `${openid}|${templateId}`;
  const left = world.state.subscriptions[account] ?? 0;
  if (left < 1) throw new ApiRefusal(43101, 'user refuse to accept the msg');
  world.state.subscriptions[account] = left - 1;
  const page = text(body.page);
  world.state.messages.push({
    openid,
    templateId,
    data,
    at: world.now(),
    ...(page !== undefined && { page }),
  });
  world.changed();
  return {};
}
