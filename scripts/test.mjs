import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(
  function () {
    return import('./lib/run-tests.mjs');
  },
  { lastLine: '0 passed, 1 failed' },
);
