import { onSupportedNode } from './lib/supported-node.mjs';

onSupportedNode(function () {
  return import('./lib/run-bench.mjs');
});
