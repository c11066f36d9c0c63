import path from 'node:path';

/**
 * Who may import whom. One row per part of the tree, the first that matches a path wins: `may` lists the parts it may reach beside
 * itself, `packages: false` forbids npm packages and Node's own modules too. Change this table together with docs/architecture.md.
 */
export const PARTS = [
  { name: 'domain', folder: 'src/domain', may: [], packages: false },
  { name: 'platform', folder: 'src/platform', may: ['domain', 'settings'] },
  { name: 'api', folder: 'src/api', may: ['domain', 'platform', 'settings'] },
  { name: 'plugin', folder: 'src/plugins', may: [] },
  { name: 'admin', folder: 'src/admin', may: [] },
  { name: 'extension', folder: 'src/extensions', may: ['domain', 'platform', 'api', 'settings'] },
  { name: 'middleware', folder: 'src/middlewares', may: ['domain', 'platform', 'api', 'settings'] },
  { name: 'policy', folder: 'src/policies', may: ['domain', 'platform', 'api', 'settings'] },
  {
    name: 'composition',
    folder: 'src',
    may: [
      'domain',
      'platform',
      'api',
      'plugin',
      'extension',
      'middleware',
      'policy',
      'settings',
      'config',
      'database',
    ],
  },
  { name: 'settings', folder: 'config/environment', may: [] },
  { name: 'config', folder: 'config', may: ['settings', 'domain', 'platform'] },
  { name: 'database', folder: 'database', may: [] },
  { name: 'sandbox', folder: 'sandbox', may: [] },
  { name: 'tests', folder: 'tests', may: 'everything' },
  { name: 'bench', folder: 'bench', may: 'everything' },
];

// Inside one API the arrows point inwards: routes → controllers → services.
const OUTER_LAYERS = { services: ['controllers', 'routes'], controllers: ['routes'] };

/** Why `file` may not import `specifier` (paths relative to the project, forward slashes), or undefined when it may. */
export function findViolation(file, specifier) {
  const from = partOf(file);
  // A test beside its code may use whatever it needs; it is never shipped.
  if (!from || from.may === 'everything' || /\.test\.[cm]?tsx?$/.test(file)) return undefined;
  if (!specifier.startsWith('.')) {
    return from.packages === false
      ? `${from.name} imports nothing but itself, and "${specifier}" is a package`
      : undefined;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  const to = partOf(target);
  if (!to) return `${from.name} may not import ${target}, which belongs to no part of the shop`;
  if (to.name !== from.name)
    return from.may.includes(to.name) ? undefined : `${from.name} may not import ${to.name} (${target})`;
  if (from.name === 'plugin' && folderName(file) !== folderName(target))
    return 'a plugin may not import another plugin';
  return from.name === 'api' ? findApiViolation(file, target) : undefined;
}

// An API offers the others its services and what stands right in its folder; the sub-folders are its own affair.
function findApiViolation(file, target) {
  if (folderName(file) !== folderName(target)) {
    const isOffered = layerOf(target) === 'services' || target.split('/').length === 4;
    return isOffered ? undefined : `an API may import only what another API offers, not ${target}`;
  }
  const isOutward = OUTER_LAYERS[layerOf(file)]?.includes(layerOf(target));
  return isOutward
    ? `${layerOf(file)} may not import ${layerOf(target)} (${target}): the arrows point inwards`
    : undefined;
}

const partOf = (file) => PARTS.find(({ folder }) => file === folder || file.startsWith(`${folder}/`));
const folderName = (file) => file.split('/')[2];
const layerOf = (file) => file.split('/')[3];

/** The rule itself: every way to name another module with a literal counts, types included. */
export const importBoundaries = {
  meta: { type: 'problem', schema: [], messages: { forbidden: 'Import boundary: {{reason}}.' } },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const reason = findViolation(file, source.value);
      if (reason) context.report({ node: source, messageId: 'forbidden', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
      CallExpression: (node) => {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node.arguments[0]);
      },
    };
  },
};
