import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { evaluate, projectRoot, runNode, script, temporaryFolder } from './in-node';

const folder = temporaryFolder();

function expectOneSentence(output: string, ...parts: RegExp[]) {
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).not.toMatch(/^\s+at /m);
  for (const part of parts) expect(output).toMatch(part);
}

describe('an old Node', () => {
  const preload = path.join(folder, 'old-node.cjs');
  beforeAll(() =>
    fs.writeFileSync(preload, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });"),
  );

  it.each(['start', 'serve', 'build', 'check', 'types', 'demo'])('is told so by %s', async (name) => {
    const { code, output } = await runNode([
      '--require',
      preload,
      path.join(projectRoot, `scripts/${name}.mjs`),
    ]);
    expect(code).toBe(1);
    expectOneSentence(output, /需要 Node\.js 20\.19\.0/, /newer is needed, this is 18\.20\.4/);
  });

  it('is a failure of the tests, counted in the last line', async () => {
    const { code, output } = await runNode([
      '--require',
      preload,
      path.join(projectRoot, 'scripts/test.mjs'),
    ]);
    expect(code).toBe(1);
    expect(output.trim().split('\n').at(-1)).toBe('0 passed, 1 failed');
  });

  it('compares versions by number', async () => {
    const found = await evaluate<boolean[]>(`
      import { isAtLeast } from ${script('lib/supported-node.mjs')};
      answer(['20.19.0', '20.19.1', '22.0.0', '20.9.0', '18.99.99', '9.0.0'].map((version) => isAtLeast(version, '20.19.0')));
    `);
    expect(found).toEqual([true, true, true, false, false, false]);
  });

  it('can read what is loaded before the check', () => {
    for (const name of ['start', 'serve', 'build', 'check', 'types', 'demo', 'test', 'lib/supported-node']) {
      const source = fs
        .readFileSync(path.join(projectRoot, `scripts/${name}.mjs`), 'utf8')
        .replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
      expect(source).not.toMatch(/node:|\?\.|\?\?|`|^\s*(const|let) |await |#[a-z]/m);
    }
  });
});

describe('npm start refuses in one sentence', () => {
  const start = (env: NodeJS.ProcessEnv) => runNode([path.join(projectRoot, 'scripts/start.mjs')], { env });

  it('a port that is in use', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const { code, output } = await start({ HOST: '127.0.0.1', PORT: String(port) });
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(1);
    expectOneSentence(output, new RegExp(`端口 ${port} 已被占用`), /is in use/);
  });

  it('a port that is none', async () => {
    const { code, output } = await start({ PORT: 'eighty' });
    expect(code).toBe(1);
    expectOneSentence(output, /PORT 必须是/, /whole number/);
  });

  it('a host that is not this machine', async () => {
    const { code, output } = await start({ HOST: '192.0.2.1', PORT: '14999' });
    expect(code).toBe(1);
    expectOneSentence(output, /192\.0\.2\.1:14999/, /check HOST/);
  });

  it('the sandbox in production', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SANDBOX: 'true' });
    expect(code).toBe(1);
    expectOneSentence(output, /SANDBOX cannot be on in production/);
  });
});

describe('failures of the system become sentences', () => {
  const explain = (expression: string) =>
    evaluate<string>(
      `import { toRefusal } from ${script('lib/refusal.mjs')}; answer(toRefusal(${expression}).message);`,
    );

  it.each([
    ['ENOSPC', /磁盘已满.*disk is full/],
    ['EACCES', /没有写入权限.*No permission/],
    ['EROFS', /只读.*read-only/],
  ])('%s', async (code, sentence) => {
    expect(await explain(`Object.assign(new Error('x'), { code: '${code}', path: '/somewhere' })`)).toMatch(
      sentence,
    );
  });

  it.each([
    ['npm error code ENOTFOUND\nnpm error errno ENOTFOUND', /网络.*cannot be reached/],
    [
      'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write',
      /磁盘已满.*disk is full/,
    ],
    ['npm error code EACCES\nnpm error syscall mkdir', /权限.*permission/],
    [
      'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync',
      /不一致.*disagree/,
    ],
    ['npm error gyp ERR! stack Error: not found: make', /better-sqlite3.*compiled/],
    [
      'npm error code ETARGET\nnpm error notarget No matching version found for x@1',
      /No matching version found/,
    ],
  ])('npm: %s', async (output, sentence) => {
    const message = await evaluate<string>(
      `import { explainNpmFailure } from ${script('lib/npm-ci.mjs')}; answer(explainNpmFailure(${JSON.stringify(output)}).message);`,
    );
    expect(message).toMatch(sentence);
    expect(message).not.toContain('\n');
  });

  it('a folder without write permission', async () => {
    const readOnly = path.join(folder, 'read-only');
    fs.mkdirSync(readOnly, { mode: 0o555 });
    const message = await evaluate<string>(`
      import { assertWritable } from ${script('lib/preconditions.mjs')};
      // Root may write anywhere, so root becomes somebody else first.
      if (process.getuid() === 0) process.seteuid(65534);
      try { assertWritable(${JSON.stringify(readOnly)}); answer('written'); } catch (error) { answer(error.message); }
    `);
    expect(message).toMatch(/没有写入权限.*No permission to write/);
  });
});
