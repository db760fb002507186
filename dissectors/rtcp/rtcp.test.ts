import { expect, test } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { rtcp } from './rtcp.ts';
import { fromHex, rtcpSample, type rtcpSamples } from './samples.ts';

const SENDER = 0x11223344;
const HEARD = 0xaabbccdd;

/** The columns that are not 0, which is what a row says. */
function said(row: Readonly<Record<string, number | string>>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== 0 && value !== ''));
}

function rowsOf(bytes: Uint8Array) {
  return dissectOnce(rtcp, bytes).rows.map(said);
}

function packetRow(name: keyof typeof rtcpSamples) {
  return rowsOf(rtcpSample(name))[0];
}

test('stores a sender report and its block', () => {
  expect(rowsOf(rtcpSample('sr'))).toEqual([
    {
      packetType: 200,
      count: 1,
      ssrc: SENDER,
      ntpSeconds: Date.UTC(2025, 9, 1) / 1000 + 2_208_988_800,
      ntpFraction: 0x80000000,
      rtpTimestamp: 800,
      packetCount: 100,
      octetCount: 16000,
    },
    {
      kind: 1,
      packetType: 200,
      count: 1,
      ssrc: SENDER,
      aboutSsrc: HEARD,
      fractionLost: 64,
      cumulativeLost: 0xfffffffe,
      highestSequence: 0x10203,
      jitter: 17,
      lsr: 0xed808000,
      dlsr: 98304,
    },
  ]);
});

test('stores a row for every packet of a compound, with CNAME, leaving sources and reason', () => {
  const result = dissectOnce(rtcp, rtcpSample('rr', 'sdes', 'app', 'bye'));
  expect(result).toMatchObject({ verdict: Verdict.Ok, confidence: Confidence.Strong, issues: [] });
  expect(result.rows.map(said)).toEqual([
    { packetType: 201, ssrc: SENDER },
    { packetType: 202, count: 1, ssrc: SENDER },
    { kind: 4, packetType: 202, count: 1, ssrc: SENDER, aboutSsrc: SENDER, text: 'a@example' },
    { packetType: 204, count: 5, ssrc: SENDER, text: 'test' },
    { packetType: 203, count: 2, ssrc: SENDER },
    { kind: 3, packetType: 203, count: 2, ssrc: SENDER, aboutSsrc: SENDER, text: 'hangup' },
    { kind: 3, packetType: 203, count: 2, ssrc: SENDER, aboutSsrc: HEARD, text: 'hangup' },
  ]);
});

test('finds the second SDES chunk after an item that ends on a word', () => {
  const named = rowsOf(rtcpSample('sdesTwo')).filter((row) => row.kind === 4);
  expect(named.map((row) => [row.aboutSsrc, row.text])).toEqual([
    [SENDER, 'ab'],
    [HEARD, 'cd'],
  ]);
});

test('stores whom feedback is about, and bit rates', () => {
  expect(packetRow('nack')).toEqual({ packetType: 205, count: 1, ssrc: SENDER, aboutSsrc: HEARD });
  expect(packetRow('pli')).toEqual({ packetType: 206, count: 1, ssrc: SENDER, aboutSsrc: HEARD });
  expect(packetRow('fir')).toEqual({ packetType: 206, count: 4, ssrc: SENDER, aboutSsrc: HEARD });
  expect(packetRow('tmmbr')).toMatchObject({ count: 3, aboutSsrc: HEARD, bitrateBps: 256_000 });
  expect(packetRow('remb')).toMatchObject({ count: 15, aboutSsrc: HEARD, bitrateBps: 1_000_000 });
});

test('stores reference time, DLRR, statistics and VoIP metrics of an extended report', () => {
  const about = { packetType: 207, ssrc: SENDER };
  expect(rowsOf(rtcpSample('xr'))).toEqual([
    about,
    { ...about, kind: 5, ntpSeconds: 0xec86ed80, ntpFraction: 0x80000000 },
    { ...about, kind: 6, aboutSsrc: HEARD, lsr: 0xed808000, dlsr: 32768 },
    { ...about, kind: 6, aboutSsrc: SENDER },
    {
      ...about,
      kind: 7,
      aboutSsrc: HEARD,
      summaryFlags: 0xe8,
      beginSequence: 100,
      endSequence: 130,
      lostPackets: 3,
      duplicatePackets: 1,
      minJitter: 5,
      maxJitter: 200,
      meanJitter: 32,
      jitterDeviation: 10,
    },
    {
      ...about,
      kind: 2,
      aboutSsrc: HEARD,
      lossRate: 13,
      discardRate: 5,
      burstDensity: 128,
      gapDensity: 3,
      burstDurationMs: 200,
      gapDurationMs: 5000,
      roundTripDelayMs: 100,
      endSystemDelayMs: 80,
      signalLevelDbm0: 256 - 25,
      noiseLevelDbm0: 256 - 60,
      residualEchoReturnLossDb: 55,
      gmin: 16,
      rFactor: 93,
      externalRFactor: 127,
      mosLq: 41,
      mosCq: 40,
      receiverConfig: 0xb5,
      jitterBufferNominalMs: 60,
      jitterBufferMaximumMs: 120,
      jitterBufferAbsoluteMaximumMs: 240,
    },
  ]);
});

test.each([
  ['a sender report', rtcpSample('sr'), Confidence.Strong],
  ['feedback of reduced size', rtcpSample('nack', 'pli'), Confidence.Strong],
  ['a single BYE', rtcpSample('bye'), Confidence.Likely],
  ['an octet after the compound', Uint8Array.from([...rtcpSample('rr'), 0]), Confidence.None],
  ['a report count that the length cannot hold', fromHex('81c90001 11223344'), Confidence.None],
  ['a packet type that is not assigned', fromHex('80d00001 11223344'), Confidence.None],
  ['RTP', fromHex('80800001 00000320 11223344 00'), Confidence.None],
  ['nothing', new Uint8Array(0), Confidence.None],
])('probes %s', (_, bytes, confidence) => {
  expect(dissectOnce(rtcp, bytes).confidence).toBe(confidence);
});

test.each([
  ['RTP', '80000001 00000320 11223344'],
  ['version 1', '40c90001 11223344'],
  ['three octets', '80c900'],
])('rejects %s', (_, hex) => {
  expect(dissectOnce(rtcp, fromHex(hex)).verdict).toBe(Verdict.Reject);
});

test.each([
  ['a length past the end', '80c90002 11223344', 'rtcp-length', 2],
  ['octets after the compound', '80c90001 11223344 00000000', 'rtcp-trailing-octets', 8],
  ['fewer blocks than counted', '81c90001 11223344', 'rtcp-short', 0],
  ['an SDES item past the end', '81ca0002 11223344 01090000', 'rtcp-sdes-item-length', 8],
  ['a BYE reason past the end', '81cb0002 11223344 09616263', 'rtcp-bye-reason-length', 8],
  ['an XR block past the end', '80cf0002 11223344 04000002', 'rtcp-xr-block-length', 10],
  ['a padding count of 0', 'a0c90002 11223344 00000000', 'rtcp-bad-padding', 11],
  ['a padding count past the packet', 'a0c90002 11223344 0000000c', 'rtcp-bad-padding', 11],
])('reports %s', (_, hex, code, at) => {
  const bytes = fromHex(hex);
  expect(dissectOnce(rtcp, bytes)).toMatchObject({ verdict: Verdict.Malformed, issues: [{ code, at }] });
  expect(describeToText(rtcp, bytes)).toContain(`[${code} `);
});

test('padding belongs to the last packet', () => {
  expect(dissectOnce(rtcp, rtcpSample('rr', 'padded'))).toMatchObject({ verdict: Verdict.Ok, issues: [] });
  const bytes = fromHex('a0c90003 11223344 00000000 00000008 80c90001 11223344');
  expect(dissectOnce(rtcp, bytes)).toMatchObject({
    verdict: Verdict.Ok,
    issues: [{ code: 'rtcp-padding-not-last', at: 0 }],
  });
  expect(describeToText(rtcp, bytes)).toContain('[rtcp-padding-not-last 8+8]');
});

test('the fill of a transport-cc packet is no fault inside a compound', () => {
  expect(dissectOnce(rtcp, rtcpSample('transportCc', 'rr'))).toMatchObject({ verdict: Verdict.Ok, issues: [] });
});

/** A sender report and more, encrypted: SSRC in clear, then noise, E bit and index 7, tag. */
const NOISE = '9f03b7c1 5e62d80a 47f1903c 06ad5be8 72c49f10 e83b6d55 1a90c7f2 4d08e6b3';

test.each([
  ['an 80-bit tag', '80000007 0102030405060708090a'],
  ['AES-GCM', '00112233445566778899aabbccddeeff 80000007'],
  ['a key identifier of four octets', '80000007 0000000101020304050607080a0b'],
])('tells SRTCP with %s from a damaged compound', (_, trailer) => {
  const bytes = fromHex(`80c80006 11223344 ${NOISE} ${trailer}`);
  const result = dissectOnce(rtcp, bytes);
  expect(result).toMatchObject({ verdict: Verdict.Ok, confidence: Confidence.Likely, issues: [] });
  expect(result.rows.map(said)).toEqual([{ packetType: 200, flags: 1, ssrc: SENDER }]);
  const tree = describeToTree(rtcp, bytes);
  expect(uncoveredOctets(tree, bytes.length)).toEqual([]);
  expect(summarizeOnce(rtcp, bytes)).toBe('SR  ssrc 0x11223344  SRTCP index 7');
});

test('reads SRTCP that is authenticated only', () => {
  const plain = rtcpSample('rr', 'sdes');
  const bytes = Uint8Array.from([...plain, ...fromHex('00000007 0102030405060708090a')]);
  const result = dissectOnce(rtcp, bytes);
  expect(result).toMatchObject({ verdict: Verdict.Ok, issues: [] });
  expect(result.rows.map((row) => [row.packetType, row.kind, row.flags])).toEqual([
    [201, 0, 8],
    [202, 0, 8],
    [202, 4, 0],
  ]);
  expect(describeToText(rtcp, bytes)).toContain('SRTCP index: 7 [srtcp.index 36+4]');
});

test('noise without a small index is damage, not SRTCP', () => {
  const bytes = fromHex(`80c80006 11223344 ${NOISE} c5a1f007 0102030405060708090a`);
  expect(dissectOnce(rtcp, bytes).verdict).toBe(Verdict.Malformed);
});

test('cut at every length: nothing outside, every octet shown, no fault of the sender', () => {
  const whole = rtcpSample('sr', 'sdes', 'transportCc', 'remb', 'xr', 'bye');
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.slice(0, length);
    const result = dissectOnce(rtcp, cut, { truncated: true });
    expect(result.verdict).toBe(length < 4 ? Verdict.Reject : Verdict.Ok);
    expect(result.issues).toEqual([]);
    for (const truncated of [true, false]) {
      const tree = describeToTree(rtcp, cut, { truncated });
      expect(nodesOutside(tree, length)).toEqual([]);
      expect(uncoveredOctets(tree, length)).toEqual([]);
    }
  }
});
