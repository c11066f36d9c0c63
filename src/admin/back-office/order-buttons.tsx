import { useRBAC } from '@strapi/strapi/admin';

import { useCancelOrderMutation, useShipOrderMutation } from './api';
import { CAN_WORK_ORDERS } from './permissions';
import { PressForm } from './press-form';
import { usePress } from './use-press';

const text = (value: string | undefined): string => (value ?? '').trim();

export function ShipButton({ id }: { id: string }) {
  const [ship] = useShipOrderMutation();
  const press = usePress();
  return (
    <PressForm
      titleId="back-office.order.ship"
      confirmId="back-office.ship.confirm"
      fields={[
        { name: 'company', labelId: 'back-office.ship.company', isRequired: true },
        { name: 'trackingNumber', labelId: 'back-office.ship.number', isRequired: true },
      ]}
      onConfirm={({ company, trackingNumber }) =>
        press(
          ship({ id, company: text(company), trackingNumber: text(trackingNumber) }),
          'back-office.ship.done',
        )
      }
    />
  );
}

export function CancelButton({ id }: { id: string }) {
  const [cancel] = useCancelOrderMutation();
  const press = usePress();
  return (
    <PressForm
      titleId="back-office.order.cancel"
      confirmId="back-office.cancel.confirm"
      variant="danger-light"
      fields={[{ name: 'reason', labelId: 'back-office.cancel.reason', isRequired: true, maxLength: 200 }]}
      onConfirm={({ reason }) => press(cancel({ id, reason: text(reason) }), 'back-office.cancel.done')}
    />
  );
}

/** True when this user may ship and cancel; the server asks again. */
export function useMayWorkOrders(): boolean {
  const { allowedActions } = useRBAC(CAN_WORK_ORDERS);
  return allowedActions.canWork === true;
}
