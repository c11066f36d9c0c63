import { useIntl } from 'react-intl';

import { textId } from '../plugin-id';

type Values = Record<string, string | number>;

export interface Texts {
  /** A text of this plugin in the reader's language. */
  text(name: string, values?: Values): string;
  /** A text that may not be there: then what the server said. */
  word(name: string, otherwise: string): string;
  /** What was written down in both languages, Chinese and English on a line each, in the reader's. */
  said(message: string): string;
  time(iso: string | null): string;
  /** The zone all times are shown in, e.g. `GMT+8`. */
  zone: string;
  money(fen: number): string;
  number(value: number): string;
}

const HAN = /\p{Script=Han}/u;

/** The line for a reader of Chinese or of another language; a message of one line is for both. */
function pickLine(message: string, locale: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const wanted = lines.filter((line) => HAN.test(line) === locale.startsWith('zh'));
  return (wanted.length > 0 ? wanted : lines).join(' ').trim();
}

export function useText(): Texts {
  const { formatMessage, formatDate, formatDateToParts, formatNumber, messages, locale } = useIntl();
  const zone = formatDateToParts(new Date(), { timeZoneName: 'shortOffset' });
  return {
    text: (name, values) => formatMessage({ id: textId(name), defaultMessage: name }, values),
    word: (name, otherwise) =>
      textId(name) in messages ? formatMessage({ id: textId(name), defaultMessage: otherwise }) : otherwise,
    said: (message) => pickLine(message, locale),
    time: (iso) => (iso === null ? '—' : formatDate(iso, { dateStyle: 'short', timeStyle: 'medium' })),
    zone: zone.find(({ type }) => type === 'timeZoneName')?.value ?? '',
    money: (fen) => `¥${formatNumber(fen / 100, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
    number: (value) => formatNumber(value),
  };
}
