import { Button, Flex, Loader, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';
import { Link } from 'react-router-dom';

import { Value } from '../content-manager/value';
import { valueId } from '../labels';
import { CAN_RECONCILE } from './permissions';
import { PressForm } from './press-form';
import {
  type DifferenceFile,
  useDifferenceFileQuery,
  useIgnoreDifferenceMutation,
  useMendDifferenceMutation,
  useReconciliationRunQuery,
  useStartReconciliationMutation,
} from './reconciliation-api';
import { usePress } from './use-press';

const DIFFERENCE_UID = 'api::reconciliation.reconciliation-difference';
const RUN_UID = 'api::reconciliation.reconciliation-run';

/** True when this user may start a comparison and work differences; the server asks again. */
function useMayReconcile(): boolean {
  const { allowedActions } = useRBAC(CAN_RECONCILE);
  return allowedActions.canWork === true;
}

/** Asks for a day and has it compared. */
export function StartButton() {
  const [start] = useStartReconciliationMutation();
  const press = usePress();
  const mayReconcile = useMayReconcile();
  if (!mayReconcile) return null;
  return (
    <PressForm
      titleId="back-office.reconciliation.start"
      confirmId="back-office.reconciliation.confirm"
      variant="secondary"
      fields={[{ name: 'day', labelId: 'back-office.reconciliation.day', isRequired: true, maxLength: 10 }]}
      onConfirm={({ day }) =>
        press(start({ billDate: (day ?? '').trim() }), 'back-office.reconciliation.started')
      }
    />
  );
}

/** How a day went, and the button to compare it again. */
export function RunPanel({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const mayReconcile = useMayReconcile();
  const { data: run } = useReconciliationRunQuery(id, { refetchOnMountOrArgChange: true });
  const [start, { isLoading }] = useStartReconciliationMutation();
  const press = usePress();
  if (run === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Value uid={RUN_UID} field="status" value={run.status} />
      {run.status === 'completed' && (
        <Typography>
          {formatMessage({ id: 'back-office.reconciliation.open-count' }, { count: run.openCount })}
        </Typography>
      )}
      {run.error !== null && (
        <Typography variant="pi" textColor="danger600">
          {run.error}
        </Typography>
      )}
      {mayReconcile && run.status !== 'running' && (
        <Button
          fullWidth
          variant="secondary"
          loading={isLoading}
          onClick={() => void press(start({ billDate: run.billDate }), 'back-office.reconciliation.started')}
        >
          {formatMessage({ id: 'back-office.reconciliation.again' })}
        </Button>
      )}
    </Flex>
  );
}

interface SideProps {
  titleId: string;
  /** What names a status in the reader's language. */
  statusId(status: string): string;
  status: string | null;
  amount: number | null;
}

function Side({ titleId, statusId, status, amount }: SideProps) {
  const { formatMessage, formatNumber } = useIntl();
  const shown = [
    status === null ? null : formatMessage({ id: statusId(status), defaultMessage: status }),
    amount === null ? null : `¥${formatNumber(amount, { minimumFractionDigits: 2 })}`,
  ].filter((part) => part !== null);
  return (
    <Flex justifyContent="space-between" gap={2}>
      <Typography variant="pi" textColor="neutral600">
        {formatMessage({ id: titleId })}
      </Typography>
      <Typography fontWeight="semiBold">
        {shown.length === 0 ? formatMessage({ id: 'back-office.difference.nothing' }) : shown.join(' · ')}
      </Typography>
    </Flex>
  );
}

function Actions({ difference }: { difference: DifferenceFile }) {
  const { formatMessage } = useIntl();
  const [mend, { isLoading }] = useMendDifferenceMutation();
  const [ignore] = useIgnoreDifferenceMutation();
  const press = usePress();
  const { documentId: id } = difference;
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      {difference.mend !== null && (
        <Button
          fullWidth
          loading={isLoading}
          onClick={() => void press(mend(id), 'back-office.difference.mended')}
        >
          {formatMessage({ id: `back-office.difference.${difference.mend}` })}
        </Button>
      )}
      <PressForm
        titleId="back-office.difference.ignore"
        confirmId="back-office.difference.ignore"
        variant="secondary"
        fields={[{ name: 'note', labelId: 'back-office.difference.note', isRequired: true, maxLength: 255 }]}
        onConfirm={({ note }) =>
          press(ignore({ id, note: (note ?? '').trim() }), 'back-office.difference.ignored')
        }
      />
    </Flex>
  );
}

function Records({ payment, refund }: Pick<DifferenceFile, 'payment' | 'refund'>) {
  const { formatMessage } = useIntl();
  const records = [
    { id: payment, uid: 'api::payment.payment', labelId: 'back-office.difference.open-payment' },
    { id: refund, uid: 'api::payment.refund', labelId: 'back-office.difference.open-refund' },
  ].filter(({ id }) => id !== null);
  return records.map(({ id, uid, labelId }) => (
    <Typography
      key={uid}
      tag={Link}
      textColor="primary600"
      to={`/content-manager/collection-types/${uid}/${id}`}
    >
      {formatMessage({ id: labelId })}
    </Typography>
  ));
}

/** What both sides say, what it means, and what can be done about it. */
export function DifferencePanel({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const mayReconcile = useMayReconcile();
  const { data: difference } = useDifferenceFileQuery(id, { refetchOnMountOrArgChange: true });
  if (difference === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  const ourUid = difference.kind.startsWith('refund_') ? 'api::payment.refund' : 'api::payment.payment';
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Flex justifyContent="space-between" gap={2}>
        <Value uid={DIFFERENCE_UID} field="kind" value={difference.kind} />
        <Value uid={DIFFERENCE_UID} field="status" value={difference.status} />
      </Flex>
      <Side
        titleId="back-office.difference.here"
        statusId={(status) => valueId(ourUid, 'status', status)}
        status={difference.ourStatus}
        amount={difference.ourAmount}
      />
      <Side
        titleId="back-office.difference.there"
        statusId={(status) => `back-office.difference.bill.${status}`}
        status={difference.theirStatus}
        amount={difference.theirAmount}
      />
      <Typography variant="pi" textColor="neutral600">
        {formatMessage({ id: `back-office.difference.advice.${difference.kind}` })}
      </Typography>
      <Records payment={difference.payment} refund={difference.refund} />
      {difference.note !== null && <Typography variant="pi">{difference.note}</Typography>}
      {difference.status === 'open' && mayReconcile && <Actions difference={difference} />}
    </Flex>
  );
}
