// Preloaded (`node --import`) into every long-lived process these scripts start: when the parent is gone, killed outright so that it
// could stop nobody, the child asks itself to end.
const parent = process.ppid;

const watch = setInterval(() => {
  if (process.ppid !== parent) {
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }
}, 1_000);
watch.unref();
