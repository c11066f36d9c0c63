import { Refusal } from './refusal.mjs';

/** The test projects in the order they run: the quick ones first. */
export const PROJECTS = ['unit', 'sandbox', 'integration-sqlite', 'integration-postgres'];

/**
 * `--only a,b` picks projects, `--races` the long run of the races and floods alone, one after the other; anything else goes to jest: a part of a path, `-t name`.
 */
export function parseTestArguments(args) {
  const rest = [];
  let only = PROJECTS;
  let isLongRaces = false;
  for (let index = 0; index < args.length; index += 1) {
    const [name, inline] = args[index].split('=', 2);
    if (args[index] === '--') continue;
    if (args[index] === '--races') {
      isLongRaces = true;
      only = ['integration-postgres'];
      rest.push('tests/concurrency/(races|outbox-kills|outbox-expiry|haier-pushes)');
      continue;
    }
    if (name !== '--only') rest.push(args[index]);
    else only = parseProjects(inline ?? args[(index += 1)] ?? '');
  }
  return {
    projects: PROJECTS.filter((project) => only.includes(project)),
    jestArguments: rest,
    isNarrowed: rest.length > 0,
    ...(isLongRaces ? { isLongRaces } : {}),
  };
}

function parseProjects(text) {
  const wanted = text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  // `integration` means both databases.
  const names = wanted.flatMap((each) =>
    each === 'integration' ? PROJECTS.filter((name) => name.startsWith('integration')) : [each],
  );
  const unknown = names.filter((name) => !PROJECTS.includes(name));
  if (unknown.length > 0 || names.length === 0) {
    throw new Refusal(`--only 只接受：${PROJECTS.join(', ')}。`, `--only takes: ${PROJECTS.join(', ')}.`);
  }
  return names;
}
