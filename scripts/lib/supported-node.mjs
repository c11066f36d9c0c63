// Read by whatever Node the machine has: no import and no syntax here that an old one does not know.

export var MINIMUM_NODE = '20.19.0';

/** True when `version` ("20.19.0") is at least `minimum`. */
export function isAtLeast(version, minimum) {
  var have = version.split('.').map(Number);
  var want = minimum.split('.').map(Number);
  for (var i = 0; i < want.length; i += 1) {
    if (have[i] !== want[i]) return have[i] > want[i];
  }
  return true;
}

/**
 * Runs `main(args)` of the module that `load` imports, or says in one sentence that this Node is too old. The module is loaded
 * only after the check, so it may use everything a supported Node has.
 */
export function onSupportedNode(load, options) {
  var found = process.versions.node;
  if (!isAtLeast(found, MINIMUM_NODE)) {
    console.error(
      '✗ 需要 Node.js ' +
        MINIMUM_NODE +
        ' 或更高版本，当前是 ' +
        found +
        '，请先升级。' +
        ' Node.js ' +
        MINIMUM_NODE +
        ' or newer is needed, this is ' +
        found +
        ': please upgrade it.',
    );
    if (options && options.lastLine) console.log(options.lastLine);
    process.exitCode = (options && options.exitCode) || 1;
    return Promise.resolve();
  }
  return load().then(function (module) {
    return module.main(process.argv.slice(2));
  });
}
