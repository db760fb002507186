import { expect, test } from 'vitest';
import { StringTable } from '../../base/string-table.ts';
import { Verdict } from '../dissector.ts';
import {
  describeToTree,
  dissectOnce,
  type FakeNode,
  fieldValues,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { SdpDirection, SdpFlag, SdpSetup, sdp } from './sdp.ts';

const crlf = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;
const codes = (result: { issues: readonly { code: string }[] }): string[] => result.issues.map((issue) => issue.code);

/** RFC 8866 section 5, the example. */
const EXAMPLE = crlf(
  'v=0',
  'o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1',
  's=Call to John Smith',
  'i=SDP Offer #1',
  'u=http://www.jdoe.example.com/home.html',
  'e=Jane Doe <jane@jdoe.example.com>',
  'p=+1 617 555-6011',
  'c=IN IP4 198.51.100.1',
  't=0 0',
  'm=audio 49170 RTP/AVP 0',
  'm=audio 49180 RTP/AVP 0',
  'm=video 51372 RTP/AVP 99',
  'c=IN IP6 2001:db8::2',
  'a=rtpmap:99 h263-1998/90000',
);

test('a row for each media section, with what is in effect for it', () => {
  const result = dissectOnce(sdp, EXAMPLE);
  expect([result.verdict, result.issues]).toEqual([Verdict.Ok, []]);
  const first = {
    index: 0,
    media: 'audio',
    port: 49_170,
    portCount: 1,
    protocol: 'RTP/AVP',
    address: '198.51.100.1',
    direction: SdpDirection.sendrecv,
    rtcpPort: 0,
    flags: 0,
    formats: '0',
    crypto: '',
    ssrcs: '',
    mid: '',
    fingerprint: '',
    setup: SdpSetup.none,
    ufrag: '',
    pwd: '',
    encryptedExtensions: '',
  };
  expect(result.rows).toEqual([
    first,
    { ...first, index: 1, port: 49_180 },
    {
      ...first,
      index: 2,
      media: 'video',
      port: 51_372,
      address: '2001:db8::2',
      formats: '99\nrtpmap:99 h263-1998/90000',
    },
  ]);
});

test('everything a section may say', () => {
  const text = crlf(
    'v=0',
    'o=- 1 2 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=fingerprint:sha-256 AA:BB',
    'a=setup:actpass',
    'a=recvonly',
    'a=ice-ufrag:sess',
    'a=ice-pwd:sesspwd',
    'm=audio 9/2 UDP/TLS/RTP/SAVPF 111   0',
    'c=IN IP4 224.2.1.1/127/3',
    'a=mid:a1',
    'a=rtpmap:111 opus/48000/2',
    'a=ptime:20',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=maxptime:120',
    'a=inactive',
    'a=setup:active',
    'a=ice-ufrag:mine',
    'a=rtcp-mux',
    'a=rtcp:53020 IN IP4 126.16.64.4',
    'a=ssrc:11 cname:x',
    'a=ssrc:11 msid:y',
    'a=ssrc:12 cname:x',
    'm=video 0 RTP/SAVP 31',
    'a=crypto:1 F8_128_HMAC_SHA1_80 inline:A',
    'a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:B',
    'm=video 0 RTP/SAVPF 96',
    'a=bundle-only',
  );
  const [audio, rejected, bundled] = dissectOnce(sdp, text).rows;
  expect(audio).toMatchObject({
    portCount: 2,
    address: '224.2.1.1',
    direction: SdpDirection.inactive,
    rtcpPort: 53_020,
    flags: SdpFlag.rtcpMux | SdpFlag.fingerprint | SdpFlag.ice,
    formats: '111 0\nrtpmap:111 opus/48000/2\nptime:20\nfmtp:111 minptime=10;useinbandfec=1\nmaxptime:120',
    ssrcs: '11 12',
    mid: 'a1',
    fingerprint: 'sha-256 AA:BB',
    setup: SdpSetup.active,
    ufrag: 'mine',
    pwd: 'sesspwd',
  });
  expect(rejected).toMatchObject({
    direction: SdpDirection.recvonly,
    flags: SdpFlag.crypto | SdpFlag.fingerprint | SdpFlag.ice | SdpFlag.rejected,
    crypto: '1 F8_128_HMAC_SHA1_80 inline:A\n2 AES_CM_128_HMAC_SHA1_32 inline:B',
    setup: SdpSetup.actpass,
    ufrag: 'sess',
    address: '',
  });
  expect(bundled).toMatchObject({ index: 2, flags: SdpFlag.bundleOnly | SdpFlag.fingerprint | SdpFlag.ice });
});

test('damage is reported with its place, and the rest is read', () => {
  const text = 'v=0\nrubbish\nm=audio none RTP/AVP 0\na=sendonly\nm=video 4 RTP/AVP 31\n';
  const result = dissectOnce(sdp, text);
  expect(result.verdict).toBe(Verdict.Malformed);
  expect(result.issues).toEqual([
    { code: 'sdp-bad-line', at: 4 },
    { code: 'sdp-bad-media', at: 12 },
  ]);
  expect(result.rows.map((row) => [row.media, row.port, row.direction])).toEqual([
    ['audio', 0, SdpDirection.sendonly],
    ['video', 4, SdpDirection.sendrecv],
  ]);
});

test.each([
  ['m=audio 70000 RTP/AVP 0', ['sdp-bad-media']],
  ['m=audio 7 RTP/AVP', ['sdp-bad-media']],
  ['m=audio', ['sdp-bad-media']],
  ['m=', ['sdp-bad-media']],
  ['a=rtpmap:1 x/1', ['sdp-no-media']],
])('%s', (line, expected) => {
  expect(codes(dissectOnce(sdp, `v=0\r\n${line}\r\n`))).toEqual(expected);
});

test('no version and no media', () => {
  expect(codes(dissectOnce(sdp, 's=-\r\n'))).toEqual(['sdp-no-media', 'sdp-missing-version']);
});

test('sections beyond the bound are not read', () => {
  const result = dissectOnce(sdp, `v=0\n${'m=audio 2 RTP/AVP 0\n'.repeat(300)}`);
  expect([result.verdict, result.rows.length, codes(result)]).toEqual([Verdict.Malformed, 255, ['sdp-too-many-media']]);
});

test('a description that the capture cut is not called malformed', () => {
  for (let length = 3; length <= EXAMPLE.length; length++) {
    const result = dissectOnce(sdp, EXAMPLE.slice(0, length), { truncated: true });
    expect([length, result.verdict, result.issues]).toEqual([length, Verdict.Ok, []]);
  }
});

test('the tree covers every octet and names fields as Wireshark does', () => {
  const text = EXAMPLE.replace('RTP/AVP 0', 'RTP/AVP 0 8').replace(
    'a=rtpmap:99',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\na=rtpmap:99',
  );
  const tree = describeToTree(sdp, text);
  expect(uncoveredOctets(tree, text.length)).toEqual([]);
  const value = (name: string): FakeNode['value'][] => fieldValues(tree, name);
  expect(value('sdp.owner.sessionid')).toEqual([3_724_394_400]);
  expect(value('sdp.connection_info.address')).toEqual(['198.51.100.1', '2001:db8::2']);
  expect(value('sdp.media.port')).toEqual([49_170, 49_180, 51_372]);
  expect(value('sdp.media.format')).toEqual([0, 8, 0, 99, 99]);
  expect(value('sdp.mime.type')).toEqual(['h263-1998']);
  expect(value('sdp.sample_rate')).toEqual([90_000]);
  // base64 -d of the key, in hexadecimal: 16 octets of key, 14 of salt (RFC 4568 section 6.2.1).
  expect(value('sdp.crypto.master_key')).toEqual(['59535f5f5f73656d63746c202829207b']);
  expect(value('sdp.crypto.master_salt')).toEqual(['093232303b7d0a7d0a756e6c6573']);
});

test('the line of the packet list', () => {
  expect(summarizeOnce(sdp, EXAMPLE)).toBe('audio 49170 (PCMU), audio 49180 (PCMU), video 51372 (h263-1998)');
});

test('what a section says behind its port is the same when it is said again, whatever stands before it', () => {
  const rest = 'RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=mid:x\r\na=rtcp:4001\r\na=sendonly\r\n';
  const strings = new StringTable();
  const results = [
    'v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000',
    'v=0\r\nc=IN IP4 192.0.2.2\r\na=ice-lite\r\nm=audio 0',
    'v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000',
    'v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 70000',
    'c=IN IP4 192.0.2.2\r\nm=audio 5000',
  ].map((head) => dissectOnce(sdp, `${head} ${rest}`, { strings }));
  expect(results.map((result) => codes(result))).toEqual([[], [], [], ['sdp-bad-media'], ['sdp-missing-version']]);
  const said = {
    protocol: 'RTP/AVP',
    formats: '8 101\nrtpmap:101 telephone-event/8000',
    mid: 'x',
    rtcpPort: 4001,
    direction: SdpDirection.sendonly,
  };
  for (const { rows } of results) expect(rows).toMatchObject([said]);
  expect(results.map(({ rows: [row] }) => row?.port)).toEqual([4000, 0, 5000, 0, 5000]);
  expect(results.map(({ rows: [row] }) => row?.flags)).toEqual([0, SdpFlag.ice | SdpFlag.rejected, 0, 0, 0]);
  expect(results.map(({ rows: [row] }) => row?.address)).toEqual(['192.0.2.1', ...Array<string>(4).fill('192.0.2.2')]);
});
