import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until GET `url` answers 200. Resolves 'ready', or with what `gone` resolved to when that came first (the process behind
 * the address has exited), or 'late' after `withinMs`.
 */
export async function waitUntilHealthy(url, { gone, withinMs, everyMs = 250 }) {
  let exit;
  gone.then((value) => {
    exit = value;
  });
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(everyMs)) {
    if (exit !== undefined) return exit;
    if (await answersOk(url)) return 'ready';
  }
  return 'late';
}

async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
