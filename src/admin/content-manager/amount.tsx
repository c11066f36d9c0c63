import { Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

const AMOUNT = /(?:price|amount|rebate|rebateMoney)$/i;

/** True for fields that hold yuan. */
export const isAmount = (name: string): boolean => AMOUNT.test(name);

/** An amount in yuan with its two places. */
export function Amount({ value }: { value: unknown }) {
  const { formatNumber } = useIntl();
  const shown =
    typeof value === 'number'
      ? `¥${formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
      : '-';
  return <Typography textColor="neutral800">{shown}</Typography>;
}
