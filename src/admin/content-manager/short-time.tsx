import { Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

/** A time to the minute; Strapi's own form spells out the day of the week and fills the table. */
export function ShortTime({ value }: { value: string | null }) {
  const { formatDate } = useIntl();
  const shown = value === null ? '-' : formatDate(value, { dateStyle: 'short', timeStyle: 'short' });
  return (
    <Typography textColor="neutral800" style={{ whiteSpace: 'nowrap' }}>
      {shown}
    </Typography>
  );
}
