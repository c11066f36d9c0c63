import { Flex, Loader, Typography } from '@strapi/design-system';
import * as React from 'react';
import { useIntl } from 'react-intl';
import { Link } from 'react-router-dom';

import { Amount } from '../content-manager/amount';
import { ShortTime } from '../content-manager/short-time';
import { Value } from '../content-manager/value';
import {
  type OrderPayment,
  type PaidOrder,
  usePaymentFileQuery,
  usePaymentsOfOrderQuery,
} from './payment-desk-api';

const ORDER_UID = 'api::order.order';
const PAYMENT_UID = 'api::payment.payment';

function Quiet({ children }: React.PropsWithChildren) {
  return (
    <Typography variant="pi" textColor="neutral600">
      {children}
    </Typography>
  );
}

/** A number that leads to its page; numbers are long, panels narrow. */
function NumberLink({ uid, id, children }: React.PropsWithChildren<{ uid: string; id: string }>) {
  return (
    <Typography
      tag={Link}
      variant="pi"
      textColor="primary600"
      style={{ overflowWrap: 'anywhere' }}
      to={`/content-manager/collection-types/${uid}/${id}`}
    >
      {children}
    </Typography>
  );
}

function Payment({ payment }: { payment: OrderPayment }) {
  const { formatMessage, formatNumber } = useIntl();
  const amount = formatNumber(payment.amount, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      <Flex justifyContent="space-between" gap={2}>
        <Amount value={payment.share} />
        <Value uid={PAYMENT_UID} field="status" value={payment.status} />
      </Flex>
      <NumberLink uid={PAYMENT_UID} id={payment.documentId}>
        {payment.paymentNumber}
      </NumberLink>
      {payment.share !== payment.amount && (
        <Quiet>{formatMessage({ id: 'back-office.payments.whole' }, { amount })}</Quiet>
      )}
      {payment.transactionId !== null && (
        <Quiet>
          <span style={{ overflowWrap: 'anywhere' }}>
            {formatMessage({ id: 'back-office.payments.transaction' }, { number: payment.transactionId })}
          </span>
        </Quiet>
      )}
      <ShortTime value={payment.paidAt ?? payment.createdAt} />
    </Flex>
  );
}

/** The payments of an order, newest first. */
export function OrderPayments({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const { data: payments } = usePaymentsOfOrderQuery(id, { refetchOnMountOrArgChange: true });
  if (payments === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      {payments.length === 0 && <Quiet>{formatMessage({ id: 'back-office.payments.none' })}</Quiet>}
      {payments.map((payment) => (
        <Payment key={payment.documentId} payment={payment} />
      ))}
    </Flex>
  );
}

function Order({ order }: { order: PaidOrder }) {
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      <Flex justifyContent="space-between" gap={2}>
        <Amount value={order.share} />
        <Value uid={ORDER_UID} field="status" value={order.status} />
      </Flex>
      <Typography>
        {order.productName ?? ''} × {order.quantity}
      </Typography>
      <NumberLink uid={ORDER_UID} id={order.documentId}>
        {order.orderNumber}
      </NumberLink>
    </Flex>
  );
}

/** The orders a payment is for, each with its share. */
export function PaymentOrders({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const { data: payment } = usePaymentFileQuery(id, { refetchOnMountOrArgChange: true });
  if (payment === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      {payment.orders.length === 0 && <Quiet>{formatMessage({ id: 'back-office.payment.no-orders' })}</Quiet>}
      {payment.orders.map((order) => (
        <Order key={order.documentId} order={order} />
      ))}
    </Flex>
  );
}
