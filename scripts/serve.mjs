import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(function () {
  return import('./lib/serve-app.mjs');
});
