import type { World } from '../world';
import type { JsonObject } from './json-input';
import { text } from './json-input';
import { CODE_LIFETIME_MS } from './login';
import { ApiRefusal } from './refusal';

/**
 * Exchanges a phone-button code, once, for the number (getuserphonenumber).
 * Throws 40029 when the code is unknown, used, expired or belongs to another openid than the one named.
 */
export function exchangePhoneCode(world: World, body: JsonObject): Record<string, unknown> {
  const code = text(body.code);
  const minted =
    code !== undefined && Object.hasOwn(world.state.phoneCodes, code)
      ? world.state.phoneCodes[code]
      : undefined;
  const expired = minted && world.now() - minted.mintedAt > CODE_LIFETIME_MS;
  const foreign = minted && body.openid !== undefined && body.openid !== minted.openid;
  if (!minted || minted.usedAt !== undefined || expired || foreign)
    throw new ApiRefusal(40029, 'invalid code');

  minted.usedAt = world.now();
  world.changed();
  const domestic = String(minted.countryCode) === '86';
  return {
    phone_info: {
      phoneNumber: domestic ? minted.phone : `+${minted.countryCode}${minted.phone}`,
      purePhoneNumber: minted.phone,
      countryCode: minted.countryCode,
      watermark: { timestamp: Math.floor(world.now() / 1000), appid: world.identity.appId },
    },
  };
}
