/** What zod alone cannot say about a setting. */
import { validate } from 'node-cron';

import type { SettingsField } from './settings-merge';

/** YLH publishes plain http addresses for these hosts, also for production (contract, section 2). */
const YLH_HOSTS: readonly string[] = ['www.yilihuo.com', 'pre.yilihuo.com', 'dev.ylhtest.com'];

/** True for five or six fields the scheduler understands. */
export const isCronExpression = (text: string): boolean =>
  [5, 6].includes(text.trim().split(/\s+/).length) && validate(text);

function isInsecureAddress({ part, name }: SettingsField, value: string): boolean {
  if (!name.toLowerCase().endsWith('url') || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'http:' && !(part === 'ylh' && YLH_HOSTS.includes(hostname));
}

/** What is wrong with a value that has the right type, or undefined. In production an address is https. */
export function findRuleProblem(
  field: SettingsField,
  value: unknown,
  { isProduction }: { isProduction: boolean },
): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (field.part === 'schedules' && !isCronExpression(value))
    return 'must be a cron expression of five or six fields';
  if (isProduction && isInsecureAddress(field, value)) return 'must be an https address';
  return undefined;
}
