import { createInterface } from 'node:readline';
import { inProject } from './project.mjs';
import { Refusal } from './refusal.mjs';

const READY_WITHIN_MS = 30_000;

/** Where YLH tells the shop what became of an order, below the shop's address. */
const CALLBACK_PATH = '/api/v1/haier-integration/callback';

/**
 * Starts the simulators of WeChat, Haier and YLH in `family`; YLH calls back at the shop's local address `shopUrl`. Resolves with what their ready line says: the addresses they took
 * and the settings (`env`) that point the shop at them.
 */
export async function startSandbox(family, { folder = '.data/sandbox', shopUrl } = {}) {
  const callback = shopUrl === undefined ? [] : ['--callback-url', shopUrl + CALLBACK_PATH];
  const command = ['--import', 'tsx', 'sandbox/main.ts', '--dir', inProject(folder), ...callback];
  const { child, exited } = family.start(command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development' },
  });
  let timer;
  const tooLate = new Promise((resolve) => {
    timer = setTimeout(() => resolve('late'), READY_WITHIN_MS);
  });
  const outcome = await Promise.race([readReadyLine(child.stdout), exited, tooLate]);
  clearTimeout(timer);
  if (outcome?.ready === true) return { ...outcome, exited };
  throw new Refusal(
    '沙箱（微信、海尔、易理货模拟器）启动失败，原因见上。',
    'The sandbox (WeChat, Haier and YLH simulators) did not start: see above.',
  );
}

function readReadyLine(stdout) {
  const lines = createInterface({ input: stdout });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const message = parseJson(line);
      if (message?.ready === true) resolve(message);
      else console.log(`[sandbox] ${line}`);
    });
  });
}

function parseJson(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
