import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path inside the project. */
export const inProject = (...parts) => path.join(root, ...parts);

/** The JavaScript file behind a command of node_modules, to be run with this very Node, without a shell or npx between. */
export const tools = {
  strapi: inProject('node_modules/@strapi/strapi/bin/strapi.js'),
  tsc: inProject('node_modules/typescript/bin/tsc'),
  tsx: inProject('node_modules/tsx/dist/cli.mjs'),
  jest: inProject('node_modules/jest/bin/jest.js'),
  eslint: inProject('node_modules/eslint/bin/eslint.js'),
  prettier: inProject('node_modules/prettier/bin/prettier.cjs'),
};
