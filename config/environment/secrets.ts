/** Which settings are secret: their values stand in no log. */
import type { RawEnvironment } from './schema';

const SECRET_NAME = /(?:SECRET|SALT|PASSWORD|PRIVATE_KEY|API_V3_KEY|ENCRYPTION_KEY|SECRET_ACCESS_KEY|TOKEN)$/;

/** The password in an address, which its whole text would not be found by. */
const passwordOf = (address: string): string | undefined =>
  URL.canParse(address) ? decodeURIComponent(new URL(address).password) || undefined : undefined;

/** The values of all secret settings that are set. */
export function secretValues(settings: Partial<RawEnvironment>): string[] {
  const named = Object.entries(settings).filter(([name]) => SECRET_NAME.test(name));
  const addresses = [settings.DATABASE_URL, settings.REDIS_URL].flatMap((address) =>
    address === undefined ? [] : [passwordOf(address)],
  );
  return [...named.map(([, value]) => value), ...(settings.APP_KEYS ?? []), ...addresses].filter(
    (value): value is string => typeof value === 'string' && value.length >= MIN_LENGTH,
  );
}

/** A shorter one would blot out harmless words. */
const MIN_LENGTH = 6;
