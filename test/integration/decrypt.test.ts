/**
 * `decrypt` against what libsrtp said of the same packets while the captures were made (`.json` beside each): the file it
 * writes is read by tshark, which has no part in either.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/run.ts';
import { keep } from '../../cli/testing.ts';
import { FOREIGN_CAPTURES, OWN_CAPTURES } from './capture-files.ts';

const ready = spawnSync('tshark', ['--version']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-decrypted-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function earshot(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [keep(), keep()];
  const signal = new AbortController().signal;
  const exit = await run(args, { stdout: stdout.stream, stderr: stderr.stream, environment: {}, signal });
  return { exit, stdout: stdout.chunks.join(''), stderr: stderr.chunks.join('') };
}

interface Facts {
  readonly streams: readonly {
    readonly ssrc: string;
    readonly from: string;
    readonly keys: readonly { readonly suite: string; readonly key: string; readonly rtpPackets: number }[];
    readonly rtpPackets: number;
    readonly rtcpPackets: number;
    readonly plainPayloadsSha256: string;
    readonly plainRtcpSha256?: string;
  }[];
}

function factsOf(name: string): Facts {
  return JSON.parse(readFileSync(join(OWN_CAPTURES, `${name}.json`), 'utf8'));
}

interface Datagram {
  readonly time: string;
  readonly from: string;
  readonly port: number;
  readonly payload: Buffer;
}

/** Tells media from nothing: every UDP payload is given as it is. */
const AS_OCTETS = ['rtp', 'rtcp', 'stun', 'dtls', 'sip'].flatMap((name) => ['--disable-protocol', name]);
const FIELDS = ['frame.number', 'frame.time_epoch', 'ip.src', 'ipv6.src', 'udp.srcport', 'udp.payload'];

function datagramsOf(path: string): Map<number, Datagram> {
  const args = [
    '-r',
    path,
    '-Y',
    'udp && !icmp && !icmpv6',
    ...AS_OCTETS,
    '-T',
    'fields',
    ...FIELDS.flatMap((f) => ['-e', f]),
  ];
  const datagrams = new Map<number, Datagram>();
  for (const line of execFileSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' }).split(
    '\n',
  )) {
    if (line === '') continue;
    const [number, time, v4, v6, port, payload] = line.split('\t');
    datagrams.set(Number(number), { time, from: v4 || v6, port: Number(port), payload: Buffer.from(payload, 'hex') });
  }
  return datagrams;
}

/** Of each sender and SSRC, the SHA-256 of what the packets that changed carry (RFC 3550 sections 5.1 and 6.4). */
function hashesOf(before: ReadonlyMap<number, Datagram>, after: ReadonlyMap<number, Datagram>): Map<string, string> {
  const hashes = new Map<string, { hash: ReturnType<typeof createHash>; packets: number }>();
  for (const [number, { time, from, port, payload }] of after) {
    const was = before.get(number);
    expect(was?.time).toBe(time);
    if (was?.payload.equals(payload) !== false) continue;
    const isRtcp = payload[1] >= 192 && payload[1] <= 223;
    const ssrc = payload
      .readUInt32BE(isRtcp ? 4 : 8)
      .toString(16)
      .padStart(8, '0');
    const id = `${isRtcp ? 'rtcp' : 'rtp'} ${from}:${port & ~1} 0x${ssrc}`;
    const one = hashes.get(id) ?? { hash: createHash('sha256'), packets: 0 };
    hashes.set(id, one);
    one.hash.update(payload.subarray(isRtcp ? 0 : payloadAt(payload)));
    one.packets++;
  }
  return new Map([...hashes].map(([id, { hash, packets }]) => [id, `${packets} ${hash.digest('hex')}`]));
}

function payloadAt(packet: Buffer): number {
  const at = 12 + 4 * (packet[0] & 15);
  return (packet[0] & 0x10) === 0 ? at : at + 4 + 4 * packet.readUInt16BE(at + 2);
}

function expectedOf({ streams }: Facts): Map<string, string> {
  const expected = new Map<string, string>();
  for (const { ssrc, from, rtpPackets, rtcpPackets, plainPayloadsSha256, plainRtcpSha256 } of streams) {
    const end = from.lastIndexOf(':');
    const id = `${from.slice(0, end)}:${Number(from.slice(end + 1)) & ~1} ${ssrc}`;
    if (rtpPackets > 0) expected.set(`rtp ${id}`, `${rtpPackets} ${plainPayloadsSha256}`);
    if (rtcpPackets > 0) expected.set(`rtcp ${id}`, `${rtcpPackets} ${plainRtcpSha256}`);
  }
  return expected;
}

/** The facts' keys as a file that --srtp-key reads. */
function keyFile(name: string): string {
  const lines = factsOf(name).streams.flatMap(({ ssrc, keys }) =>
    keys.filter(({ rtpPackets }) => rtpPackets > 0).map(({ suite, key }) => `${ssrc}=${suite}:${key}`),
  );
  const path = join(folder, `${name}.keys.txt`);
  writeFileSync(path, `# ${name}\n${lines.join('\n')}\n`);
  return path;
}

const CASES: readonly (readonly [string, string, () => string[]])[] = [
  ...[
    'srtp-answer-tag-2', // 802.1Q
    'srtp-mki', // 802.1ad
    'srtp-mki-gcm', // raw IP
    'srtp-sll',
    'srtp-any-twice', // Linux cooked 2, each packet twice
    'srtp-ipv6',
    'srtp-cm-128-32',
    'srtp-cm-256-80',
    'srtp-gcm-256',
    'srtp-rekey',
    'srtp-mki-two-keys',
    'srtp-extensions-encrypted',
    'srtp-unencrypted',
    'srtp-unauthenticated',
    'srtp-loss-jitter',
    'srtp-sdes-speech',
  ].map((name) => [name, `${name}.pcap`, () => []] as const),
  ['srtp-wrong-key', 'srtp-wrong-key.pcap', () => ['--srtp-key', `@${keyFile('srtp-wrong-key')}`]],
  ['srtp-roc-no-keys', 'srtp-roc-no-keys.pcap', () => ['--srtp-key', `@${keyFile('srtp-roc-no-keys')}`]],
  ['srtp-dtls-speech', 'srtp-dtls-speech.pcapng', () => []],
  ['srtp-dtls-speech', 'srtp-dtls-speech.pcap', () => ['--keylog', join(OWN_CAPTURES, 'srtp-dtls-speech.keys')]],
  ['srtp-tls13', 'srtp-tls13.pcap', () => ['--keylog', join(OWN_CAPTURES, 'srtp-tls13.keys')]],
];

describe.skipIf(!ready)('a decrypted capture (needs tshark)', () => {
  it.each(CASES)('of %s (%s) holds what its sender encrypted', async (name, file, options) => {
    const path = join(OWN_CAPTURES, file);
    const out = join(folder, 'out.pcapng');
    const ran = await earshot('decrypt', path, '-o', out, ...options());
    expect([ran.exit, ran.stderr.includes('stays encrypted')]).toEqual([0, false]);
    const [before, after] = [datagramsOf(path), datagramsOf(out)];
    expect(after.size).toBe(before.size);
    const found = hashesOf(before, after);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expectedOf(factsOf(name))));
    // Checksums are right, and no secret is in the file but for what signalling says.
    const checks = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
    const bad = 'ip.checksum.status == 0 || udp.checksum.status == 0';
    expect(execFileSync('tshark', ['-r', out, ...checks, '-Y', bad], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    const octets = readFileSync(out, 'latin1');
    expect(octets).not.toMatch(/CLIENT_RANDOM|_TRAFFIC_SECRET|EXPORTER_SECRET/);
  });

  it.each(['srtp-sdes-speech.pcap', 'srtp-dtls-speech.pcapng'])(
    'of %s is RTP to tshark, given the options that its help names',
    async (file) => {
      const out = join(folder, 'rtp.pcapng');
      await earshot('decrypt', join(OWN_CAPTURES, file), '-o', out);
      const help = (await earshot('help', 'decrypt')).stdout;
      const options = /tshark -r plain\.pcapng (.+)$/m.exec(help)?.[1].split(' ') ?? [];
      const fields = ['-Y', 'rtp', '-T', 'fields', '-e', 'rtp.ssrc', '-e', 'rtp.payload'];
      const lines = execFileSync('tshark', ['-r', out, ...options, ...fields], { encoding: 'utf8', stdio: 'pipe' });
      const hashes = new Map<string, ReturnType<typeof createHash>>();
      for (const line of lines.trimEnd().split('\n')) {
        const [ssrc, payload] = line.split('\t');
        hashes.set(ssrc, (hashes.get(ssrc) ?? createHash('sha256')).update(Buffer.from(payload, 'hex')));
      }
      const expected = factsOf(file.replace(/\.\w+$/, '')).streams.map((one) => [one.ssrc, one.plainPayloadsSha256]);
      const found = [...hashes].map(([ssrc, hash]) => [ssrc, hash.digest('hex')]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      expect(expected.length).toBe(2);
    },
  );
});

const FOREIGN_KEYS = join(FOREIGN_CAPTURES, 'KEYS.json');

describe.skipIf(!ready || !existsSync(FOREIGN_KEYS))("other people's captures with known keys (need tshark)", () => {
  interface Key {
    readonly inline: string;
    readonly sha256_of_all_plain_payloads: Readonly<Record<string, string>>;
  }

  it('hold the payloads that are known', async () => {
    const known: Record<string, { suite: string; keys: Key[] }> = JSON.parse(readFileSync(FOREIGN_KEYS, 'utf8'));
    const out = join(folder, 'foreign.pcapng');
    for (const [file, { suite, keys }] of Object.entries(known)) {
      const options = keys.flatMap(({ inline }) => ['--srtp-key', `${suite}:${inline}`]);
      expect((await earshot('decrypt', join(FOREIGN_CAPTURES, file), '-o', out, ...options)).exit).toBe(0);
      const hashes = new Map<string, ReturnType<typeof createHash>>();
      for (const { payload } of datagramsOf(out).values()) {
        const ssrc = `0x${payload.readUInt32BE(8).toString(16).padStart(8, '0').toUpperCase()}`;
        hashes.set(ssrc, (hashes.get(ssrc) ?? createHash('sha256')).update(payload.subarray(payloadAt(payload))));
      }
      const expected = keys.flatMap((key) => Object.entries(key.sha256_of_all_plain_payloads));
      const found = [...hashes].map(([ssrc, hash]) => [ssrc, hash.digest('hex')]);
      expect([file, found]).toEqual([file, expect.arrayContaining(expected)]);
    }
    expect(Object.keys(known).length).toBeGreaterThan(3);
  });
});

describe('decrypt', () => {
  it('says what it did, what it left, and that signalling still holds keys', async () => {
    const out = join(folder, 'said.pcapng');
    const { exit, stdout, stderr } = await earshot('decrypt', join(OWN_CAPTURES, 'srtp-sll.pcap'), '-o', out);
    expect([exit, stdout]).toEqual([
      0,
      `${out}: 160 packets; decrypted: 152 RTP packets of 2 streams and 2 RTCP packets\n`,
    ]);
    expect(stderr).toBe('earshot: note: the signalling is left as it was and still holds SRTP keys (a=crypto).\n');
  });

  it('has its figures as JSON', async () => {
    const out = join(folder, 'json.pcapng');
    const { exit, stdout } = await earshot('decrypt', join(OWN_CAPTURES, 'srtp-sll.pcap'), '-o', out, '--json');
    const { decrypt } = JSON.parse(stdout);
    expect([exit, decrypt.length]).toEqual([0, 1]);
    expect(decrypt[0]).toMatchObject({ path: out, packets: 160, rtp: 152, rtcp: 2, joined: 0 });
    expect(decrypt[0].streams).toEqual([
      expect.objectContaining({ stream: 's1', packets: 76, decrypted: 76, state: 'opened', keySource: 'sdes' }),
      expect.objectContaining({ stream: 's2', packets: 76, decrypted: 76, state: 'opened', keySource: 'sdes' }),
    ]);
  });

  it.each([
    [
      'srtp-dtls.pcap',
      /^earshot: nothing could be decrypted: 2 streams are encrypted and not opened\. s1, s2: .*key log.*\.\n$/,
    ],
    ['srtp-wrong-key.pcap', /^earshot: nothing could be decrypted: .*authentication failed\. .*\.\n$/],
    ['sample.pcap', /^earshot: there is nothing to decrypt: no SRTP was found in the capture\.\n$/],
  ])('ends with 1 and writes nothing for %s', async (name, sentence) => {
    const out = join(folder, 'none.pcapng');
    const { exit, stdout, stderr } = await earshot('decrypt', join(OWN_CAPTURES, name), '-o', out);
    expect([exit, stdout, existsSync(out)]).toEqual([1, '', false]);
    expect(stderr).toMatch(sentence);
  });

  it('writes the key log into the file where asked', async () => {
    const out = join(folder, 'secrets.pcapng');
    const log = join(OWN_CAPTURES, 'srtp-dtls-speech.keys');
    const path = join(OWN_CAPTURES, 'srtp-dtls-speech.pcap');
    expect((await earshot('decrypt', path, '--keylog', log, '-o', out, '--with-secrets')).exit).toBe(0);
    const octets = readFileSync(out, 'latin1').toLowerCase();
    const lines = readFileSync(log, 'latin1').toLowerCase().split(/\r?\n/);
    const secrets = lines.filter((line) => /^[a-z_0-9]+ [0-9a-f]{64} /.test(line));
    expect(secrets.length).toBeGreaterThan(0);
    for (const line of secrets) expect(octets).toContain(line.trim());
  });
});
