import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(function () {
  return import('./lib/break-it.mjs');
});
