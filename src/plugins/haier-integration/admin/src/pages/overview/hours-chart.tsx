import { Box, Flex, Typography, VisuallyHidden } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import type { Hour } from '../../api-types';
import { Card } from '../../parts/card';
import { useText } from '../../parts/use-text';

const HEIGHT = 160;
/** Hours with a label: as many as fit below the columns of a small screen. */
const LABEL_EVERY = 3;

const sum = ({ haier, ylh }: Hour, what: 'calls' | 'errors'): number => haier[what] + ylh[what];

function Legend({ color, words }: { color: string; words: string }) {
  return (
    <Flex gap={2}>
      <Box background={color} width="12px" height="12px" hasRadius />
      <Typography variant="pi" textColor="neutral600">
        {words}
      </Typography>
    </Flex>
  );
}

/** The same numbers for who cannot see the columns. */
function Numbers({ hours, name }: { hours: Hour[]; name: (hour: Hour) => string }) {
  const { text, number } = useText();
  return (
    <VisuallyHidden>
      <table>
        <thead>
          <tr>
            {['hours.from', 'hours.calls', 'hours.errors'].map((title) => (
              <th key={title}>{text(title)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour.from}>
              <td>{name(hour)}</td>
              <td>{number(sum(hour, 'calls'))}</td>
              <td>{number(sum(hour, 'errors'))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}

interface ColumnProps {
  hour: Hour;
  most: number;
  label: string;
  title: string;
}

/** One hour: errors at the foot of all its calls. */
function Column({ hour, most, label, title }: ColumnProps) {
  const [calls, errors] = [sum(hour, 'calls'), sum(hour, 'errors')];
  const share = (count: number): string => (count === 0 ? '0' : `max(2px, ${(count / most) * 100}%)`);
  return (
    <Box flex="1 1 0" minWidth="0" title={title}>
      <Box position="relative" height={`${HEIGHT}px`} background="neutral100" hasRadius overflow="hidden">
        <Box
          position="absolute"
          left="0"
          right="0"
          bottom="0"
          height={share(calls)}
          background="primary500"
        />
        <Box
          position="absolute"
          left="0"
          right="0"
          bottom="0"
          height={share(errors)}
          background="danger500"
        />
      </Box>
      <Box height="20px" paddingTop={1} style={{ whiteSpace: 'nowrap' }}>
        <Typography variant="pi" textColor="neutral600" style={{ fontSize: '1.1rem' }}>
          {label}
        </Typography>
      </Box>
    </Box>
  );
}

/** Calls and errors of the last day, an hour a column. */
export function HoursChart({ hours }: { hours: Hour[] }) {
  const { text, number } = useText();
  const { formatDate } = useIntl();
  const most = Math.max(0, ...hours.map((hour) => sum(hour, 'calls')));
  const name = (hour: Hour): string =>
    formatDate(hour.from, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (most === 0)
    return (
      <Card title={text('hours')}>
        <Typography textColor="neutral600">{text('hours.none')}</Typography>
      </Card>
    );
  return (
    <Card
      title={text('hours')}
      side={
        <Flex gap={4}>
          <Legend color="primary500" words={text('hours.calls')} />
          <Legend color="danger500" words={text('hours.errors')} />
          <Typography variant="pi" textColor="neutral600">
            {text('hours.most', { count: number(most) })}
          </Typography>
        </Flex>
      }
    >
      <Flex gap={1} role="img" aria-label={text('hours')}>
        {hours.map((hour, place) => (
          <Column
            key={hour.from}
            hour={hour}
            most={most}
            label={place % LABEL_EVERY === 0 ? name(hour) : ''}
            title={`${name(hour)} · ${text('hours.calls')} ${number(sum(hour, 'calls'))} · ${text('hours.errors')} ${number(sum(hour, 'errors'))}`}
          />
        ))}
      </Flex>
      <Numbers hours={hours} name={name} />
    </Card>
  );
}
