import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditChain, type ChainEnd } from '../../src/platform/logging/audit-chain';
import { checkAudit } from '../../src/platform/logging/audit-check';
import { RollingFile } from '../../src/platform/logging/rolling-file';

let folder: string;
let anchors: Map<string, ChainEnd>;
let troubles: (string | undefined)[];
let lost: string[];
const open: AuditChain[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'payment-audit-'));
  anchors = new Map();
  troubles = [];
  lost = [];
});
afterEach(() => {
  for (const chain of open.splice(0)) chain.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const FILE = 'payment-audit.log';
const file = (): string => join(folder, FILE);
const texts = (): string[] => fs.readFileSync(file(), 'utf8').split('\n').filter(Boolean);
const rewrite = (lines: string[]): void => fs.writeFileSync(file(), `${lines.join('\n')}\n`);

function chainOf(maxBytes?: number, maxWaiting?: number): AuditChain {
  const chain = new AuditChain({
    file: new RollingFile({ folder, name: 'payment-audit', maxBytes }),
    processName: 'all@host:1',
    onGrown: (end) => anchors.set(end.chain, end),
    onTrouble: (error) => troubles.push(error?.message),
    onLost: (line) => lost.push(line),
    maxWaiting,
    retryMs: 20,
  });
  open.push(chain);
  return chain;
}

function fill(chain: AuditChain, count: number): void {
  for (let turn = 1; turn <= count; turn += 1)
    chain.append('payment.succeeded', { payment: `P${turn}`, amountFen: turn });
}

const check = (known = [...anchors.values()]) => checkAudit([folder], known);
const kinds = (known?: ChainEnd[]): string[] => check(known).problems.map(({ kind }) => kind);

describe('the payment audit', () => {
  it('chains its lines, over rotations and beside another process, and is found whole', () => {
    const [one, other] = [chainOf(2_000), chainOf(2_000)];
    for (let turn = 0; turn < 40; turn += 1) {
      fill(one, 1);
      fill(other, 2);
    }
    expect(fs.readdirSync(folder).length).toBeGreaterThan(5);
    expect(check()).toMatchObject({ chains: 2, lines: 122, unanchoredLines: 0, fragments: 0, problems: [] });
  });

  it('ends with a line of its own, once, when the process stops in order', () => {
    const chain = chainOf();
    fill(chain, 1);
    chain.end();
    chain.close();
    expect(texts().map((text) => (JSON.parse(text) as { event: string }).event)).toEqual([
      'chain.opened',
      'payment.succeeded',
      'chain.closed',
    ]);
    expect(check()).toMatchObject({ unanchoredLines: 0, problems: [] });
    const unused = chainOf();
    unused.close();
    expect(texts()).toHaveLength(3);
  });

  it('finds a changed line, wherever it stands', () => {
    fill(chainOf(), 5);
    const whole = texts();
    whole.forEach((_, index) => {
      rewrite(whole.map((text, at) => (at === index ? text.replace(/"at":"2/, '"at":"3') : text)));
      const { problems } = check();
      expect(problems.map(({ kind, place }) => [kind, place])).toEqual([['changed', `${FILE}:${index + 1}`]]);
    });
  });

  it('finds missing lines, at the beginning, in the middle and at the end', () => {
    fill(chainOf(), 5);
    const whole = texts();
    whole.forEach((_, index) => {
      rewrite(whole.filter((_text, at) => at !== index));
      expect(kinds()).toEqual([index === whole.length - 1 ? 'cut' : 'missing']);
    });
    fs.rmSync(file());
    expect(kinds()).toEqual(['cut']);
  });

  it('finds a chain that was written anew from some line on', () => {
    fill(chainOf(), 3);
    const known = [...anchors.values()];
    const forged = new AuditChain({
      file: new RollingFile({ folder, name: 'payment-audit' }),
      processName: 'all@host:1',
      onGrown: () => undefined,
      onTrouble: () => undefined,
      onLost: () => undefined,
    });
    fs.rmSync(file());
    forged.append('payment.succeeded', { payment: 'P1', amountFen: 1 });
    forged.close();
    expect(kinds(known)).toEqual(['cut']);
  });

  it('finds lines in another order, twice, and of its own making', () => {
    fill(chainOf(), 3);
    const whole = texts();
    rewrite([...whole, whole[1] as string]);
    expect(kinds()).toEqual(['repeated']);
    rewrite([...whole, 'nothing of ours']);
    expect(kinds()).toEqual(['unreadable']);
  });

  it('tells a line that a kill cut off from a changed one', () => {
    const chain = chainOf();
    fill(chain, 3);
    const whole = texts();
    const [beginning, next] = [(whole[3] as string).slice(0, 30), chainOf()];
    // The process died while it wrote its last line; another one wrote on right behind it.
    fs.writeFileSync(file(), `${whole.slice(0, 3).join('\n')}\n${beginning}`);
    const known = [{ ...([...anchors.values()][0] as ChainEnd), lines: 2, hash: hashOf(whole[1] as string) }];
    fill(next, 2);
    expect(check([...known])).toMatchObject({ fragments: 1, problems: [] });
    expect(check().problems.map(({ kind }) => kind)).toEqual(['cut']);
  });

  it('goes on while the disk refuses, and the chain is whole when it is back', async () => {
    const chain = chainOf();
    fill(chain, 1);
    const saved = fs.readFileSync(file());
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, 'in the way');
    fill(chain, 3);
    expect(chain.waitingLines()).toBe(3);
    expect(troubles).toHaveLength(1);
    fs.rmSync(folder);
    fs.mkdirSync(folder);
    fs.writeFileSync(file(), saved);
    for (let turn = 0; turn < 100 && chain.waitingLines() > 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(troubles.at(-1)).toBeUndefined();
    expect(check()).toMatchObject({ lines: 5, unanchoredLines: 0, problems: [] });
  });

  it('repeats a line of which the disk took a part', async () => {
    const chain = chainOf();
    fill(chain, 1);
    const real = fs.writeSync;
    const cut = jest
      .spyOn(fs, 'writeSync')
      .mockImplementationOnce(((fd: number, bytes: Buffer) =>
        real(fd, bytes.subarray(0, 40))) as typeof fs.writeSync);
    fill(chain, 2);
    expect(cut).toHaveBeenCalled();
    for (let turn = 0; turn < 100 && chain.waitingLines() > 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    cut.mockRestore();
    expect(check()).toMatchObject({ fragments: 1, problems: [] });
    expect(texts()).toHaveLength(5);
  });

  it('hands over what it has no room for', () => {
    const chain = chainOf(undefined, 2);
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, 'in the way');
    fill(chain, 4);
    expect(lost).toHaveLength(3);
    expect(lost[2]).toContain('"payment":"P4"');
  });
});

/** Not the shop's own, which must not judge itself. */
function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
