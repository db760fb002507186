import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { keep } from './testing.ts';

const sample = join(import.meta.dirname, '../test/captures/sample.pcap');
const folder = mkdtempSync(join(tmpdir(), 'earshot-flow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function earshot(...args: string[]): Promise<{ exit: number; out: string; said: string }> {
  const [stdout, stderr] = [keep(), keep()];
  const { signal } = new AbortController();
  const exit = await run(args, { stdout: stdout.stream, stderr: stderr.stream, environment: {}, signal });
  return { exit, out: stdout.chunks.join(''), said: stderr.chunks.join('') };
}

describe('flow --format', () => {
  // What is in sample.pcap: test/captures/README.md.
  it('svg draws every message, both streams and the digits', async () => {
    const { exit, out } = await earshot('flow', sample, '--call', 'c1', '--format', 'svg');
    expect(exit).toBe(0);
    expect(out).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>\n[\s\S]*<\/svg>\n$/);
    const words = [...out.matchAll(/<tspan[^>]*>([^<]*)<\/tspan>/g)].map(([, word]) => word.trim());
    for (const word of ['INVITE', '180 Ringing', '200 Answering', 'ACK', 'BYE', '200 OK (BYE)', 'alice', 'bob']) {
      expect(words).toContain(word);
    }
    expect(words.filter((word) => /^[\d#]$/.test(word)).join('')).toBe('427#');
    expect(words.filter((word) => word === 'PCMA 20 ms')).toHaveLength(2);
  });

  it('mermaid has a statement for each of them', async () => {
    const { exit, out } = await earshot('flow', sample, '--call', 'c1', '--format', 'mermaid');
    expect(exit).toBe(0);
    const arrows = out.split('\n').flatMap((line) => /^ {2}P\d(-?->>)P\d: (\S+)/.exec(line)?.slice(1).join(' ') ?? []);
    expect(arrows).toEqual(['->> INVITE', '-->> 180', '-->> 200', '->> ACK', '->> BYE', '-->> 200']);
    expect(out).toContain('DTMF 4 2 7 #35;');
  });

  it('writes a file whole, or none', async () => {
    const path = join(folder, 'call.svg');
    const { exit, out } = await earshot('flow', sample, '--call', 'c1', '--format', 'svg', '-o', path);
    expect([exit, out]).toEqual([0, '']);
    const printed = await earshot('flow', sample, '--call', 'c1', '--format', 'svg', '-o', '-');
    expect(readFileSync(path, 'utf8')).toBe(printed.out);
    const refused = await earshot('flow', sample, '--call', 'c1', '-o', join(folder, 'none', 'call.txt'));
    expect(refused.exit).not.toBe(0);
    expect(readdirSync(folder)).toEqual(['call.svg']);
  });

  it('text goes to a file too, without colours', async () => {
    const path = join(folder, 'call.txt');
    await earshot('flow', sample, '--call', 'c1', '-o', path);
    const printed = await earshot('flow', sample, '--call', 'c1');
    expect(readFileSync(path, 'utf8')).toBe(printed.out);
    rmSync(path);
  });

  it('is one thing or the other', async () => {
    const both = await earshot('flow', sample, '--call', 'c1', '--format', 'svg', '--json');
    expect(both).toMatchObject({ exit: 2, out: '' });
    expect(both.said).toContain('--json and --format svg cannot be together');
  });
});
