import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(
  function () {
    return import('./lib/audit-command.mjs');
  },
  { exitCode: 2 },
);
