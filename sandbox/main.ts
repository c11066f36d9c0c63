import { parseArgs } from 'node:util';
import { SandboxStartError, startSandbox, type SandboxOptions } from './index';

function portOf(name: string, value: string | undefined): number {
  const port = Number(value ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SandboxStartError(`--${name} must be a port number, not "${value}".`);
}

function readOptions(): SandboxOptions {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      dir: string,
      'api-port': string,
      'pay-port': string,
      'haier-port': string,
      'ylh-port': string,
      'control-port': string,
      'callback-url': string,
      'order-life': string,
      'signature-clock': string,
    },
  });
  const signatureClock = values['signature-clock'] ?? 'machine';
  if (signatureClock !== 'machine' && signatureClock !== 'virtual') {
    throw new SandboxStartError('--signature-clock is machine or virtual.');
  }
  const orderLife = values['order-life'] ?? 'automatic';
  if (orderLife !== 'manual' && orderLife !== 'automatic') {
    throw new SandboxStartError('--order-life is manual or automatic.');
  }
  if (values['callback-url'] !== undefined && !URL.canParse(values['callback-url'])) {
    throw new SandboxStartError(`--callback-url must be an address, not "${values['callback-url']}".`);
  }
  return {
    ...(values.dir !== undefined && { dir: values.dir }),
    apiPort: portOf('api-port', values['api-port']),
    payPort: portOf('pay-port', values['pay-port']),
    haierPort: portOf('haier-port', values['haier-port']),
    ylhPort: portOf('ylh-port', values['ylh-port']),
    controlPort: portOf('control-port', values['control-port']),
    orderLife,
    ...(values['callback-url'] !== undefined && { callbackUrl: values['callback-url'] }),
    // The shop runs in another process here, on the machine's clock.
    signatureClock,
  };
}

async function main(): Promise<void> {
  const sandbox = await startSandbox(readOptions());
  const { apiUrl, payUrl, haierUrl, ylhUrl, controlUrl, env } = sandbox;
  const exit = (): void => {
    void sandbox.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, exit);
  // Started by a parent over IPC: do not outlive it.
  if (process.send) process.on('disconnect', exit);
  process.stdout.write(
    `${JSON.stringify({ ready: true, apiUrl, payUrl, haierUrl, ylhUrl, controlUrl, env })}\n`,
  );
}

main().catch((error: unknown) => {
  const known = error instanceof SandboxStartError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
