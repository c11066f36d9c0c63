import { Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import { valueId } from '../labels';

/** Fields that say who did something, as `<type>:<id>`. */
const ACTORS: ReadonlySet<string> = new Set(['operator', 'requestedBy', 'decidedBy', 'resolvedBy']);
const KNOWN: ReadonlySet<string> = new Set(['shopper', 'staff', 'system', 'settlement']);

export const isActor = (name: string): boolean => ACTORS.has(name);

/** Who it was, in the reader's language; the id behind it says nothing to anybody and stands in the form. */
export function Actor({ value }: { value: string | null }) {
  const { formatMessage } = useIntl();
  const [type = ''] = (value ?? '').split(':');
  const shown = KNOWN.has(type)
    ? formatMessage({ id: valueId('api::order.order-history', 'actorType', type) })
    : (value ?? '-');
  return <Typography textColor="neutral800">{shown}</Typography>;
}
