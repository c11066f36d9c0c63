import { Box, Flex, Typography } from '@strapi/design-system';
import { Widget } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';
import { Link } from 'react-router-dom';

import { useWorkListQuery, type WorkList } from './api';

const list = (uid: string, query = ''): string =>
  `/content-manager/collection-types/${uid}?page=1&pageSize=20${query}`;
const where = (status: string): string => `&sort=createdAt:DESC&filters[$and][0][status][$eq]=${status}`;

const WORK: readonly {
  key: keyof Pick<
    WorkList,
    'ordersToShip' | 'refundsToDecide' | 'refundsToMend' | 'paymentsToCheck' | 'deadMessages' | 'lowStock'
  >;
  labelId: string;
  to: string;
}[] = [
  { key: 'ordersToShip', labelId: 'back-office.work.ship', to: list('api::order.order', where('paid')) },
  {
    key: 'refundsToDecide',
    labelId: 'back-office.work.refunds',
    to: list('api::payment.refund', where('requested')),
  },
  {
    key: 'refundsToMend',
    labelId: 'back-office.work.refunds-to-mend',
    to: list(
      'api::payment.refund',
      '&sort=createdAt:DESC&filters[$and][0][status][$in][0]=abnormal&filters[$and][0][status][$in][1]=failed',
    ),
  },
  {
    key: 'paymentsToCheck',
    labelId: 'back-office.work.payments',
    to: list('api::payment.payment', where('disputed')),
  },
  {
    key: 'lowStock',
    labelId: 'back-office.work.low-stock',
    to: list('api::inventory.inventory-item', '&sort=onHand:ASC'),
  },
  {
    key: 'deadMessages',
    labelId: 'back-office.work.dead',
    to: list('api::outbox.outbox-message', where('dead')),
  },
];

/** What waits for staff; every line leads to the list behind it. */
export function WorkWidget() {
  const { formatMessage, formatNumber } = useIntl();
  const { data, isError } = useWorkListQuery(undefined, { refetchOnMountOrArgChange: true });
  if (isError) return <Widget.Error />;
  if (data === undefined) return <Widget.Loading />;
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      {WORK.map(({ key, labelId, to }) => (
        <Box
          key={key}
          tag={Link}
          to={to}
          paddingTop={1}
          paddingBottom={1}
          paddingLeft={3}
          paddingRight={3}
          hasRadius
          style={{ textDecoration: 'none' }}
          background={data[key] > 0 ? 'warning100' : 'neutral100'}
        >
          <Flex justifyContent="space-between">
            <Typography textColor="neutral800">{formatMessage({ id: labelId })}</Typography>
            <Typography variant="beta" textColor={data[key] > 0 ? 'warning700' : 'neutral500'}>
              {formatNumber(data[key])}
            </Typography>
          </Flex>
        </Box>
      ))}
    </Flex>
  );
}

/** The newest notices to the staff. */
export function NoticesWidget() {
  const { formatMessage, formatDate } = useIntl();
  const { data, isError } = useWorkListQuery(undefined, { refetchOnMountOrArgChange: true });
  if (isError) return <Widget.Error />;
  if (data === undefined) return <Widget.Loading />;
  if (data.notices.length === 0)
    return <Widget.NoData>{formatMessage({ id: 'back-office.notices.none' })}</Widget.NoData>;
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {data.notices.map((notice) => (
        <Flex key={notice.documentId} direction="column" alignItems="stretch" gap={1}>
          <Flex justifyContent="space-between" gap={2}>
            <Typography fontWeight="semiBold">{notice.title}</Typography>
            <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'nowrap' }}>
              {notice.createdAt === null
                ? ''
                : formatDate(notice.createdAt, { dateStyle: 'short', timeStyle: 'short' })}
            </Typography>
          </Flex>
          <Typography variant="pi" textColor="neutral600">
            {notice.content}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
}

/** The products on sale that run out first. */
export function LowStockWidget() {
  const { formatMessage } = useIntl();
  const { data, isError } = useWorkListQuery(undefined, { refetchOnMountOrArgChange: true });
  if (isError) return <Widget.Error />;
  if (data === undefined) return <Widget.Loading />;
  if (data.lowStockProducts.length === 0)
    return <Widget.NoData>{formatMessage({ id: 'back-office.low-stock.none' })}</Widget.NoData>;
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {data.lowStockProducts.map(({ documentId, name, available }) => (
        <Flex key={documentId} justifyContent="space-between" gap={2}>
          <Typography
            tag={Link}
            ellipsis
            textColor="neutral800"
            to={`/content-manager/collection-types/api::product.product/${documentId}?plugins[i18n][locale]=zh-Hans`}
          >
            {name}
          </Typography>
          <Typography
            textColor={available <= 0 ? 'danger600' : 'warning700'}
            style={{ whiteSpace: 'nowrap' }}
          >
            {formatMessage({ id: 'back-office.low-stock.left' }, { count: available })}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
}
