import { Button, Dialog, Field, Flex, TextInput, Typography } from '@strapi/design-system';
import * as React from 'react';

import { useText } from './use-text';

export interface Question {
  name: string;
  label: string;
  hint?: string;
  isRequired?: boolean;
  maxLength?: number;
  type?: 'text' | 'date';
}

interface AskProps {
  title: string;
  words?: string;
  /** What the button says that does it. */
  confirmLabel: string;
  questions?: Question[];
  variant?: 'default' | 'secondary' | 'tertiary' | 'danger-light';
  size?: 'S' | 'M';
  fullWidth?: boolean;
  /** Returns whether it worked; then the dialog closes. */
  onConfirm: (answers: Record<string, string>) => Promise<boolean>;
}

/** A button that asks before it acts, and what it needs to know. */
export function Ask({
  title,
  words,
  confirmLabel,
  questions = [],
  variant = 'secondary',
  size = 'S',
  fullWidth,
  onConfirm,
}: AskProps) {
  const { text } = useText();
  const [isOpen, setOpen] = React.useState(false);
  const [isBusy, setBusy] = React.useState(false);
  const [isChecked, setChecked] = React.useState(false);
  const [answers, setAnswers] = React.useState<Record<string, string>>({});
  const isMissing = ({ name, isRequired }: Question) =>
    isRequired === true && (answers[name] ?? '').trim() === '';

  const confirm = async () => {
    setChecked(true);
    if (questions.some(isMissing)) return;
    // A second tap while the first is under way would be a second request.
    setBusy(true);
    const isDone = await onConfirm(answers).finally(() => setBusy(false));
    if (!isDone) return;
    setOpen(false);
    setAnswers({});
    setChecked(false);
  };

  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger>
        <Button variant={variant} size={size} fullWidth={fullWidth}>
          {title}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{title}</Dialog.Header>
        <Dialog.Body>
          <Flex direction="column" alignItems="stretch" gap={4} width="100%">
            {words !== undefined && <Typography>{words}</Typography>}
            {questions.map((question) => (
              <Field.Root
                key={question.name}
                required={question.isRequired}
                hint={question.hint}
                error={isChecked && isMissing(question) ? text('required') : undefined}
              >
                <Field.Label>{question.label}</Field.Label>
                <TextInput
                  name={question.name}
                  type={question.type ?? 'text'}
                  maxLength={question.maxLength ?? 200}
                  value={answers[question.name] ?? ''}
                  onChange={(event: React.ChangeEvent<HTMLInputElement>) =>
                    setAnswers({ ...answers, [question.name]: event.target.value })
                  }
                />
                <Field.Hint />
                <Field.Error />
              </Field.Root>
            ))}
          </Flex>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {text('back')}
            </Button>
          </Dialog.Cancel>
          <Button fullWidth loading={isBusy} onClick={() => void confirm()}>
            {confirmLabel}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
}
