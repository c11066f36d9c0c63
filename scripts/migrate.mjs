import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(function () {
  return import('./lib/migrate-command.mjs');
});
