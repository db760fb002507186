import { describe, expect, test } from 'vitest';
import { fromHex } from '../rtcp/samples.ts';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  type FakeOptions,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { RecordFlag } from './columns.ts';
import { tlsFields } from './fields.ts';
import { tlsSamples } from './samples.ts';
import { tls } from './tls.ts';

const TCP: FakeOptions = { transport: 'tcp', sourcePort: 40000, destinationPort: 40001 };
const NAMES = Object.keys(tlsSamples) as (keyof typeof tlsSamples)[];
const sample = (name: keyof typeof tlsSamples): Uint8Array => fromHex(tlsSamples[name]);
const summary = (bytes: Uint8Array): string => summarizeOnce(tls, bytes, TCP);

test('stores a row a record', () => {
  expect(dissectOnce(tls, sample('clientHello'), TCP)).toMatchObject({
    verdict: Verdict.Ok,
    confidence: Confidence.Strong,
    consumed: 181,
    issues: [],
    rows: [
      {
        at: 0,
        headerLength: 5,
        length: 176,
        contentType: 22,
        version: 0x0301,
        flags: 0,
        handshakeType: 1,
        messageLength: 172,
        fragmentLength: 172,
      },
    ],
  });
  const [alert] = dissectOnce(tls, fromHex('150303 0002 0228'), TCP).rows;
  expect(alert).toMatchObject({ contentType: 21, alertLevel: 2, alertDescription: 40, flags: 0 });
});

test('takes one record at a time and waits for the whole of it', () => {
  const two = fromHex(tlsSamples.serverHelloDone + tlsSamples.changeCipherSpec);
  expect(dissectOnce(tls, two, TCP)).toMatchObject({ verdict: Verdict.Ok, consumed: 9 });
  for (const name of NAMES) {
    const bytes = sample(name);
    for (let length = 1; length < bytes.length; length++) {
      expect(dissectOnce(tls, bytes.slice(0, length), TCP).verdict).toBe(Verdict.NeedMore);
    }
    expect(dissectOnce(tls, bytes, TCP)).toMatchObject({ verdict: Verdict.Ok, consumed: bytes.length });
  }
});

test('is not every stream', () => {
  for (const text of ['INVITE sip:a SIP/2.0\r\n', 'GET / HTTP/1.1\r\n', 'SIP/2.0 200 OK\r\n']) {
    expect(dissectOnce(tls, text, TCP)).toMatchObject({ verdict: Verdict.Reject, confidence: Confidence.None });
  }
  // A length beyond 2^14 + 2048, a version that never was, an empty handshake record, an octet that proves nothing.
  for (const hex of ['160303 4801', '160305 0010', '160403 0010', '160303 0000', '190303 0010']) {
    expect(dissectOnce(tls, fromHex(hex), TCP)).toMatchObject({ verdict: Verdict.Reject, confidence: Confidence.None });
  }
  expect(dissectOnce(tls, fromHex('16'), TCP).confidence).toBe(Confidence.None);
});

describe('encrypted handshake records are told from plain ones', () => {
  const flagsOf = (bytes: Uint8Array) => dissectOnce(tls, bytes, TCP).rows[0].flags;

  test('of a real handshake', () => {
    const encrypted = NAMES.filter((name) => flagsOf(sample(name)) === RecordFlag.Encrypted);
    expect(encrypted).toEqual(['encryptedFinished']);
  });

  test('a nonce of zeros is no HelloRequest; a HelloRequest is one', () => {
    expect(flagsOf(fromHex(`160303 0028 0000000000000000${'9c'.repeat(32)}`))).toBe(RecordFlag.Encrypted);
    expect(flagsOf(fromHex('160303 0004 00000000'))).toBe(0);
  });

  test('a message that goes on in the next record, and several in one', () => {
    const whole = sample('certificate');
    const head = fromHex(`160303 0064 ${Buffer.from(whole.slice(5, 105)).toString('hex')}`);
    const [row] = dissectOnce(tls, head, TCP).rows;
    expect(row).toMatchObject({ flags: 0, handshakeType: 11, messageLength: 498, fragmentLength: 96 });
    expect(summary(head)).toBe('Certificate (Fragment)');
    const rest = fromHex(`160303 0192 ${Buffer.from(whole.slice(105)).toString('hex')}`);
    expect(flagsOf(rest)).toBe(RecordFlag.Encrypted);
    expect(summary(rest)).toBe('Handshake message, encrypted or continued');
    const hello = sample('serverHello').slice(5);
    const both = fromHex(
      `160303 ${(hello.length + 4).toString(16).padStart(4, '0')} ${Buffer.from(hello).toString('hex')} 0e000000`,
    );
    expect(dissectOnce(tls, both, TCP).rows[0]).toMatchObject({ flags: RecordFlag.SeveralMessages, handshakeType: 2 });
    expect(summary(both)).toBe('Server Hello, Server Hello Done');
  });
});

test('summaries are what the field writes', () => {
  expect(NAMES.map((name) => summary(sample(name)))).toEqual([
    'Client Hello (SNI=sip.example.com)',
    'Server Hello',
    'Certificate',
    'Server Key Exchange',
    'Certificate Request',
    'Server Hello Done',
    'Certificate',
    'Client Key Exchange',
    'Certificate Verify',
    'Change Cipher Spec',
    'Encrypted Handshake Message',
    'Hello Retry Request',
    'Client Hello',
    'Server Hello',
  ]);
  expect(summary(fromHex('150303 0002 0228'))).toBe('Alert (Level: Fatal, Description: Handshake Failure)');
  expect(summary(fromHex('150303 0012 000102030405060708090a0b0c0d0e0f1011'))).toBe('Encrypted Alert');
  expect(summary(fromHex('170303 0002 aabb'))).toBe('Application Data');
});

describe('detail', () => {
  test('covers every octet of a sound record and finds no fault', () => {
    for (const name of NAMES) {
      const bytes = sample(name);
      const tree = describeToTree(tls, bytes, TCP);
      const leaves = tree.flatMap((node) => node.children);
      expect([name, uncoveredOctets(leaves, bytes.length), nodesOutside(tree, bytes.length)]).toEqual([name, [], []]);
      expect(describeToText(tls, bytes, TCP)).not.toContain('fault');
      expect(fieldValues(tree, 'tls.data')).toEqual([]);
    }
  });

  test('names what is in a ClientHello', () => {
    const text = describeToText(tls, sample('clientHello'), TCP);
    expect(text).toContain('Cipher suite: 49195 (TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256) [tls.handshake.ciphersuite');
    expect(text).toContain('Server name: sip.example.com [tls.handshake.extensions_server_name');
    expect(text).toContain('Protocol: http/1.1 [tls.handshake.extensions_alpn_str');
    expect(text).toContain('Group: 29 (x25519)');
    expect(text).toContain('Extension: extended_master_secret');
  });

  test('shows shares of 1.3, certificates and signatures', () => {
    const hello = describeToTree(tls, sample('clientHello13'), TCP);
    expect(fieldValues(hello, 'tls.handshake.extensions_key_share_group')).toEqual([24]);
    expect(fieldValues(hello, 'tls.handshake.extensions.supported_version')).toEqual([0x0304]);
    const retry = describeToTree(tls, sample('helloRetryRequest'), TCP);
    expect(fieldValues(retry, 'tls.handshake.extensions_key_share_selected_group')).toEqual([24]);
    const certificate = describeToTree(tls, sample('certificate'), TCP);
    expect(fieldValues(certificate, 'x509af.subject')).toEqual(['O=Example Ltd, CN=sip.example.com']);
    expect(fieldValues(certificate, 'x509ce.dNSName')).toEqual(['sip.example.com', '*.example.org']);
    const exchange = describeToTree(tls, sample('serverKeyExchange'), TCP);
    expect(fieldValues(exchange, 'tls.handshake.server_named_curve')).toEqual([29]);
    expect(fieldValues(exchange, 'tls.handshake.sig_hash_alg')).toEqual([0x0403]);
    const request = describeToTree(tls, sample('certificateRequest'), TCP);
    expect(fieldValues(request, 'tls.handshake.cert_type')).toEqual([1, 2, 64]);
    const verify = describeToTree(tls, sample('certificateVerify'), TCP);
    expect(fieldValues(verify, 'tls.handshake.client_cert_vrfy.sig_len')).toEqual([64]);
  });

  test('tells key exchanges apart by their lengths', () => {
    const exchange = (body: string) => {
      const octets = body.replace(/\s+/g, '');
      const length = octets.length / 2;
      const size = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
      const bytes = fromHex(`160303 ${size(length + 4, 4)} 0c ${size(length, 6)} ${octets}`);
      const tree = describeToTree(tls, bytes, TCP);
      return ['p', 'hint', 'server_point'].flatMap((name) => fieldValues(tree, `tls.handshake.${name}`));
    };
    // DHE with a signature, anonymous DHE, PSK, DHE-PSK, ECDHE-PSK.
    expect(exchange('0002 abcd 0001 02 0001 05 0804 0002 1122')).toEqual(['abcd']);
    expect(exchange('0002 abcd 0001 02 0001 05')).toEqual(['abcd']);
    expect(exchange('0002 6869')).toEqual(['hi']);
    expect(exchange('0002 6869 0002 abcd 0001 02 0001 05')).toEqual(['abcd', 'hi']);
    expect(exchange('0000 03 001d 02 aabb')).toEqual(['aabb']);
  });

  test('a length that lies is a fault where it stands', () => {
    const bytes = sample('clientHello');
    // The length of the cipher suites, 6.
    bytes[44] = 0x77;
    const text = describeToText(tls, bytes, TCP);
    expect(text).toContain('fault: ! The length says 30470 octets, 135 are there [tls-length 44+2]');
    expect(uncoveredOctets(describeToTree(tls, bytes, TCP), bytes.length)).toEqual([]);
  });
});

test('every field that is shown can be asked for', () => {
  const known = new Set(tlsFields.map(({ id }) => id));
  const names = NAMES.flatMap((name) =>
    describeToText(tls, sample(name), TCP)
      .split('\n')
      .map((line) => /\[(\S+) \d+\+\d+\]$/.exec(line)?.[1] ?? ''),
  );
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(known.size).toBe(tlsFields.length);
});
