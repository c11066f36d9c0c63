import { Button, Dialog, Field, Flex, TextInput } from '@strapi/design-system';
import * as React from 'react';
import { useIntl } from 'react-intl';

export interface TextField {
  name: string;
  labelId: string;
  isRequired?: boolean;
  maxLength?: number;
}

interface PressFormProps {
  /** What the button and the dialog are called. */
  titleId: string;
  confirmId: string;
  fields: TextField[];
  variant?: 'default' | 'secondary' | 'danger-light' | 'success-light';
  children?: React.ReactNode;
  /** Returns whether it worked; then the dialog closes. */
  onConfirm: (values: Record<string, string>) => Promise<boolean>;
}

/** A button that asks what it needs to know before it does anything. */
export function PressForm({
  titleId,
  confirmId,
  fields,
  variant = 'default',
  children,
  onConfirm,
}: PressFormProps) {
  const { formatMessage } = useIntl();
  const [isOpen, setOpen] = React.useState(false);
  const [isBusy, setBusy] = React.useState(false);
  const [isChecked, setChecked] = React.useState(false);
  const [values, setValues] = React.useState<Record<string, string>>({});
  const missing = (field: TextField) => field.isRequired === true && (values[field.name] ?? '').trim() === '';

  const confirm = async () => {
    setChecked(true);
    if (fields.some(missing)) return;
    // A second tap while the first is under way would be a second order to the server.
    setBusy(true);
    const isDone = await onConfirm(values).finally(() => setBusy(false));
    if (!isDone) return;
    setOpen(false);
    setValues({});
    setChecked(false);
  };

  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger>
        <Button fullWidth variant={variant}>
          {formatMessage({ id: titleId })}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{formatMessage({ id: titleId })}</Dialog.Header>
        <Dialog.Body>
          <Flex direction="column" alignItems="stretch" gap={4} width="100%">
            {fields.map((field) => (
              <Field.Root
                key={field.name}
                required={field.isRequired}
                error={
                  isChecked && missing(field) ? formatMessage({ id: 'back-office.required' }) : undefined
                }
              >
                <Field.Label>{formatMessage({ id: field.labelId })}</Field.Label>
                <TextInput
                  name={field.name}
                  maxLength={field.maxLength ?? 100}
                  value={values[field.name] ?? ''}
                  onChange={(event: React.ChangeEvent<HTMLInputElement>) =>
                    setValues({ ...values, [field.name]: event.target.value })
                  }
                />
                <Field.Error />
              </Field.Root>
            ))}
            {children}
          </Flex>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {formatMessage({ id: 'back-office.back' })}
            </Button>
          </Dialog.Cancel>
          <Button fullWidth loading={isBusy} onClick={() => void confirm()}>
            {formatMessage({ id: confirmId })}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
}
