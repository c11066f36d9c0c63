import { Button, Flex } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import type * as React from 'react';

import { usePressHaierOrderMutation } from '../../api';
import type { HaierOrder } from '../../api-types';
import { Ask, type Question } from '../../parts/ask';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { CAN_PUSH } from '../../permissions';

/** What a button asks before it acts; those without questions act at once. */
const QUESTIONS: Record<string, readonly (Omit<Question, 'label'> & { label: string })[]> = {
  cancel: [{ name: 'reason', label: 'order.ask.reason', isRequired: true }],
  refund: [{ name: 'reason', label: 'order.ask.reason', isRequired: true }],
  reschedule: [
    { name: 'distributionDate', label: 'order.ask.distribution', isRequired: true, type: 'date' },
    { name: 'installDate', label: 'order.ask.install', type: 'date' },
  ],
  handled: [{ name: 'note', label: 'order.ask.note' }],
};
const AT_ONCE = new Set(['push', 'refresh']);
const GRAVE = new Set(['cancel', 'refund']);

interface OrderActionsProps {
  order: Pick<HaierOrder, 'id' | 'actions'>;
  /** Below each other in a narrow place, or in a row. */
  isNarrow?: boolean;
}

/** The buttons that make sense for an order now. */
export function OrderActions({ order: { id, actions }, isNarrow = false }: OrderActionsProps) {
  const { text } = useText();
  const { allowedActions } = useRBAC({ push: CAN_PUSH });
  const [act, { isLoading }] = usePressHaierOrderMutation();
  const press = usePress();
  if (allowedActions.canPush !== true) return null;

  const run = (action: string, answers: Record<string, string> = {}) => {
    const given = Object.entries(answers).filter(([, answer]) => answer.trim() !== '');
    return press(act({ id, action, body: Object.fromEntries(given) }), `order.done.${action}`);
  };
  return (
    <Flex
      gap={2}
      wrap="wrap"
      {...(isNarrow ? { direction: 'column' as const, alignItems: 'stretch' as const } : {})}
      onClick={(event: React.MouseEvent) => event.stopPropagation()}
    >
      {actions.map((action) =>
        AT_ONCE.has(action) ? (
          <Button
            key={action}
            size="S"
            fullWidth={isNarrow}
            variant="secondary"
            loading={isLoading}
            onClick={() => void run(action)}
          >
            {text(`order.action.${action}`)}
          </Button>
        ) : (
          <Ask
            key={action}
            title={text(`order.action.${action}`)}
            words={text(`order.words.${action}`)}
            confirmLabel={text(`order.confirm.${action}`)}
            questions={(QUESTIONS[action] ?? []).map((question) => ({
              ...question,
              label: text(question.label),
            }))}
            variant={GRAVE.has(action) ? 'danger-light' : 'tertiary'}
            fullWidth={isNarrow}
            onConfirm={(answers) => run(action, answers)}
          />
        ),
      )}
    </Flex>
  );
}
