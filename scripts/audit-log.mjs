import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(
  function () {
    return import('./lib/audit-log-command.mjs');
  },
  { exitCode: 2 },
);
