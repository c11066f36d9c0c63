import { Badge } from '@strapi/design-system';

import { useText } from './use-text';

const TONES = {
  good: { backgroundColor: 'success100', textColor: 'success700' },
  bad: { backgroundColor: 'danger100', textColor: 'danger700' },
  warn: { backgroundColor: 'warning100', textColor: 'warning700' },
  busy: { backgroundColor: 'primary100', textColor: 'primary700' },
  plain: { backgroundColor: 'neutral150', textColor: 'neutral700' },
} as const;

const TONE_OF: Record<string, keyof typeof TONES> = {
  ok: 'good',
  succeeded: 'good',
  confirmed: 'good',
  pushed: 'good',
  completed: 'good',
  running: 'busy',
  queued: 'busy',
  push_pending: 'busy',
  cancel_pending: 'busy',
  refunding: 'busy',
  failing: 'bad',
  failed: 'bad',
  push_failed: 'bad',
  confirm_refused: 'bad',
  out_of_stock: 'bad',
  cancel_refused: 'bad',
  rejected: 'bad',
  unauthorized: 'bad',
  bad_answer: 'bad',
  unavailable: 'warn',
  unknown_outcome: 'warn',
  not_configured: 'warn',
  partly_failed: 'warn',
};

/** A state in words, with a colour that says how good it is; `group` names the list of words. */
export function StateBadge({ group, state }: { group: string; state: string }) {
  const { word } = useText();
  return <Badge {...TONES[TONE_OF[state] ?? 'plain']}>{word(`${group}.${state}`, state)}</Badge>;
}

/** How a sync stands; one that came to its end with failures is not simply done. */
export function SyncBadge({ run: { status, failed } }: { run: { status: string; failed: number } }) {
  return (
    <StateBadge group="sync.status" state={status === 'succeeded' && failed > 0 ? 'partly_failed' : status} />
  );
}
