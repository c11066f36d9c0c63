import { useAPIErrorHandler, useNotification } from '@strapi/strapi/admin';

import { useText } from './use-text';

type Answer = { data: unknown } | { error: unknown };
type FormatError = ReturnType<typeof useAPIErrorHandler>['_unstableFormatAPIError'];

/** What the server said of a failed request, in words. */
export function useErrorText(): (error: unknown) => string {
  const { text } = useText();
  const { _unstableFormatAPIError: formatError } = useAPIErrorHandler();
  // Every failure of the panel's requests is one of Strapi's two error shapes.
  return (error) => formatError(error as Parameters<FormatError>[0]) || text('failed');
}

/** Runs what a button does and tells how it went. Resolves to true when it worked. */
export function usePress(): (work: Promise<Answer>, done: string) => Promise<boolean> {
  const { text } = useText();
  const { toggleNotification } = useNotification();
  const errorText = useErrorText();
  return async (work, done) => {
    const answer = await work;
    const failed = 'error' in answer && answer.error !== undefined;
    toggleNotification(
      failed
        ? { type: 'danger', message: errorText(answer.error) }
        : { type: 'success', message: text(done) },
    );
    return !failed;
  };
}
