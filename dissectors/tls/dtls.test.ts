import { describe, expect, test } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { fromHex } from '../rtcp/samples.ts';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { RecordFlag } from './columns.ts';
import { dtls } from './dtls.ts';
import { dtlsFields } from './fields.ts';
import { findConnectionIdLength } from './records.ts';
import { dtlsSamples } from './samples.ts';

const NAMES = Object.keys(dtlsSamples) as (keyof typeof dtlsSamples)[];
const sample = (name: keyof typeof dtlsSamples): Uint8Array => fromHex(dtlsSamples[name]);
const filled = (octets: number): string => 'c3'.repeat(octets);

/** DTLS 1.3 by RFC 9147, section 4: sequence of 16 bits and a length; of 8 bits and none; an identifier of 3 octets. */
const UNIFIED = fromHex(`2e abcd 0014 ${filled(20)} 2f 0001 0010 ${filled(16)}`);
const NO_LENGTH = fromHex(`22 ab ${filled(20)}`);
const WITH_ID = fromHex(`3e 112233 abcd 0014 ${filled(20)}`);
/** RFC 9146: the same identifier, epoch 1, sequence 2^32 + 5. */
const TLS12_CID = fromHex(`19 fefd 0001 000100000005 112233 0011 ${filled(17)}`);

test('stores a row a record, as tshark reads them', () => {
  const result = dissectOnce(dtls, sample('certificateEnd'));
  expect(result).toMatchObject({ verdict: Verdict.Ok, confidence: Confidence.Strong, issues: [] });
  expect(result.rows).toMatchObject([
    {
      at: 0,
      headerLength: 13,
      length: 111,
      contentType: 22,
      version: 0xfefd,
      flags: 0,
      epoch: 0,
      sequence: 4,
      handshakeType: 11,
      messageLength: 498,
      messageSequence: 2,
      fragmentOffset: 399,
      fragmentLength: 99,
    },
    {
      at: 124,
      length: 124,
      sequence: 5,
      handshakeType: 12,
      messageSequence: 3,
      fragmentOffset: 0,
      fragmentLength: 112,
    },
  ]);
  expect(dissectOnce(dtls, sample('finished')).rows).toMatchObject([
    { contentType: 22, epoch: 1, sequence: 0, length: 48, flags: RecordFlag.Encrypted, handshakeType: 0 },
  ]);
});

test('keeps all 48 bits of the sequence number', () => {
  const bytes = sample('alert');
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], 5);
  expect(dissectOnce(dtls, bytes).rows[0].sequence).toBe(2 ** 48 - 2);
});

test('summaries are what the field writes', () => {
  expect(NAMES.map((name) => summarizeOnce(dtls, sample(name)))).toEqual([
    'Client Hello',
    'Hello Verify Request',
    'Client Hello',
    'Server Hello, Certificate (Fragment)',
    'Certificate (Fragment)',
    'Certificate (Fragment), Server Key Exchange',
    'Certificate (Fragment), Client Key Exchange, Certificate Verify, Change Cipher Spec',
    'Encrypted Handshake Message',
    'Encrypted Alert',
  ]);
  expect(summarizeOnce(dtls, UNIFIED)).toBe('Encrypted record, Encrypted record');
});

describe('DTLS 1.3 and connection identifiers', () => {
  test('the unified header', () => {
    const flags = RecordFlag.Unified | RecordFlag.Encrypted;
    expect(dissectOnce(dtls, UNIFIED)).toMatchObject({
      verdict: Verdict.Ok,
      confidence: Confidence.Weak,
      rows: [
        { at: 0, headerLength: 5, length: 20, contentType: 0, version: 0, epoch: 2, sequence: 0xabcd, flags },
        { at: 25, headerLength: 5, length: 16, epoch: 3, sequence: 1, flags },
      ],
    });
    // Without a length nothing in it can be checked, so only a flow that is DTLS already may have it.
    expect(dissectOnce(dtls, NO_LENGTH)).toMatchObject({
      verdict: Verdict.Ok,
      confidence: Confidence.None,
      rows: [{ headerLength: 2, length: 20, sequence: 0xab }],
    });
    expect(dissectOnce(dtls, fromHex(`2e abcd 0013 ${filled(20)}`)).confidence).toBe(Confidence.None);
    expect(dissectOnce(dtls, fromHex('22 ab 0102')).verdict).toBe(Verdict.Reject);
  });

  test('an identifier is as long as makes the records fill the datagram', () => {
    expect(findConnectionIdLength(new Octets(WITH_ID))).toBe(3);
    expect(findConnectionIdLength(new Octets(TLS12_CID))).toBe(3);
    expect(findConnectionIdLength(new Octets(UNIFIED))).toBe(0);
    expect(dissectOnce(dtls, WITH_ID).rows).toMatchObject([
      { headerLength: 8, length: 20, flags: RecordFlag.Unified | RecordFlag.Encrypted | RecordFlag.ConnectionId },
    ]);
    // Where nothing else speaks for DTLS, an identifier that fits by its length is no sign of it.
    expect(dissectOnce(dtls, WITH_ID).confidence).toBe(Confidence.None);
    expect(dissectOnce(dtls, TLS12_CID)).toMatchObject({
      confidence: Confidence.Strong,
      rows: [{ contentType: 25, headerLength: 16, length: 17, epoch: 1, sequence: 2 ** 32 + 5 }],
    });
    expect(fieldValues(describeToTree(dtls, TLS12_CID), 'dtls.record.connection_id')).toEqual(['112233']);
  });

  test('an ACK in clear names records (RFC 9147, section 7)', () => {
    const ack = fromHex('1a fefd 0000 000000000003 0012 0010 0000000000000002 0000000000000007');
    expect(summarizeOnce(dtls, ack)).toBe('ACK');
    expect(fieldValues(describeToTree(dtls, ack), 'dtls.ack.record_number')).toEqual(['epoch 2, sequence 7']);
  });
});

describe('detail', () => {
  test('covers every octet of a sound datagram and finds no fault', () => {
    for (const bytes of [...NAMES.map(sample), UNIFIED, NO_LENGTH, WITH_ID, TLS12_CID]) {
      const tree = describeToTree(dtls, bytes);
      const leaves = tree.flatMap((node) => node.children);
      expect([uncoveredOctets(leaves, bytes.length), nodesOutside(tree, bytes.length)]).toEqual([[], []]);
      expect(describeToText(dtls, bytes)).not.toContain('fault');
    }
  });

  test('use_srtp, cookie, fragments', () => {
    const offer = describeToText(dtls, sample('clientHelloAgain'));
    expect(offer).toContain('SRTP protection profile: 7 (SRTP_AEAD_AES_128_GCM) [dtls.use_srtp.protection_profile');
    expect(offer).toContain('SRTP protection profile: 1 (SRTP_AES128_CM_HMAC_SHA1_80)');
    expect(fieldValues(describeToTree(dtls, sample('clientHelloAgain')), 'dtls.handshake.cookie_length')).toEqual([20]);
    const answer = describeToTree(dtls, sample('serverHello'));
    expect(fieldValues(answer, 'dtls.use_srtp.protection_profile')).toEqual([1]);
    expect(describeToText(dtls, sample('certificateMiddle'))).toContain(
      'Handshake: Certificate, fragment 152–398 of 498',
    );
  });

  test('every field that is shown can be asked for', () => {
    const known = new Set(dtlsFields.map(({ id }) => id));
    const names = [...NAMES.map(sample), UNIFIED, WITH_ID, TLS12_CID].flatMap((bytes) =>
      describeToText(dtls, bytes)
        .split('\n')
        .map((line) => /\[(\S+) \d+\+\d+\]$/.exec(line)?.[1] ?? ''),
    );
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('what is not sound', () => {
  test('is rejected where it is not DTLS', () => {
    for (const hex of ['80c90001 11223344', '16030300040e000000', '00010000 2112a442', '', '16', '40001234']) {
      expect(dissectOnce(dtls, fromHex(hex))).toMatchObject({ verdict: Verdict.Reject, rows: [] });
      expect(dissectOnce(dtls, fromHex(hex)).confidence).toBe(Confidence.None);
    }
  });

  test('says where a length lies', () => {
    const bytes = sample('finished');
    bytes[12] = 0xff;
    expect(dissectOnce(dtls, bytes)).toMatchObject({
      verdict: Verdict.Malformed,
      confidence: Confidence.Likely,
      issues: [{ code: 'dtls-record-length', at: 11 }],
      rows: [{ length: 255, flags: RecordFlag.Encrypted | RecordFlag.Truncated }],
    });
    expect(describeToText(dtls, bytes)).toContain('The length says 255 octets, 48 are there [dtls-record-length 11+2]');
    expect(dissectOnce(dtls, bytes, { truncated: true })).toMatchObject({ verdict: Verdict.Ok, issues: [] });
  });

  test('says where a fragment leaves its message or its record', () => {
    const past = sample('certificateMiddle');
    past[20] = 0x01;
    const [code] = dissectOnce(dtls, past).issues;
    expect(code).toEqual({ code: 'dtls-fragment', at: 19 });
    expect(describeToText(dtls, past)).toContain('The fragment reaches past the end of the message');
    const short = sample('certificateMiddle');
    short[24] += 1;
    expect(dissectOnce(dtls, short)).toMatchObject({ verdict: Verdict.Malformed, issues: [{ code: 'dtls-fragment' }] });
    expect(describeToText(dtls, short)).toContain('The fragment has 248 octets, 247 are in the record');
  });

  test('says where something else follows', () => {
    const bytes = fromHex(`${dtlsSamples.finished}800011`);
    expect(dissectOnce(dtls, bytes)).toMatchObject({
      verdict: Verdict.Malformed,
      issues: [{ code: 'dtls-trailing-octets', at: 61 }],
    });
    expect(uncoveredOctets(describeToTree(dtls, bytes), bytes.length)).toEqual([]);
  });

  test('cut after every octet it is truncated or rejected, never more', () => {
    const bytes = sample('certificateEnd');
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.slice(0, length);
      const result = dissectOnce(dtls, cut, { truncated: true });
      expect(result.verdict).toBe(length < 13 ? Verdict.Reject : Verdict.Ok);
      expect(result.issues).toEqual([]);
      expect(uncoveredOctets(describeToTree(dtls, cut, { truncated: true }), length)).toEqual([]);
    }
  });
});
