import { expect, test } from 'vitest';
import { parseCandidate } from './parse-candidate.ts';
import { parseCrypto } from './parse-crypto.ts';
import { parseFormats } from './parse-formats.ts';
import { parseSdp } from './parse-sdp.ts';
import { STATIC_PAYLOAD_TYPES } from './static-payload-types.ts';

const crlf = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

test('session lines', () => {
  // The lines of RFC 8866 section 5, with b= of 5.8, t=, r= and z= of 5.9 to 5.11.
  const session = parseSdp(
    crlf(
      'v=0',
      'o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1',
      's=Call to John Smith',
      'i=SDP Offer #1',
      'u=http://www.jdoe.example.com/home.html',
      'e=Jane Doe <jane@jdoe.example.com>',
      'p=+1 617 555-6011',
      'c=IN IP4 233.252.0.1/127/3',
      'b=X-YZ:128',
      't=3724394400 3724398000',
      'r=7d 1h 0 25h',
      'z=3730928400 -1h 3749680800 0',
      'k=prompt',
      'a=tool:x y',
    ),
  );
  expect(session).toMatchObject({
    version: '0',
    origin: {
      username: 'jdoe',
      sessionId: '3724394400',
      sessionVersion: '3724394405',
      netType: 'IN',
      addrType: 'IP4',
      address: '198.51.100.1',
    },
    name: 'Call to John Smith',
    information: 'SDP Offer #1',
    uri: 'http://www.jdoe.example.com/home.html',
    emails: ['Jane Doe <jane@jdoe.example.com>'],
    phones: ['+1 617 555-6011'],
    connection: { netType: 'IN', addrType: 'IP4', address: '233.252.0.1', ttl: 127, count: 3 },
    bandwidths: [{ type: 'X-YZ', value: 128 }],
    timings: [{ start: '3724394400', stop: '3724398000', repeats: ['7d 1h 0 25h'] }],
    timeZones: '3730928400 -1h 3749680800 0',
    key: 'prompt',
    media: [],
    issues: [],
  });
  expect(session.attributes.all).toEqual([{ name: 'tool', value: 'x y' }]);
});

test('the attributes of a WebRTC offer', () => {
  const session = parseSdp(
    crlf(
      'v=0',
      'a=group:BUNDLE a1 v1',
      'a=ice-options:trickle ice2',
      'm=audio 49170/2 UDP/TLS/RTP/SAVPF 96 0',
      'c=IN IP6 FF1E:03AD::7F2E:172A:1E24/3',
      'a=mid:a1',
      'a=sendonly',
      'a=rtpmap:96 opus/48000/2',
      'a=fmtp:96 maxplaybackrate=48000;stereo=1',
      'a=ptime:20',
      'a=maxptime:120',
      'a=rtcp:1 IN IP4 192.0.2.1',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=rtcp-fb:* nack',
      'a=rtcp-fb:96 ccm fir',
      'a=extmap:1/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on',
      'a=ssrc:4294967295 cname:a:b',
      'a=ssrc-group:FID 1 2',
      'a=msid:stream track',
      'a=rid:1 send pt=96;max-width=1280',
      'a=simulcast:send 1;~2 recv 3',
      'a=fingerprint:SHA-256 19:E2',
      'a=setup:actpass',
      'a=ice-ufrag:ETEn1v9DoTMB9J4r',
      'a=ice-pwd:OtSK0WpNtpUjkY4+86js7ZQl',
      'a=end-of-candidates',
      'a=bundle-only',
      'a=label:7',
      'a=content:main',
      'a=X-new:1',
    ),
  );
  expect(session.issues).toEqual([]);
  expect(session.attributes).toMatchObject({
    groups: [{ semantics: 'BUNDLE', mids: ['a1', 'v1'] }],
    iceOptions: ['trickle', 'ice2'],
  });
  const [media] = session.media;
  expect(media).toMatchObject({ media: 'audio', port: 49_170, portCount: 2, formats: ['96', '0'] });
  expect(media.connections[0]).toMatchObject({ address: 'FF1E:03AD::7F2E:172A:1E24', ttl: 0, count: 3 });
  expect(media.attributes).toMatchObject({
    mid: 'a1',
    direction: 'sendonly',
    rtpmaps: [{ payloadType: 96, encoding: 'opus', clockRate: 48_000, channels: 2 }],
    fmtps: [{ payloadType: 96, parameters: 'maxplaybackrate=48000;stereo=1' }],
    ptimeMs: 20,
    maxptimeMs: 120,
    rtcp: { port: 1, address: '192.0.2.1' },
    rtcpMux: true,
    rtcpRsize: true,
    rtcpFeedback: [
      { payloadType: null, value: 'nack' },
      { payloadType: 96, value: 'ccm fir' },
    ],
    extmaps: [
      { id: 1, direction: 'sendonly', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', attributes: 'vad=on' },
    ],
    ssrcs: [{ ssrc: 4_294_967_295, name: 'cname', value: 'a:b' }],
    ssrcGroups: [{ semantics: 'FID', ssrcs: [1, 2] }],
    msids: [{ id: 'stream', track: 'track' }],
    rids: [{ id: '1', direction: 'send', parameters: 'pt=96;max-width=1280' }],
    simulcast: 'send 1;~2 recv 3',
    fingerprints: [{ hash: 'sha-256', value: '19:E2' }],
    setup: 'actpass',
    iceUfrag: 'ETEn1v9DoTMB9J4r',
    icePwd: 'OtSK0WpNtpUjkY4+86js7ZQl',
    endOfCandidates: true,
    bundleOnly: true,
    label: '7',
    content: 'main',
  });
  expect(media.attributes.all.at(-1)).toEqual({ name: 'X-new', value: '1' });
});

test('malformed lines are kept with line and place', () => {
  const text = 'v=0\r\nnonsense\r\nq=1\r\nm=audio x RTP/AVP 0\r\na=rtpmap:zero\r\na=candidate:1\r\nt=0 0\r\n';
  expect(parseSdp(text).issues).toEqual([
    { code: 'sdp-bad-line', line: 2, at: 5, text: 'nonsense' },
    { code: 'sdp-unknown-type', line: 3, at: 15, text: 'q=1' },
    { code: 'sdp-bad-value', line: 4, at: 20, text: 'm=audio x RTP/AVP 0' },
    { code: 'sdp-bad-value', line: 5, at: 41, text: 'a=rtpmap:zero' },
    { code: 'sdp-bad-value', line: 6, at: 56, text: 'a=candidate:1' },
    { code: 'sdp-unknown-type', line: 7, at: 71, text: 't=0 0' },
  ]);
});

test('crypto attributes, RFC 4568 sections 4 and 6.1', () => {
  const key = { key: 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj', lifetime: '2^20', mki: '1', mkiLength: 4 };
  expect(parseCrypto(`1 AES_CM_128_HMAC_SHA1_32 inline:${key.key}|2^20|1:4`)).toEqual({
    tag: 1,
    suite: 'AES_CM_128_HMAC_SHA1_32',
    ...key,
    keys: [key],
    sessionParameters: [],
  });
  const two = parseCrypto(
    '2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2:4;inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|1048576 FEC_ORDER=FEC_SRTP UNENCRYPTED_SRTCP',
  );
  expect(two?.keys.map(({ lifetime, mki, mkiLength }) => [lifetime, mki, mkiLength])).toEqual([
    [null, '2', 4],
    ['1048576', null, 0],
  ]);
  expect(two?.sessionParameters).toEqual(['FEC_ORDER=FEC_SRTP', 'UNENCRYPTED_SRTCP']);
});

test.each([
  '',
  '1',
  '1 S',
  'x S inline:AAAA',
  '1 S key:AAAA',
  '1 S inline:',
  '1 S inline:AA AA|x|y|z',
  '1 S inline:A|b',
])('not a crypto attribute: %s', (value) => {
  const parsed = parseCrypto(value);
  if (value.startsWith('1 S inline:AA ')) expect(parsed?.sessionParameters).toEqual(['AA|x|y|z']);
  else expect(parsed).toBeNull();
});

test('candidates, RFC 8839 section 5.1 and RFC 6544 section 4.5', () => {
  expect(parseCandidate('2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998')).toMatchObject({
    foundation: '2',
    component: 1,
    transport: 'udp',
    priority: 1_694_498_815,
    address: '192.0.2.3',
    port: 45_664,
    type: 'srflx',
    relatedAddress: '203.0.113.141',
    relatedPort: 8998,
  });
  expect(
    parseCandidate('candidate:1 1 TCP 2128609279 2001:db8::1 9 typ host tcptype active generation 0'),
  ).toMatchObject({
    transport: 'tcp',
    address: '2001:db8::1',
    tcpType: 'active',
    extensions: [{ name: 'generation', value: '0' }],
  });
  for (const bad of [
    '',
    '1 1 UDP 1 h 1',
    '1 1 UDP x h 1 typ host',
    '1 1 UDP 1 h 70000 typ host',
    '1 1 UDP 1 h 1 x host',
  ]) {
    expect(parseCandidate(bad)).toBeNull();
  }
});

test('formats: rtpmap, else the static meaning, else nothing', () => {
  const formats = parseFormats(
    '0 8 101 97 t38 200\nrtpmap:8 PCMA/8000/1\nrtpmap: 101 telephone-event/8000\nfmtp:101 0-16\nptime:20\nrtpmap:98 opus/48000/2\nrtpmap:98 other/1',
  );
  expect([...formats]).toEqual([
    [0, { encoding: 'PCMU', clockRate: 8000, channels: 1, fmtp: '' }],
    [8, { encoding: 'PCMA', clockRate: 8000, channels: 1, fmtp: '' }],
    [101, { encoding: 'telephone-event', clockRate: 8000, channels: 1, fmtp: '0-16' }],
    [98, { encoding: 'opus', clockRate: 48_000, channels: 2, fmtp: '' }],
  ]);
  expect(parseFormats('').size).toBe(0);
});

test('static payload types are those of RFC 3551 tables 4 and 5', () => {
  const table = [...STATIC_PAYLOAD_TYPES].map(([type, { encoding, clockRate, channels }]) =>
    [type, encoding, clockRate, channels].join(' '),
  );
  expect(table).toEqual(
    (
      '0 PCMU 8000 1,3 GSM 8000 1,4 G723 8000 1,5 DVI4 8000 1,6 DVI4 16000 1,7 LPC 8000 1,8 PCMA 8000 1,9 G722 8000 1,' +
      '10 L16 44100 2,11 L16 44100 1,12 QCELP 8000 1,13 CN 8000 1,14 MPA 90000 1,15 G728 8000 1,16 DVI4 11025 1,' +
      '17 DVI4 22050 1,18 G729 8000 1,25 CelB 90000 1,26 JPEG 90000 1,28 nv 90000 1,31 H261 90000 1,32 MPV 90000 1,' +
      '33 MP2T 90000 1,34 H263 90000 1'
    ).split(','),
  );
});
