import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateHour, generateMedia, generateSip } from './load/loads.ts';
import { encodeALaw, encodeMuLaw } from './load/voices.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-generate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lacks(tool: string): boolean {
  const missing = spawnSync(tool, ['--version']).error !== undefined;
  if (missing) console.warn(`${tool} is not installed: the comparison with it is skipped`);
  return missing;
}

describe('a generated capture', () => {
  it('is in order of time with correct lengths and IP checksums', () => {
    const path = join(folder, 'order.pcap');
    const truth = generateMedia(path, 3);
    const file = readFileSync(path);
    let frames = 0;
    let last = 0;
    let at = 24;
    for (; at < file.length; frames++) {
      const time = file.readUInt32LE(at) * 1_000_000 + file.readUInt32LE(at + 4);
      const length = file.readUInt32LE(at + 8);
      if (time < last) expect.fail(`frame ${frames + 1} goes back in time`);
      last = time;
      const ip = at + 16 + 14;
      let sum = 0;
      for (let word = 0; word < 20; word += 2) sum += file.readUInt16BE(ip + word);
      // RFC 1071: the words with the checksum among them add up to all ones.
      if ((sum & 0xffff) + (sum >>> 16) !== 0xffff) expect.fail(`frame ${frames + 1}: wrong IP checksum`);
      if (file.readUInt16BE(ip + 2) !== length - 14) expect.fail(`frame ${frames + 1}: wrong IP length`);
      if (file.readUInt16BE(ip + 24) !== length - 34) expect.fail(`frame ${frames + 1}: wrong UDP length`);
      at += 16 + length;
    }
    expect(at).toBe(file.length);
    expect(frames).toBe(truth.frames);
    expect(file.length).toBe(truth.bytes);
  });

  it('has the same bytes every time', () => {
    const first = join(folder, 'first.pcap');
    const second = join(folder, 'second.pcap');
    generateMedia(first, 2);
    generateMedia(second, 2);
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  });

  it.skipIf(lacks('tshark'))('has the streams its truth file tells, by tshark', () => {
    const path = join(folder, 'media.pcap');
    generateMedia(path, 40);
    const { streams } = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    expect(streams).toHaveLength(80);
    expect(streams.some((stream: { lost: number }) => stream.lost > 0)).toBe(true);
    expect(streams.some((stream: { duplicates: number }) => stream.duplicates > 0)).toBe(true);

    const run = spawnSync('tshark', ['-n', '-q', '-z', 'rtp,streams', '-r', path], { encoding: 'utf8' });
    const seen: string[] = [];
    for (const match of run.stdout.matchAll(
      /([\d.]+) +(\d+) +[\d.]+ +\d+ (0x[0-9A-F]+) +\S+(?: \S+)? +(\d+) +(-?\d+) \(/g,
    )) {
      seen.push(`${match[3].toLowerCase()} ${match[1]}:${match[2]} packets ${match[4]} lost ${match[5]}`);
    }
    // tshark subtracts every packet seen, so that a duplicate makes good for a loss.
    const told = streams.map(
      (s: { ssrc: string; src: string; packets: number; lost: number; duplicates: number }) =>
        `${s.ssrc} ${s.src} packets ${s.packets} lost ${s.lost - s.duplicates}`,
    );
    expect(seen.toSorted()).toEqual(told.toSorted());
  });

  it.skipIf(lacks('tshark'))('has the calls its truth file tells and nothing tshark warns of', () => {
    const path = join(folder, 'sip.pcap');
    const truth = generateSip(path, 500);
    const fields = ['sip.Status-Code', 'sip.Method', 'sip.CSeq.method', '_ws.expert.severity'];
    const run = spawnSync('tshark', ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((f) => ['-e', f])], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const rows = run.stdout
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t'));
    const count = (match: (row: string[]) => boolean) => rows.filter(match).length;
    expect(rows).toHaveLength(truth.frames);
    expect(count((row) => row[1] === 'BYE')).toBe(truth.outcomes.established + truth.outcomes.authenticated);
    expect(count((row) => row[0] === '486')).toBe(truth.outcomes.busy);
    expect(count((row) => row[0] === '487')).toBe(truth.outcomes.cancelled);
    expect(count((row) => row[0] === '407')).toBe(truth.outcomes.authenticated);
    const warning = 0x600000;
    expect(count((row) => row[3].split(',').some((severity) => Number(severity) >= warning))).toBe(0);
  });

  it('of one long call has both directions whole', () => {
    const truth = generateHour(join(folder, 'hour.pcap'), 12);
    expect(truth.streams.map((stream) => stream.packets)).toEqual([600, 600]);
  });
});

describe.skipIf(lacks('sox'))('G.711', () => {
  const codes = Buffer.from(Array.from({ length: 256 }, (_, code) => code));
  it.each([
    ['mu-law', encodeMuLaw],
    ['a-law', encodeALaw],
  ])('%s gives back every code sox decodes', (encoding, encode) => {
    const raw = ['-t', 'raw', '-r', '8000', '-c', '1', '-e'];
    const args = [...raw, encoding, '-b', '8', '-', ...raw, 'signed-integer', '-b', '16', '-L', '-'];
    const linear = spawnSync('sox', ['-D', ...args], { input: codes }).stdout;
    expect(linear).toHaveLength(512);
    const back = Array.from({ length: 256 }, (_, at) => encode(linear.readInt16LE(at * 2)));
    // µ-law has two zeroes; both come back as the positive one.
    const expected = Array.from(codes, (code) => (encoding === 'mu-law' && code === 0x7f ? 0xff : code));
    expect(back).toEqual(expected);
  });
});
