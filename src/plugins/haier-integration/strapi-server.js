'use strict';

// The server half is TypeScript compiled together with the shop; Strapi itself looks for this file.
const path = require('node:path');

const compiled = path.join(
  __dirname,
  '../../../dist/src/plugins',
  path.basename(__dirname),
  'server/src/index.js',
);
try {
  require.resolve(compiled);
} catch {
  throw new Error(
    `haier-integration is not compiled: ${compiled} is missing. ` +
      'In tsconfig.json, "exclude" must name "src/plugins/*/admin/**" and not "src/plugins/**"; then build again.',
  );
}
module.exports = require(compiled).default;
