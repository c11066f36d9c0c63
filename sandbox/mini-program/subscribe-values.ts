import { characterCount } from './json-input';

const atMost = (count: number) => (value: string) => characterCount(value) <= count;
const shaped = (pattern: RegExp) => (value: string) => pattern.test(value);

/** `2019年10月1日`, `2019-10-01` and the like, a time of day, or both. */
const DAY = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})`;
const TIME_OF_DAY = String.raw`\d{1,2}:\d{2}(?::\d{2})?`;
const MOMENT = `(?:${DAY}(?: ?${TIME_OF_DAY})?|${TIME_OF_DAY})`;
const DATE_LIKE = new RegExp(`^${MOMENT}(?: ?~ ?${MOMENT})?$`);

/** Value limits of each kind of template key (subscribe message, parameter value limits). */
const limits: Record<string, (value: string) => boolean> = {
  thing: atMost(20),
  number: (value) => /^-?\d+(?:\.\d+)?$/.test(value) && value.replace(/\D/g, '').length <= 32,
  letter: shaped(/^[A-Za-z]{1,32}$/),
  symbol: shaped(/^[^\p{L}\p{N}\s]{1,5}$/u),
  character_string: shaped(/^[\x20-\x7e]{1,32}$/),
  time: shaped(DATE_LIKE),
  date: shaped(DATE_LIKE),
  amount: shaped(/^\p{Sc}?(?=(?:\D*\d){1,10}\D*$)\d+(?:\.\d+)?元?$/u),
  phone_number: shaped(/^[\d+\-() ]{1,17}$/),
  car_number: atMost(8),
  name: (value) => (/[^\x20-\x7e]/.test(value) ? characterCount(value) <= 10 : value.length <= 20),
  phrase: shaped(/^\p{Script=Han}{1,5}$/u),
  enum: () => true,
};

/** Whether `value` may stand under a template key such as `thing3` or `amount1`. */
export function isAcceptedValue(key: string, value: string): boolean {
  const kind = /^([a-z_]+)\d+$/.exec(key)?.[1];
  const accepts = kind !== undefined && Object.hasOwn(limits, kind) ? limits[kind] : undefined;
  return accepts !== undefined && accepts(value);
}
