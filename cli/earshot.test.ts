import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { UNKNOWN_WAYS, wrapCapture } from '../test/recording/wrap.ts';
import { bundledText } from '../scripts/bundled-text.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const capture = (name: string): string => join(ROOT, 'test/captures', name);
let folder = '';
let command = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-cli-'));
  command = join(folder, 'earshot.mjs');
  // As scripts/build.mjs does, but from the sources as they are now.
  await build({
    entryPoints: [join(ROOT, 'cli/main.ts')],
    outfile: command,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
    plugins: [bundledText],
    external: ['esbuild'],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function earshot(args: string[], input?: Buffer | string): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    input: input ?? '',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: folder,
    env: { ...process.env, TZ: 'UTC', NO_COLOR: '' },
  });
  return { status, stdout, stderr };
}

/** One sentence, and nothing that a crash leaves. */
function expectSentence(stderr: string): void {
  expect(stderr).toMatch(/^earshot: [^\n]+[.?]\n$/);
  expect(stderr).not.toMatch(/internal error|\bat .*:\d+:\d+/);
}

describe('the command', () => {
  it('names its version as package.json does', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(earshot(['--version'])).toEqual({ status: 0, stdout: `earshot ${version}\n`, stderr: '' });
  });

  it.each(['info', 'packets', 'calls', 'flow', 'streams', 'dtmf', 'keys', 'wav', 'split', 'decrypt'])(
    'has help on %s',
    (name) => {
      const { status, stdout } = earshot(['help', name]);
      expect(status).toBe(0);
      expect(stdout.startsWith(`earshot ${name}: `)).toBe(true);
      expect(earshot(['--help']).stdout).toContain(`    ${name} `);
    },
  );
});

describe('what is behind an unknown header', () => {
  it('is told with the rule for it, and the rule does the same', () => {
    const path = join(folder, 'wrapped.pcap');
    writeFileSync(path, wrapCapture(readFileSync(capture('g711u-dtmf.pcap')), UNKNOWN_WAYS['ip-behind-8']));
    const told = earshot(['info', path]).stdout;
    expect(told).toMatch(/wrapped .* 8 octets in, an IPv4 header .* --decode-as 'udp\.port==40500,skip 8,ip'/);
    const { encapsulations } = JSON.parse(earshot(['info', path, '--json']).stdout).capture;
    expect(encapsulations).toHaveLength(2);
    expect(encapsulations[0]).toMatchObject({ skip: 8, as: 'ip', rule: 'udp.port==40500,skip 8,ip' });
    const streams = (args: string[]): { packets: number }[] =>
      JSON.parse(earshot(['streams', path, '--json', ...args]).stdout).streams;
    expect(streams(['--decode-as', encapsulations[0].rule])).toEqual(streams([]));
    expect(streams([])).toHaveLength(2);
    expect(streams(['--decode-as', 'udp.port==40500,none'])).toEqual([]);
  });
});

describe('failures', () => {
  const files = (): void => {
    writeFileSync(join(folder, 'empty.pcap'), '');
    writeFileSync(join(folder, 'text.txt'), 'just a few words that are no capture at all\n');
    writeFileSync(join(folder, 'cut.pcap'), readFileSync(capture('sample.pcap')).subarray(0, 10));
  };

  it.each([
    [2, ['calls']],
    [2, ['calls', 'a.pcap', '--frobnicate']],
    [2, ['sipp', 'a.pcap']],
    [2, ['calls', 'a.pcap', '--keylog', 'text.txt']],
    [3, ['calls', 'a.pcap', '--keylog', 'missing.log']],
    [2, ['calls', 'a.pcap', '--srtp-key', 'nonsense']],
    [3, ['calls', 'a.pcap', '--srtp-key', '@missing.txt']],
    [2, ['calls', 'a.pcap', '--decode-as', 'udp.port==99999,rtp']],
    [2, ['calls', 'a.pcap', '--decode-as', 'udp.port==5000,nonsense']],
    [2, ['calls', 'a.pcap', '--decode-as', 'tcp.port==5000,skip 12,ip']],
    [2, ['calls', 'a.pcap', '--codec', 'ip.addr==nobody,96=opus/48000']],
    [2, ['calls', 'a.pcap', '--codec', '200=opus/48000']],
    [2, ['calls', 'a.pcap', '--codec', '96=opus/48000', '--codec', '96=L16/8000']],
    [3, ['calls', 'missing.pcap']],
    [3, ['calls', '.']],
    [3, ['calls', 'empty.pcap']],
    [3, ['calls', 'text.txt']],
    [3, ['calls', 'cut.pcap']],
    [3, ['calls', '/dev/null']],
    [3, ['calls', '-']],
    [1, ['flow', capture('sample.pcap'), '--call', 'c99']],
    [1, ['packets', capture('sample.pcap'), '--detail', '99999']],
    [1, ['wav', capture('register.pcap'), '-o', 'none.wav']],
    [1, ['wav', capture('sample.pcap'), '--call', 'nobody', '-o', 'none.wav']],
    [1, ['wav', capture('sample.pcap'), '--stream', '0xffffffff', '-o', 'none.wav']],
    [1, ['split', capture('register.pcap'), '-d', 'none']],
    [1, ['keys', capture('sample.pcap')]],
    [1, ['keys', capture('srtp-dtls.pcap')]],
    [1, ['decrypt', capture('sample.pcap'), '-o', 'none.wav']],
    [1, ['decrypt', capture('sample.pcap'), '-o', '-']],
    [2, ['decrypt', capture('srtp-sdes.pcap'), '-o', '-', '--json']],
    [2, ['decrypt', capture('srtp-sdes.pcap'), '-o', capture('srtp-sdes.pcap')]],
    [3, ['decrypt', capture('srtp-sdes.pcap'), '-o', 'missing/out.pcapng']],
    [2, ['wav', capture('sample.pcap'), '-o', '.']],
    [2, ['wav', capture('sample.pcap'), '-o', '-', '--json']],
    [2, ['wav', capture('sample.pcap'), '-o', capture('sample.pcap')]],
    [3, ['wav', capture('sample.pcap'), '-o', 'missing/out.wav']],
    [3, ['split', capture('sample.pcap'), '-d', 'text.txt']],
  ])('exit %i: %j', (status, args) => {
    files();
    const ran = earshot(args);
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe('');
    expectSentence(ran.stderr);
    expect(existsSync(join(folder, 'none.wav'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('exit 3 where the output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const ran = spawnSync(process.execPath, [command, 'calls', capture('sample.pcap')], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(ran.status).toBe(3);
    expectSentence(ran.stderr);
  });
});

describe('answers', () => {
  // The facts of sample.pcap: test/captures/README.md.
  it('tells the call, for people', () => {
    const { status, stdout, stderr } = earshot(['calls', capture('sample.pcap')]);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^c1 +completed +alice@10\.77\.0\.1 +bob@10\.77\.0\.3 .* PCMA .* caller +\d+$/);
  });

  it('has neither colours nor cut lines in a pipe', () => {
    for (const args of [['streams'], ['packets'], ['flow', '--call', 'c1'], ['info'], ['packets', '--detail', '4']]) {
      const { status, stdout } = earshot([args[0], capture('sample.pcap'), ...args.slice(1)]);
      expect(status).toBe(0);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).not.toContain('…');
      expect(stdout.split('\n').every((line) => line === line.trimEnd())).toBe(true);
    }
  });

  it.each([
    ['calls', 1],
    ['streams', 2],
    ['dtmf', 4],
    ['packets', 956],
  ])('prints %s as one JSON document with %i rows', (name, rows) => {
    const { status, stdout, stderr } = earshot([name, capture('sample.pcap'), '--json']);
    const document = JSON.parse(stdout);
    expect([status, stderr]).toEqual([0, '']);
    expect(Object.keys(document)).toEqual(['capture', 'warnings', name]);
    expect(document.capture).toMatchObject({ file: 'sample.pcap', packets: 956, truncated: false });
    expect(document[name]).toHaveLength(rows);
  });

  it('prints one packet with its fields and without its octets', () => {
    const { packets } = JSON.parse(earshot(['packets', capture('sample.pcap'), '--detail', '4', '--json']).stdout);
    expect(packets).toHaveLength(1);
    expect(packets[0]).toMatchObject({ packet: 4, sources: [{ id: 0, name: 'Frame', lengthBytes: 842 }] });
    expect(packets[0].sources[0]).not.toHaveProperty('bytes');
  });

  it('limits the packet list', () => {
    const { packets } = JSON.parse(earshot(['packets', capture('sample.pcap'), '--limit', '7', '--json']).stdout);
    expect(packets.map(({ packet }: { packet: number }) => packet)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('reads standard input, gzipped too, as it reads the file', () => {
    const fromFile = JSON.parse(earshot(['calls', capture('way-gzip.pcap.gz'), '--json']).stdout);
    const fromInput = JSON.parse(earshot(['calls', '-', '--json'], readFileSync(capture('way-gzip.pcap.gz'))).stdout);
    expect(fromInput.calls).toEqual(fromFile.calls);
    expect(fromInput.calls).toHaveLength(1);
    expect(fromInput.capture.file).toBe('standard input');
  });

  it('is done with a capture that was cut off, and warns', () => {
    const table = earshot(['calls', capture('way-cut-off.pcap')]);
    expect(table.status).toBe(0);
    expect(table.stderr).toMatch(/^earshot: warning: [^\n]+\n$/);
    const json = earshot(['calls', capture('way-cut-off.pcap'), '--json']);
    expect([json.status, json.stderr]).toEqual([0, '']);
    const document = JSON.parse(json.stdout);
    expect(document.capture.truncated).toBe(true);
    expect(document.warnings.length).toBeGreaterThan(0);
  });

  it('has no calls to show of registrations, unless asked for all', () => {
    const none = earshot(['calls', capture('register.pcap')]);
    expect([none.status, none.stdout]).toEqual([
      0,
      'There are no calls in register.pcap. It has 1 other SIP exchange: see --all.\n',
    ]);
    expect(earshot(['calls', capture('register.pcap'), '--all']).stdout).toMatch(/^c1 +REGISTER +completed/m);
  });

  it('takes a call by number, id and Call-ID', () => {
    const { calls } = JSON.parse(earshot(['calls', capture('sample.pcap'), '--json']).stdout);
    const ladders = ['1', 'c1', calls[0].callId].map(
      (id) => earshot(['flow', capture('sample.pcap'), '--call', id]).stdout,
    );
    expect(ladders[0]).toContain('INVITE (SDP: PCMA)');
    expect(new Set(ladders).size).toBe(1);
  });

  it('writes a call as WAV with the caller on the left', () => {
    const { status, stdout } = earshot(['wav', capture('sample.pcap'), '-o', 'call.wav', '--json']);
    const { wav, streams } = {
      ...JSON.parse(stdout),
      ...JSON.parse(earshot(['streams', capture('sample.pcap'), '--json']).stdout),
    };
    expect(status).toBe(0);
    const sentBy = (direction: string): string[] =>
      streams.filter((row: { direction: string }) => row.direction === direction).map((row: { id: string }) => row.id);
    expect(wav[0]).toMatchObject({ path: 'call.wav', channels: 2, sampleRate: 8000 });
    expect([wav[0].left, wav[0].right]).toEqual([sentBy('caller-to-callee'), sentBy('callee-to-caller')]);
    expect(readFileSync(join(folder, 'call.wav')).toString('latin1', 0, 4)).toBe('RIFF');
  });

  it('writes a WAV to standard output with nothing else in it', () => {
    earshot(['wav', capture('sample.pcap'), '-o', 'whole.wav']);
    const whole = readFileSync(join(folder, 'whole.wav'));
    for (const output of ['-', '/dev/stdout']) {
      const options = { cwd: folder, maxBuffer: 1 << 28 };
      const ran = spawnSync(process.execPath, [command, 'wav', capture('sample.pcap'), '-o', output], options);
      expect([ran.status, Buffer.compare(ran.stdout, whole)]).toEqual([0, 0]);
      expect(ran.stderr.toString()).toMatch(/^earshot: note: standard output: [^\n]+\n$/);
      const script = `"${process.execPath}" "${command}" wav "${capture('sample.pcap')}" -o ${output} > redirected.wav`;
      spawnSync('/bin/sh', ['-c', script], { cwd: folder });
      expect(Buffer.compare(readFileSync(join(folder, 'redirected.wav')), whole)).toBe(0);
    }
    expect(existsSync(join(folder, '-'))).toBe(false);
  });

  it('splits into a pcap for each stream, and lists the keys', () => {
    const { split, keys } = JSON.parse(earshot(['split', capture('srtp-sdes.pcap'), '-d', 'out', '--json']).stdout);
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(
      split.map(({ path }: { path: string }) => path.slice(4)).toSorted(),
    );
    expect(keys.length).toBeGreaterThanOrEqual(2);
    expect(keys[0]).toMatchObject({ source: 'sdes', side: 'offer' });
  });
});

describe('whose voice is on which channel', () => {
  const call = join(ROOT, 'resources/samples/two-party-call.pcap');

  it('is said of a call', () => {
    expect(earshot(['wav', call, '-o', 'call.wav']).stdout).toContain('(left, caller: s2; right, callee: s1)');
  });

  it('is not said of two streams without signalling', () => {
    const bytes = readFileSync(call);
    const kept = [bytes.subarray(0, 24)];
    for (let at = 24; at < bytes.length; ) {
      const end = at + 16 + bytes.readUInt32LE(at + 8);
      if (!bytes.subarray(at, end).includes('SIP/2.0')) kept.push(bytes.subarray(at, end));
      at = end;
    }
    writeFileSync(join(folder, 'pair.pcap'), Buffer.concat(kept));
    const { status, stdout } = earshot(['wav', 'pair.pcap', '-o', 'pair.wav']);
    expect([status, stdout.includes('caller')]).toEqual([0, false]);
    expect(stdout).toContain('2 channels (channel 1: s1; channel 2: s2)');
  });
});

describe('encrypted media', () => {
  it('has its keys listed, with what each opens', () => {
    const { keys, connections, streams } = {
      ...JSON.parse(earshot(['streams', capture('srtp-sdes.pcap'), '--json']).stdout),
      ...JSON.parse(earshot(['keys', capture('srtp-sdes.pcap'), '--json']).stdout),
    };
    const [offer, answer] = keys;
    // As a=crypto has them in packets 3 and 7, read with tshark.
    const fields = { source: 'sdes', call: 'c1', tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', selected: true };
    expect(offer).toMatchObject({
      ...fields,
      side: 'offer',
      packet: 3,
      key: '2UPIWFqQga4Uf1r/ALV2WJ0cK5YAFYzyVvECelUt',
    });
    expect(answer).toMatchObject({
      ...fields,
      side: 'answer',
      packet: 7,
      key: 'eVRK/Q/lx2f/1vOq0cUvJfiw+Nn7TbAbUSxbXZpK',
    });
    const sentBy = (ids: string[]): string[] =>
      streams.filter(({ id }: { id: string }) => ids.includes(id)).map((row: { direction: string }) => row.direction);
    expect([sentBy(offer.streams), sentBy(answer.streams)]).toEqual([['caller-to-callee'], ['callee-to-caller']]);
    expect([keys.length, connections]).toEqual([2, []]);
    const table = earshot(['keys', capture('srtp-sdes.pcap')]).stdout;
    expect(table.split('\n')[1]).toMatch(
      /^source +call +side +packet +media address +tag +suite +key +selected +streams/,
    );
    expect(table).toMatch(
      /^sdes +c1 +offer +3 +10\.77\.0\.1:40082 +1 +AES_CM_128_HMAC_SHA1_80 +2UPIW\S+ +yes +s2 +\d+$/m,
    );
  });

  it('is told in streams and info, with what to provide where no key is there', () => {
    expect(earshot(['streams', capture('srtp-sdes.pcap')]).stdout).toContain(
      'AES_CM_128_HMAC_SHA1_80, SDES, 211 of 211',
    );
    expect(earshot(['info', capture('srtp-sdes.pcap')]).stdout).toMatch(/^ {2}encryption +2 opened \(SDES\)$/m);
    expect(earshot(['streams', capture('srtp-dtls.pcap')]).stdout).toContain('SRTP, no key');
    const sealed = earshot(['info', capture('srtp-dtls.pcap')]).stdout;
    expect(sealed).toMatch(/^ {2}encryption +2 without a key\n {2}to open +s1, s2: [^\n]*key log/m);
    expect(earshot(['streams', capture('srtp-wrong-key.pcap')]).stdout).toContain('authentication failed');
    const wav = earshot(['wav', capture('srtp-dtls.pcap'), '-o', 'none.wav']);
    expect([wav.status, wav.stderr.includes('key log')]).toEqual([1, true]);
  });

  it('is opened by a key log and by a key from a file', () => {
    const dtls = [capture('srtp-dtls-speech.pcap'), '--keylog', capture('srtp-dtls-speech.keys')];
    expect(earshot(['dtmf', capture('srtp-dtls-speech.pcap')]).stdout).toMatch(/^There are no digits in .*"keys"/);
    expect(earshot(['streams', ...dtls]).stdout).toMatch(/, DTLS, (\d+) of \1$/m);
    const { streams: facts } = JSON.parse(readFileSync(capture('srtp-wrong-key.json'), 'utf8'));
    const [{ suite, key }] = facts[0].keys;
    writeFileSync(join(folder, 'key.txt'), `${facts[0].ssrc}=${suite}:${key}\n`);
    const byHand = [capture('srtp-wrong-key.pcap'), '--srtp-key', '@key.txt'];
    expect(earshot(['streams', ...byHand]).stdout).toContain(`${suite}, by hand, 150 of 150`);
    const { keys } = JSON.parse(earshot(['keys', ...byHand, '--json']).stdout);
    const manual = keys.filter(({ source }: { source: string }) => source === 'manual');
    expect(manual).toEqual([expect.objectContaining({ key, suite, authenticated: 150, streams: ['s1'] })]);
  });

  it('is written to standard output as to a file', () => {
    earshot(['decrypt', capture('srtp-sdes.pcap'), '-o', 'plain.pcapng']);
    const ran = spawnSync(process.execPath, [command, 'decrypt', capture('srtp-sdes.pcap'), '-o', '-'], {
      cwd: folder,
    });
    expect([ran.status, Buffer.compare(ran.stdout, readFileSync(join(folder, 'plain.pcapng')))]).toEqual([0, 0]);
    expect(ran.stderr.toString()).toMatch(/^(earshot: note: [^\n]+\.\n){2}$/);
    const { streams } = JSON.parse(earshot(['streams', 'plain.pcapng', '--json']).stdout);
    expect(streams.map(({ packets }: { packets: number }) => packets)).toEqual([211, 211]);
  });
});

describe('a reader that goes', () => {
  it('is no failure', () => {
    for (const args of ['packets', 'packets --json']) {
      const script = `"${process.execPath}" "${command}" ${args} "${capture('sample.pcap')}"; echo $? >&2`;
      const ran = spawnSync('/bin/sh', ['-c', `(${script}) | head -n 1`], { encoding: 'utf8' });
      expect(ran.stdout.split('\n')).toHaveLength(2);
      expect(ran.stderr).toBe('0\n');
    }
  });
});

describe('an interruption', () => {
  it('ends with 130 while standard input is still open', async () => {
    const child = spawn(process.execPath, [command, 'calls', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.write(readFileSync(capture('sample.pcap')).subarray(0, 50_000));
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect([code, stderr]).toEqual([130, '']);
  });
});

describe('texts that mean harm', () => {
  it('do not reach the terminal', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';
    const sip = [
      'INVITE sip:bob@10.0.0.2 SIP/2.0',
      'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
      `From: "${evil}" <sip:al${evil}ice@10.0.0.1>;tag=1`,
      'To: <sip:bob@10.0.0.2>',
      `Call-ID: ${evil}@host`,
      'CSeq: 1 INVITE',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    writeFileSync(join(folder, 'evil.pcap'), udpCapture(Buffer.from(sip, 'utf8')));
    for (const args of [
      'calls',
      'flow --call 1',
      'packets',
      'packets --detail 1',
      'calls --json',
      'packets --json',
      'info',
    ]) {
      const [name, ...rest] = args.split(' ');
      const { status, stdout, stderr } = earshot([name, 'evil.pcap', ...rest]);
      expect([args, status]).toEqual([args, 0]);
      expect(stdout).toContain(
        name === 'info' ? 'calls' : 'INVITE'.slice(0, name === 'calls' && rest.length === 0 ? 0 : 6),
      );
      for (const character of '\u001b\u0007\u009b\u202e') expect(stdout + stderr).not.toContain(character);
    }
    const { calls } = JSON.parse(earshot(['calls', 'evil.pcap', '--json']).stdout);
    expect(calls[0].callId).toBe(`${evil}@host`);
    const refused = earshot(['flow', 'evil.pcap', '--call', evil]);
    expectSentence(refused.stderr);
    expect(refused.stderr).not.toContain('\u001b');
  });
});

/** A pcap of one raw IPv4 packet (LINKTYPE_RAW) from 10.0.0.1:5060 to 10.0.0.2:5060. */
function udpCapture(payload: Buffer): Buffer {
  const ip = Buffer.alloc(28);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(28 + payload.length, 2);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(17, 9);
  ip.set([10, 0, 0, 1, 10, 0, 0, 2], 12);
  ip.writeUInt16BE(5060, 20);
  ip.writeUInt16BE(5060, 22);
  ip.writeUInt16BE(8 + payload.length, 24);
  const header = Buffer.alloc(40);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(101, 20);
  header.writeUInt32LE(1_700_000_000, 24);
  header.writeUInt32LE(28 + payload.length, 32);
  header.writeUInt32LE(28 + payload.length, 36);
  return Buffer.concat([header, ip, payload]);
}
