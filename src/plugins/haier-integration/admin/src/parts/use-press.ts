import { useAPIErrorHandler, useNotification } from '@strapi/strapi/admin';

import { useText } from './use-text';

type Answer = { data: unknown } | { error: unknown };
type FormatError = ReturnType<typeof useAPIErrorHandler>['_unstableFormatAPIError'];

/** What the server said of a failed request, in words. */
export function useErrorText(): (error: unknown) => string {
  const { text } = useText();
  const { _unstableFormatAPIError: formatError } = useAPIErrorHandler();
  return (error) => {
    // Every failure of the panel's requests is one of Strapi's two error shapes, or what the browser throws.
    const { status, name, message } = (error ?? {}) as { status?: number; name?: string; message?: string };
    if (status === undefined && name === 'TypeError') return text('error.network');
    // Strapi's own words, which are English in every language.
    if (status === 500 || message === 'Internal Server Error') return text('error.500');
    if (status === 403 && name === 'ForbiddenError') return text('error.403');
    return formatError(error as Parameters<FormatError>[0]) || text('failed');
  };
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
