const MESSAGE =
  'The shop speaks to the outside through src/platform/http/outside-call.ts only, which refuses while a transaction is open.';
const CLIENTS = `axios got undici node-fetch ky superagent request http https http2 node:http node:https node:http2`;

/** For `@typescript-eslint/no-restricted-imports`: every other way to make a request. Types say nothing to anybody. */
export const noOtherHttpClients = {
  paths: CLIENTS.split(' ').map((name) => ({ name, message: MESSAGE, allowTypeImports: true })),
};

/** For `no-restricted-globals`. */
export const noGlobalRequests = ['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'].map((name) => ({
  name,
  message: MESSAGE,
}));

/** For `no-restricted-properties`: the same under other names; Strapi lends out its own. */
export const noLentRequests = ['globalThis', 'global', 'strapi'].map((object) => ({
  object,
  property: 'fetch',
  message: MESSAGE,
}));
