// Preloaded (`node --import …?starter=<pid>`) into every long-lived process these scripts start: when the starter is gone, killed
// outright so that it could stop nobody, the process asks itself to end. Processes that those fork inherit it.
const starter = Number(new URL(import.meta.url).searchParams.get('starter'));
const parent = process.ppid;

function isAlone() {
  if (process.ppid !== parent) return true;
  try {
    process.kill(starter, 0);
    return false;
  } catch {
    // It may have died before this line was ever reached.
    return true;
  }
}

const watch = setInterval(() => {
  if (!isAlone()) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 1_000);
watch.unref();
