import { useIntl } from 'react-intl';

import { textId } from '../plugin-id';

type Values = Record<string, string | number>;

export interface Texts {
  /** A text of this plugin in the reader's language. */
  text(name: string, values?: Values): string;
  /** A text that may not be there: then what the server said. */
  word(name: string, otherwise: string): string;
  time(iso: string | null): string;
  money(fen: number): string;
  number(value: number): string;
}

export function useText(): Texts {
  const { formatMessage, formatDate, formatNumber, messages } = useIntl();
  return {
    text: (name, values) => formatMessage({ id: textId(name), defaultMessage: name }, values),
    word: (name, otherwise) =>
      textId(name) in messages ? formatMessage({ id: textId(name), defaultMessage: otherwise }) : otherwise,
    time: (iso) => (iso === null ? '—' : formatDate(iso, { dateStyle: 'short', timeStyle: 'medium' })),
    money: (fen) => `¥${formatNumber(fen / 100, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
    number: (value) => formatNumber(value),
  };
}
