import { useIntl } from 'react-intl';

import { useText } from '../../parts/use-text';

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was, in the largest unit that fits. */
export function useAge(): (iso: string) => string {
  const { formatRelativeTime } = useIntl();
  const { text } = useText();
  return (iso) => {
    const ms = Math.max(0, Date.now() - new Date(iso).getTime());
    const step = STEPS.find(([, length]) => ms >= length);
    if (step === undefined) return text('age.now');
    const [unit, size] = step;
    return formatRelativeTime(-Math.floor(ms / size), unit);
  };
}
