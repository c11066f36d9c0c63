import { errors } from '@strapi/utils';

import type { Sentence } from '../../domain/refusal';

/**
 * The refusal of a write in the admin panel, which shows the message as it is, to staff of either language; with
 * `field` it is shown at that field of the form.
 */
export function panelRefusal({ zh, en }: Sentence, field?: string): Error {
  const message = `${zh} / ${en}`;
  const details =
    field === undefined ? {} : { errors: [{ path: [field], message, name: 'ValidationError' }] };
  return new errors.ValidationError(message, details);
}
