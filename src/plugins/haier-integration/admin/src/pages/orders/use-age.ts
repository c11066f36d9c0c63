import { useIntl } from 'react-intl';

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was, in the largest unit that fits. */
export function useAge(): (iso: string) => string {
  const { formatRelativeTime } = useIntl();
  return (iso) => {
    const ms = Math.max(0, Date.now() - new Date(iso).getTime());
    const [unit, size] = STEPS.find(([, length]) => ms >= length) ?? STEPS[2];
    return formatRelativeTime(-Math.floor(ms / size), unit);
  };
}
