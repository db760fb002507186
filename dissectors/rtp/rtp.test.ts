import { expect, test } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import {
  type Describer,
  describeToText,
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { rtp } from './rtp.ts';

function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

const PLAIN = fromHex('8080 007b 000001c8 deadbeef 0102030405');
/** Two CSRCs, an extension of another profile, five octets of payload, three of padding. */
const FULL = fromHex('b263 0003 00000320 11223344 00000001 00000002 12340001 deadbeef 0102030405 000003');
/** Ids 1 (one octet), 2 (two), two of padding, 3 (three), 0 (one). */
const ONE_BYTE = fromHex('9000 0001 00000320 11223344 bede0003 10ff 211122 0000 320304 0500 aabbccdd');
/** Ids 1 (no octets), 2 (two), one of padding, 3 (three). Application bits 5. */
const TWO_BYTE = fromHex('9080 0002 00000320 11223344 10050003 0100 0202aabb 00 0303010203');
const STOP = fromHex('9000 0006 00000320 11223344 bede0002 10aa f0bb ccddeeff 55');

const row = {
  ssrc: 0x11223344,
  timestamp: 800,
  sequence: 3,
  payloadType: 99,
  extraHeaderLength: 16,
  payloadLength: 5,
  padding: 3,
  head: 0x01020304,
  flags: 12,
};

test('stores the header', () => {
  expect(dissectOnce(rtp, PLAIN)).toMatchObject({
    verdict: Verdict.Ok,
    confidence: Confidence.Weak,
    issues: [],
    rows: [
      {
        ssrc: 0xdeadbeef,
        timestamp: 456,
        sequence: 123,
        payloadType: 0x80,
        extraHeaderLength: 0,
        payloadLength: 5,
        head: 0x01020304,
        flags: 0,
      },
    ],
  });
});

test('leaves CSRC list, extension and padding out of the payload', () => {
  expect(dissectOnce(rtp, FULL).rows).toEqual([row]);
});

test.each([
  [3, 0],
  [4, 0x01010101],
  [16, 0x01010101],
  [17, 0],
])('keeps the head of a payload of %i octets as %i', (length, head) => {
  const bytes = new Uint8Array(12 + length).fill(1);
  bytes[0] = 0x80;
  expect(dissectOnce(rtp, bytes).rows[0]).toMatchObject({ payloadLength: length, head });
});

test.each([
  ['a STUN request', '0001 0008 2112a442 000000000000000000000000'],
  ['version 1', '4000 0001 00000000 00000000 00'],
  ['eleven octets', '8000 0001 00000000 000000'],
  ['a sender report', '80c8 0006 11223344 00000000 00000000 00000000 00000000 00000000'],
  ['an extended report (type 207) whose length fits', '80cf 0002 11223344 00000000'],
  ['payload type 72', '8048 0001 00000000 00000000 00'],
  ['a CSRC list past the end', '8100 0001 00000000 00000000 0000'],
  ['an extension past the end', '9000 0001 00000000 00000000 bede0002 00000000'],
  ['an extension without a header', '9000 0001 00000000 00000000 bede'],
])('rejects %s', (_, hex) => {
  expect(dissectOnce(rtp, fromHex(hex))).toMatchObject({
    verdict: Verdict.Reject,
    confidence: Confidence.None,
    issues: [],
  });
});

test('keeps the marked packets of payload type 90, whose second octet is in the range of RTCP', () => {
  const bytes = fromHex('80da 7530 00000320 11223344 0102');
  expect(dissectOnce(rtp, bytes).rows[0]).toMatchObject({ payloadType: 0xda, sequence: 30000 });
  bytes.set([0, 2], 2);
  expect(dissectOnce(rtp, bytes).verdict).toBe(Verdict.Reject);
});

test.each([
  ['0', 'a000 0001 00000000 00000001 010200', 14],
  ['more than the payload', 'a000 0001 00000000 00000001 010204', 14],
  ['no payload at all', 'a000 0001 00000000 00000001', 11],
])('a padding count of %s is reported and not removed', (_, hex, at) => {
  const bytes = fromHex(hex);
  const result = dissectOnce(rtp, bytes);
  expect(result).toMatchObject({ verdict: Verdict.Ok, issues: [{ code: 'rtp-bad-padding', at }] });
  expect(result.rows[0]).toMatchObject({ flags: 1, payloadLength: bytes.length - 12 });
  expect(describeToText(rtp, bytes)).toContain(`[rtp-bad-padding ${at}+1]`);
});

test('a packet that is padding only has no payload', () => {
  expect(dissectOnce(rtp, fromHex('a000 0001 00000000 00000001 00000004')).rows[0]).toMatchObject({
    flags: 0,
    payloadLength: 0,
  });
});

test('a snapped frame is kept at every length from twelve octets on', () => {
  for (const sample of [FULL, ONE_BYTE, TWO_BYTE, STOP]) {
    for (let length = 0; length < sample.length; length++) {
      const cut = sample.slice(0, length);
      const result = dissectOnce(rtp, cut, { truncated: true });
      expect(result.verdict).toBe(length < 12 ? Verdict.Reject : Verdict.Ok);
      expect(result.issues).toEqual([]);
      if (length >= 12) expect(Number(result.rows[0].flags) & 2).toBe(2);
      const tree = describeToTree(rtp, cut, { truncated: true });
      expect(nodesOutside(tree, length)).toEqual([]);
      expect(uncoveredOctets(tree, length)).toEqual([]);
    }
  }
});

test('describes every octet under the names that Wireshark has', () => {
  const tree = describeToTree(rtp, FULL);
  expect(uncoveredOctets(tree, FULL.length)).toEqual([]);
  const value = (name: string) => fieldValues(tree, name);
  expect(
    ['version', 'padding', 'ext', 'cc', 'marker', 'p_type', 'seq'].flatMap((name) => value(`rtp.${name}`)),
  ).toEqual([2, true, true, 2, false, 99, 3]);
  expect(value('rtp.csrc.item')).toEqual([1, 2]);
  expect(value('rtp.ext.profile')).toEqual([0x1234]);
  expect(value('rtp.hdr_ext')).toEqual([0xdeadbeef]);
  expect(value('rtp.payload')).toEqual(['0102030405']);
  expect(value('rtp.padding.count')).toEqual([3]);
});

/** Ids, lengths and data of the header extension's elements. */
function elements(bytes: Uint8Array) {
  const tree = describeToTree(rtp, bytes);
  return ['id', 'len', 'data'].map((name) => fieldValues(tree, `rtp.ext.rfc5285.${name}`));
}

test('reads one-byte and two-byte header extension elements (RFC 8285)', () => {
  // As tshark 4.0.17 reads the same octets.
  expect(elements(ONE_BYTE)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    ['ff', '1122', '030405'],
  ]);
  expect(elements(TWO_BYTE)).toEqual([
    [1, 2, 3],
    [0, 2, 3],
    ['aabb', '010203'],
  ]);
  expect(fieldValues(describeToTree(rtp, TWO_BYTE), 'rtp.ext.rfc5285.appbits')).toEqual([5]);
  expect(elements(STOP)).toEqual([[1, 15], [1], ['aa', 'bbccddeeff']]);
});

test('an element that passes the end of the extension is shown as far as it goes', () => {
  const bytes = fromHex('9000 0001 00000320 11223344 bede0001 13aabbcc 01');
  expect(describeToText(rtp, bytes)).toContain('! Element 1 says 4 octets, 3 are there [rtp-extension-element 16+4]');
});

test('hands a telephone-event on where signalling says so', () => {
  const bytes = fromHex('80e5 0003 00000320 11223344 05 8a 0320');
  const reader: Describer = {
    describe: (data, tree) => tree.field('seen', 'Seen', 0, data.length, data.hex()),
    summarize: () => '',
  };
  const options = { encodings: { 101: 'telephone-event/8000' }, children: { 'audio/telephone-event': reader } };
  expect(fieldValues(describeToTree(rtp, bytes, options), 'seen')).toEqual(['058a0320']);
  expect(fieldValues(describeToTree(rtp, bytes), 'seen')).toEqual([]);
  expect(dissectOnce(rtp, bytes).rows[0].head).toBe(0x058a0320);
});

test('summarizes', () => {
  expect(summarizeOnce(rtp, PLAIN)).toBe('PCMU  seq 123  ts 456  ssrc 0xdeadbeef  [marker]  5 B');
  expect(summarizeOnce(rtp, FULL)).toBe('PT 99  seq 3  ts 800  ssrc 0x11223344  5 B');
  expect(summarizeOnce(rtp, FULL, { encodings: { 99: 'opus/48000/2' } })).toMatch(/^opus {2}seq 3/);
});
