import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(
  function () {
    return import('./lib/haier-command.mjs');
  },
  { exitCode: 2 },
);
