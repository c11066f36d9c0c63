import { Status, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import { valueId } from '../labels';

/** Which values ask for attention, are on their way, went well or ended. */
const TONES: Readonly<Record<string, 'danger' | 'warning' | 'success' | 'secondary' | 'neutral'>> = {
  paid: 'warning',
  requested: 'warning',
  refunding: 'warning',
  open: 'warning',
  waiting: 'secondary',
  approved: 'secondary',
  processing: 'secondary',
  running: 'secondary',
  shipped: 'secondary',
  succeeded: 'success',
  completed: 'success',
  done: 'success',
  resolved: 'success',
  dead: 'danger',
  failed: 'danger',
  abnormal: 'danger',
  disputed: 'danger',
  push_failed: 'danger',
};

interface ValueProps {
  uid: string;
  field: string;
  value: string | null | undefined;
}

/** A value of an enumeration in the reader's language; a status also in colour. */
export function Value({ uid, field, value }: ValueProps) {
  const { formatMessage } = useIntl();
  if (value === null || value === undefined || value === '')
    return <Typography textColor="neutral800">-</Typography>;
  const text = formatMessage({ id: valueId(uid, field, value), defaultMessage: value });
  if (field !== 'status') return <Typography textColor="neutral800">{text}</Typography>;
  return (
    <Status variant={TONES[value] ?? 'neutral'} size="S" width="min-content">
      <Typography tag="span" variant="omega" fontWeight="semiBold" style={{ whiteSpace: 'nowrap' }}>
        {text}
      </Typography>
    </Status>
  );
}
