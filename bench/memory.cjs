// Loaded before a server: on SIGHUP it collects its garbage and writes what it still holds, in bytes, into BENCH_MEMORY_FILE.
const { writeFileSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

process.on('SIGHUP', () => {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  writeFileSync(process.env.BENCH_MEMORY_FILE, JSON.stringify({ held: heapUsed + external, rss }));
});
