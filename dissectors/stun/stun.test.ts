import { expect, test } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { Confidence, Verdict } from '../dissector.ts';
import { dissectOnce, type FakeOptions, summarizeOnce } from '../testing/fake-context.ts';
import { StunClass, StunFlag, StunKind } from './columns.ts';
import { StunMethod } from './methods.ts';
import { type StunSampleName, stunSamples } from './samples.ts';
import { stun } from './stun.ts';

const STREAM: FakeOptions = { transport: 'tcp', sourcePort: 40_000, destinationPort: 3478 };

function bytesOf(hex: string): Uint8Array {
  return octetsOfHex(hex.replace(/\s/g, '')) ?? new Uint8Array(0);
}

function sample(name: StunSampleName): Uint8Array {
  return bytesOf(stunSamples[name]);
}

/** The columns that are not 0, of one message. */
function rowOf(name: StunSampleName, options: FakeOptions = {}) {
  const { rows } = dissectOnce(stun, sample(name), options);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, value]) => value !== 0 && value !== ''));
}

const TRANSACTION = { transaction0: 0xb7e7a701, transaction1: 0xbc34d686, transaction2: 0xfa87dfae };

test('stores the requests and responses of RFC 5769', () => {
  expect(rowOf('request')).toEqual({
    ...TRANSACTION,
    method: StunMethod.Binding,
    software: 'STUN test client',
    priority: 0x6e0001ff,
    tieBreaker0: 0x932ff9b1,
    tieBreaker1: 0x51263b36,
    username: 'evtj:h6vY',
    integrityAt: 76,
    flags: StunFlag.HasPriority | StunFlag.Controlled | StunFlag.Integrity | StunFlag.Fingerprint,
  });
  expect(rowOf('responseIPv4')).toMatchObject({ class: StunClass.Success, mappedAddress: '192.0.2.1:32853' });
  expect(rowOf('responseIPv6')).toMatchObject({
    mappedAddress: '[2001:db8:1234:5678:11:2233:4455:6677]:32853',
    flags: StunFlag.Integrity | StunFlag.Fingerprint,
  });
  expect(rowOf('longTerm')).toMatchObject({
    username: 'マトリックス',
    nonce: 'f//499k954d6OL34oL9FSTvy64sA',
    realm: 'example.org',
    flags: StunFlag.HasNonce | StunFlag.HasRealm | StunFlag.Integrity,
  });
});

test('stores what TURN asks and answers', () => {
  expect(rowOf('allocate')).toEqual({
    ...TRANSACTION,
    method: StunMethod.Allocate,
    requestedTransport: 17,
    lifetime: 601,
    passwordAlgorithm: 2,
    flags:
      StunFlag.RequestedAddressFamily6 |
      StunFlag.AdditionalAddressFamily |
      StunFlag.EvenPort |
      StunFlag.DontFragment |
      StunFlag.ReservationToken |
      StunFlag.MobilityTicket,
  });
  expect(rowOf('allocateError')).toMatchObject({
    class: StunClass.Error,
    errorCode: 401,
    reason: 'Unauthorized',
    realm: 'example.org',
    nonce: 'nonce',
  });
  expect(rowOf('allocated')).toMatchObject({
    relayedAddress: '10.0.0.1:4000',
    mappedAddress: '10.0.0.1:4000',
    alternateServer: '10.0.0.1:4000',
    lifetime: 1,
  });
  expect(rowOf('permissions')).toMatchObject({ peerAddress: '10.0.0.1:4000 10.0.0.2:4001' });
  expect(rowOf('sendIndication')).toMatchObject({
    class: StunClass.Indication,
    method: StunMethod.Send,
    dataAt: 36,
    dataLength: 19,
  });
  expect(rowOf('channelBind')).toMatchObject({ method: StunMethod.ChannelBind, channel: 0x4001 });
  expect(rowOf('connectionBind')).toMatchObject({ method: StunMethod.ConnectionBind, connectionId: 0xc0ffee });
  expect(rowOf('unknownAttributes')).toMatchObject({ errorCode: 420, flags: StunFlag.HasUnknownRequired });
});

test('stores what NAT discovery and browsers add', () => {
  expect(rowOf('natDiscovery')).toMatchObject({ flags: StunFlag.ChangeIp | StunFlag.ChangePort });
  expect(rowOf('natDiscovered')).toMatchObject({ responseOrigin: '10.0.0.1:4000', otherAddress: '10.0.0.1:4000' });
  expect(rowOf('browser')).toMatchObject({
    flags: StunFlag.Controlling | StunFlag.UseCandidate | StunFlag.Nomination | StunFlag.HasPriority,
  });
});

test('stores messages without the cookie', () => {
  expect(rowOf('classicResponse')).toEqual({
    ...TRANSACTION,
    kind: StunKind.Classic,
    class: StunClass.Success,
    method: 1,
    mappedAddress: '10.0.0.1:4000',
    responseOrigin: '10.0.0.1:4000',
    otherAddress: '10.0.0.1:4000',
  });
  expect(rowOf('classicNoPadding')).toMatchObject({ username: 'abc' });
  // REALM had NONCE's number, and the other way round.
  expect(rowOf('msAllocate')).toMatchObject({
    kind: StunKind.Classic,
    method: 3,
    realm: 'the.real',
    flags: StunFlag.HasRealm,
  });
});

test('stores ChannelData, over TCP with its filling, and frames of ICE over TCP', () => {
  const channel = { kind: StunKind.ChannelData, channel: 0x4001, dataAt: 4, flags: StunFlag.HasData };
  expect(rowOf('channelData')).toEqual({ ...channel, dataLength: 16 });
  expect(rowOf('channelDataFilled')).toEqual({ ...channel, dataLength: 13 });
  expect(rowOf('channelDataFilled', STREAM)).toEqual({ ...channel, dataLength: 13 });
  expect(rowOf('framed', STREAM)).toMatchObject({
    priority: 0x6e0001ff,
    flags: StunFlag.Framed | StunFlag.HasPriority,
  });
  expect(rowOf('frame', STREAM)).toEqual({
    kind: StunKind.Frame,
    dataAt: 2,
    dataLength: 16,
    flags: StunFlag.HasData,
  });
});

test("a channel of RFC 5766's range is taken from a flow that is STUN, and claims none", () => {
  const result = dissectOnce(stun, bytesOf('7fff0004 80000001'));
  expect(result).toMatchObject({ verdict: Verdict.Ok, confidence: Confidence.None, rows: [{ channel: 0x7fff }] });
});

test('takes one message after the other from a stream, and waits for what is not there', () => {
  const names: StunSampleName[] = ['request', 'channelDataFilled', 'channelData', 'sendIndication', 'framed', 'frame'];
  const stream = Uint8Array.from(names.flatMap((name) => [...sample(name)]));
  const sizes: number[] = [];
  for (let at = 0; at < stream.length; at += sizes.at(-1) ?? stream.length) {
    const whole = dissectOnce(stun, stream.subarray(at), STREAM);
    expect([whole.verdict, whole.rows.length, whole.issues]).toEqual([Verdict.Ok, 1, []]);
    for (let length = 1; length < whole.consumed; length++) {
      expect(dissectOnce(stun, stream.subarray(at, at + length), STREAM).verdict).toBe(Verdict.NeedMore);
    }
    sizes.push(whole.consumed);
  }
  expect(sizes).toEqual(names.map((name) => sample(name).length));
});

test.each([
  ['a right fingerprint', 'request', Confidence.Certain],
  ['no fingerprint', 'longTerm', Confidence.Strong],
  ['ChannelData with RTP', 'channelData', Confidence.Weak],
  ['RFC 3489', 'classicRequest', Confidence.None],
  ['the cookie of MS-TURN', 'msAllocate', Confidence.Strong],
] as const)('probes %s', (_, name, confidence) => {
  expect(dissectOnce(stun, sample(name)).confidence).toBe(confidence);
});

test.each([
  ['STUN', 'request', Confidence.Certain],
  ['a frame with STUN', 'framed', Confidence.Strong],
  ['a frame with something else', 'frame', Confidence.None],
] as const)('probes %s of a stream', (_, name, confidence) => {
  expect(dissectOnce(stun, sample(name), STREAM).confidence).toBe(confidence);
});

test.each([
  ['RTP', '80000001 000000a0 deadbeef'],
  ['DTLS', '16fefd0000000000000000003001000024'],
  ['DNS', '000101000001000000000000076578616d706c6503636f6d0000010001'],
  ['an IPv4 packet', '4500001c00000000401100000a0000010a000002 0fa00fa000080000'],
  ['ChannelData whose length lies', '40010011 80000001 000000a0 deadbeef 01020304'],
  ['a channel past 0x7fff', '80000004 01020304'],
  ['RFC 3489 with a length that does not fit', '0001000c 0f0e0d0c b7e7a701bc34d686fa87dfae 00030004 00000000'],
  ['RFC 3489 with attributes that do not fill it', '00010008 0f0e0d0c b7e7a701bc34d686fa87dfae 00030008 00000000'],
  ['RFC 3489 with a type that it has not', '00110000 0f0e0d0c b7e7a701bc34d686fa87dfae'],
  ['three octets', '000100'],
  ['nothing', ''],
])('rejects %s', (_, hex) => {
  const result = dissectOnce(stun, bytesOf(hex));
  expect([result.verdict, result.confidence, result.rows]).toEqual([Verdict.Reject, Confidence.None, []]);
});

test.each([
  ['a TLS record', '1603010010 010000'],
  ['text', '474554202f20485454502f312e31'],
  ['a length with nothing known behind it', '0010 41424344 45464748 494a'],
])('rejects %s of a stream', (_, hex) => {
  expect(dissectOnce(stun, bytesOf(hex), STREAM).verdict).toBe(Verdict.Reject);
});

const HEAD = '2112a442 b7e7a701bc34d686fa87dfae';

test.each([
  ['a length past the end', `00010004 ${HEAD}`, 'stun-length', 2],
  ['a length that is no multiple of 4', `00010002 ${HEAD} 0000`, 'stun-length', 2],
  ['octets after the message', `00010000 ${HEAD} 00000000`, 'stun-trailing-octets', 20],
  ['an attribute past the end', `00010008 ${HEAD} 80220005 61626364`, 'stun-attribute-length', 22],
  ['an address that is too short', `01010008 ${HEAD} 00200004 00010001`, 'stun-attribute-short', 22],
  ['an IPv6 address of four octets', `0101000c ${HEAD} 00200008 00020001 01020304`, 'stun-attribute-short', 22],
  ['an address of no family', `0101000c ${HEAD} 00200008 00030001 01020304`, 'stun-address-family', 25],
  ['an error code that is too short', `01110008 ${HEAD} 00090002 00000000`, 'stun-attribute-short', 22],
])('reports %s', (_, hex, code, at) => {
  const result = dissectOnce(stun, bytesOf(hex));
  expect(result.verdict).toBe(Verdict.Malformed);
  expect(result.rows.length).toBe(1);
  expect(result.issues[0]).toEqual({ code, at });
});

test('says that a fingerprint is wrong, or not the last attribute', () => {
  const wrong = sample('request');
  wrong[30] ^= 1;
  expect(dissectOnce(stun, wrong)).toMatchObject({
    verdict: Verdict.Ok,
    confidence: Confidence.Strong,
    issues: [{ code: 'stun-fingerprint', at: 104 }],
  });
  const early = bytesOf(`00010010 ${HEAD} 80280004 00000000 00240004 6e0001ff`);
  expect(dissectOnce(stun, early).issues).toEqual([{ code: 'stun-fingerprint-not-last', at: 20 }]);
});

test('reads nothing after an integrity attribute, and of two attributes the first', () => {
  const after = bytesOf(`00010020 ${HEAD} 00080014 ${'00'.repeat(20)} 00240004 6e0001ff`);
  expect(dissectOnce(stun, after).rows[0]).toMatchObject({ priority: 0, flags: StunFlag.Integrity });
  const twice = bytesOf(`00010010 ${HEAD} 00240004 6e0001ff 00240004 00000001`);
  expect(dissectOnce(stun, twice).rows[0]).toMatchObject({ priority: 0x6e0001ff });
});

test('an address with XOR counts before one without, whichever comes first', () => {
  const plain = '00010008 0001 0fa0 0a000001';
  const xored = '00200008 0001 2eb3 2b12a440';
  for (const both of [`${plain} ${xored}`, `${xored} ${plain}`]) {
    const { rows } = dissectOnce(stun, bytesOf(`01010018 ${HEAD} ${both}`));
    expect(rows[0]?.mappedAddress).toBe('10.0.0.2:4001');
  }
});

test('cut at every length: no fault of the sender, and the flag', () => {
  for (const name of Object.keys(stunSamples) as StunSampleName[]) {
    if (name === 'framed' || name === 'frame') continue;
    const whole = sample(name);
    for (let length = 0; length < whole.length; length++) {
      const { verdict, rows, issues } = dissectOnce(stun, whole.subarray(0, length), { truncated: true });
      expect(issues).toEqual([]);
      if (verdict !== Verdict.Reject) expect(Number(rows[0]?.flags) & StunFlag.Truncated).not.toBe(0);
      expect([Verdict.Ok, Verdict.Reject]).toContain(verdict);
    }
  }
});

test.each([
  ['request', 'Binding Request user: evtj:h6vY'],
  ['allocateError', 'Allocate Error Response 401 Unauthorized realm: example.org'],
  [
    'allocated',
    'Allocate Success Response XOR-RELAYED-ADDRESS: 10.0.0.1:4000 XOR-MAPPED-ADDRESS: 10.0.0.1:4000 lifetime: 0 ALTERNATE-SERVER: 10.0.0.1:4000',
  ],
  ['permissions', 'CreatePermission Request XOR-PEER-ADDRESS: 10.0.0.1:4000 XOR-PEER-ADDRESS: 10.0.0.2:4001'],
  ['channelBind', 'ChannelBind Request channel: 0x4001 XOR-PEER-ADDRESS: 10.0.0.1:4000'],
  ['unknownAttributes', 'Binding Error Response 420 Unknown Attribute'],
  ['browser', 'Binding Request use-candidate'],
  ['classicResponse', 'Binding Success Response MAPPED-ADDRESS: 10.0.0.1:4000'],
  ['channelData', 'ChannelData 0x4001, 16 octets'],
] as const)('summarizes %s', (name, line) => {
  expect(summarizeOnce(stun, sample(name))).toBe(line);
});
