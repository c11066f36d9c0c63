import { Button, Flex, Typography } from '@strapi/design-system';
import { CheckCircle, CrossCircle, Minus } from '@strapi/icons';

import { useTestHaierConnectionMutation } from '../../api';
import type { SettingsPatch, System } from '../../api-types';
import { useErrorText } from '../../parts/use-press';
import { useText } from '../../parts/use-text';

/** Tries what is typed, saved or not, and says step by step what works. */
export function ConnectionTestButton({ system, settings }: { system: System; settings: SettingsPatch }) {
  const { text, number, word } = useText();
  const errorText = useErrorText();
  const [test, { data, error, isLoading }] = useTestHaierConnectionMutation();
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Flex gap={4}>
        <Button variant="secondary" loading={isLoading} onClick={() => void test({ system, settings })}>
          {text('test')}
        </Button>
        {data !== undefined && !isLoading && (
          <Typography textColor={data.ok ? 'success700' : 'danger700'} fontWeight="semiBold">
            {text(data.ok ? 'test.ok' : 'test.not-ok')}
          </Typography>
        )}
      </Flex>
      {error !== undefined && <Typography textColor="danger600">{errorText(error)}</Typography>}
      {!isLoading &&
        data?.steps.map(({ name, ok, skipped, message, ms }) => (
          <Flex key={name} gap={2} alignItems="flex-start">
            {skipped ? (
              <Minus fill="neutral500" />
            ) : ok ? (
              <CheckCircle fill="success600" />
            ) : (
              <CrossCircle fill="danger600" />
            )}
            <Typography style={{ minWidth: 132 }} fontWeight="semiBold">
              {word(`test.step.${name}`, name)}
            </Typography>
            <Typography textColor={ok || skipped ? 'neutral800' : 'danger700'}>{message}</Typography>
            <Typography variant="pi" textColor="neutral500">
              {text('milliseconds', { count: number(ms) })}
            </Typography>
          </Flex>
        ))}
    </Flex>
  );
}
