/** Plain errors with which Strapi's own layers answer the panel's forms and questions; in our routes each would be a defect of ours. */
import type { RefusalCode } from '../../domain/refusal';

const WORDS: readonly [RegExp, RefusalCode][] = [
  // What a filter or an order asks of the database layer.
  [
    /^(?:Expected a valid Number|Operator |Undefined attribute level operator |Only \$and|Only one operator|You cannot (?:filter|order) on |Where must be |Invalid orderBy|Attribute .+ not found on model|Cannot (?:join on|order by) )/,
    'VALIDATION_FAILED',
  ],
  // No letters are sent by this shop, unless somebody sets up a provider: that one has failed then.
  [/^Couldn't send (?:test )?email: /, 'UPSTREAM_FAILED'],
  // There is no licence, so there is no trial of one either.
  [/^Could not proceed to retrieve the trial time left/, 'NOT_FOUND'],
];

/** The code for such an error; undefined for every other. */
export function codeOfStrapisWords(error: unknown): RefusalCode | undefined {
  if (!(error instanceof Error)) return undefined;
  // Strapi's newer forms throw what their schema says as it is.
  if (error.name === 'ZodError') return 'VALIDATION_FAILED';
  return WORDS.find(([words]) => words.test(error.message))?.[1];
}
