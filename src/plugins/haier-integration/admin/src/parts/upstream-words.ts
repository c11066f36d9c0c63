/** How the log begins the words of a failure; pages show each of these in a place of its own. */
const BEGINNING = /^\w+\.\w+: \w+(?: \(HTTP \d+\))?(?:: )?/;

/** What the other side, or the network, said of a failed call, as it was said. */
export const upstreamWords = (message: string | null): string => (message ?? '').replace(BEGINNING, '');
