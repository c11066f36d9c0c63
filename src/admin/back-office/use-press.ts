import { useAPIErrorHandler, useNotification } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';

type Answer = { data: unknown } | { error: unknown };
type FormatError = ReturnType<typeof useAPIErrorHandler>['_unstableFormatAPIError'];

/**
 * Runs what a button does and tells how it went: our sentence when it worked, the server's when it did not. Resolves
 * to true when it worked.
 */
export function usePress(): (work: Promise<Answer>, doneId: string) => Promise<boolean> {
  const { formatMessage } = useIntl();
  const { toggleNotification } = useNotification();
  const { _unstableFormatAPIError: formatError } = useAPIErrorHandler();
  return async (work, doneId) => {
    const answer = await work;
    if ('error' in answer) {
      // Every failure of the panel's requests is one of Strapi's two error shapes.
      const message = formatError(answer.error as Parameters<FormatError>[0]);
      toggleNotification({ type: 'danger', message: message || formatMessage({ id: 'back-office.failed' }) });
      return false;
    }
    toggleNotification({ type: 'success', message: formatMessage({ id: doneId }) });
    return true;
  };
}
