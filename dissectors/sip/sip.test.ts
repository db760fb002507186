import { octetsHash } from '../../base/hash.ts';
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { Table } from '../../base/table.ts';
import { expect, test } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import { dissectOnce, FakeContext, summarizeOnce, toBytes } from '../testing/fake-context.ts';
import { SIP_METHODS, SipFlag, SipMethod, sip, UNREADABLE_STATUS } from './sip.ts';

const branchHash = (text: string): number => octetsHash(toBytes(text), 0, text.length);

const crlf = (...lines: readonly string[]): string => lines.join('\r\n');
const codes = (result: { issues: readonly { code: string }[] }): string[] => result.issues.map((issue) => issue.code);

/** RFC 3261 section 24.2, message F1, with a short body in place of Alice's. */
const BODY = crlf('v=0', 'o=alice 1 1 IN IP4 pc33.atlanta.com', 's=-', 't=0 0', 'm=audio 49172 RTP/AVP 0', '');
const INVITE = crlf(
  'INVITE sip:bob@biloxi.com SIP/2.0',
  'Via: SIP/2.0/TCP pc33.atlanta.com;branch=z9hG4bKnashds8',
  'Max-Forwards: 70',
  'To: Bob <sip:bob@biloxi.com>',
  'From: Alice <sip:alice@atlanta.com>;tag=1928301774',
  'Call-ID: a84b4c76e66710',
  'CSeq: 314159 INVITE',
  'Contact: <sip:alice@pc33.atlanta.com>',
  'Content-Type: application/sdp',
  `Content-Length: ${BODY.length}`,
  '',
  BODY,
);

test('a request fills its columns', () => {
  const result = dissectOnce(sip, INVITE);
  expect(result.verdict).toBe(Verdict.Ok);
  expect(result.confidence).toBe(Confidence.Strong);
  expect(result.issues).toEqual([]);
  expect(result.rows).toEqual([
    {
      method: SipMethod.INVITE,
      status: 0,
      cseq: 314_159,
      cseqMethod: SipMethod.INVITE,
      callId: 'a84b4c76e66710',
      fromTag: '1928301774',
      toTag: '',
      branch: branchHash('z9hG4bKnashds8'),
      from: 'Alice <sip:alice@atlanta.com>',
      to: 'Bob <sip:bob@biloxi.com>',
      requestUri: 'sip:bob@biloxi.com',
      reason: '',
      contact: '<sip:alice@pc33.atlanta.com>',
      userAgent: '',
      flags: SipFlag.sdp,
      expires: 0,
      rseq: 0,
      reasonHeader: '',
      referTo: '',
      replaces: '',
      event: '',
    },
  ]);
  expect(result.children).toEqual([
    { mediaType: 'application/sdp', at: INVITE.length - BODY.length, length: BODY.length, row: 0 },
  ]);
});

test('a response fills its columns, from compact forms and line feeds alone', () => {
  const text = [
    'SIP/2.0 183 Session Progress',
    'v: SIP/2.0/UDP 192.0.2.1;rport=5;branch=z9hG4bKa, SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKb',
    'V : SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKc;x="a, b"',
    'f: sip:a@b.example;tag=one',
    't: "T, \\"x\\" <y>;tag=no" <sip:t@u;tag=uri>;x=y;tag=two;z',
    'i: c1',
    'CSEQ:  7   INVITE  ',
    'Server: Test 1.0',
    'RSeq: 988789',
    'Expires: 0',
    'Reason: SIP;cause=302',
    'Route: <sip:p;lr>',
    'Proxy-Authorization: Digest x=y',
    'l: 0',
    '',
    '',
  ].join('\n');
  const [row] = dissectOnce(sip, text).rows;
  expect(row).toMatchObject({
    method: 0,
    status: 183,
    reason: 'Session Progress',
    branch: branchHash('z9hG4bKa'),
    fromTag: 'one',
    from: 'sip:a@b.example',
    toTag: 'two',
    to: '"T, \\"x\\" <y>;tag=no" <sip:t@u;tag=uri>;x=y;tag=two;z',
    callId: 'c1',
    cseq: 7,
    userAgent: '',
    rseq: 988_789,
    expires: 1,
    reasonHeader: 'SIP;cause=302',
    flags: SipFlag.authorization | SipFlag.route,
  });
});

test('every listed method has its number', () => {
  for (const [id, name] of SIP_METHODS.entries()) {
    if (id === 0) continue;
    const text = INVITE.replace('INVITE', name).replace('314159 INVITE', `314159 ${name}`);
    expect(dissectOnce(sip, text).rows[0]).toMatchObject({ method: id, cseqMethod: id });
  }
});

test('an extension method is a sound request', () => {
  const text = INVITE.replaceAll('INVITE', 'FUTURE');
  const result = dissectOnce(sip, text);
  expect(result.verdict).toBe(Verdict.Ok);
  expect(result.rows[0]).toMatchObject({ method: 0, status: 0, cseqMethod: 0 });
});

test('From and To are kept of the first message of a Call-ID and of INVITE, Contact of what sets up', () => {
  const strings = new StringTable();
  const first = dissectOnce(sip, INVITE.replaceAll('INVITE', 'ACK'), { strings }).rows[0];
  expect(first).toMatchObject({ from: 'Alice <sip:alice@atlanta.com>', to: 'Bob <sip:bob@biloxi.com>', contact: '' });
  const later = dissectOnce(sip, INVITE.replaceAll('INVITE', 'ACK'), { strings }).rows[0];
  expect(later).toMatchObject({ from: '', to: '', contact: '', fromTag: '1928301774', callId: 'a84b4c76e66710' });
  const invite = dissectOnce(sip, INVITE, { strings }).rows[0];
  expect(invite).toMatchObject({ from: 'Alice <sip:alice@atlanta.com>', contact: '<sip:alice@pc33.atlanta.com>' });
});

test('mandatory header fields that are missing are named', () => {
  const result = dissectOnce(sip, 'OPTIONS sip:a@b SIP/2.0\r\n\r\n');
  expect(result.verdict).toBe(Verdict.Malformed);
  expect(codes(result)).toEqual([
    'sip-missing-call-id',
    'sip-missing-cseq',
    'sip-missing-from',
    'sip-missing-to',
    'sip-missing-via',
  ]);
});

test('a datagram without blank line is read to its end', () => {
  const result = dissectOnce(sip, INVITE.slice(0, INVITE.indexOf('\r\nMax-')));
  expect(codes(result)).toContain('sip-missing-blank-line');
  expect(result.rows[0]).toMatchObject({ branch: branchHash('z9hG4bKnashds8'), flags: SipFlag.damaged });
});

test('a message that the capture cut is not called malformed', () => {
  for (let length = 40; length < INVITE.length; length++) {
    const result = dissectOnce(sip, INVITE.slice(0, length), { truncated: true });
    expect([length, result.verdict, codes(result)]).toEqual([length, Verdict.Ok, []]);
    expect(Number(result.rows[0].flags) & SipFlag.damaged).toBe(SipFlag.damaged);
  }
});

test('Content-Length and datagram that differ', () => {
  const longer = dissectOnce(sip, INVITE.replace(/Content-Length: \d+/, 'Content-Length: 9999'));
  expect([longer.verdict, codes(longer)]).toEqual([Verdict.Malformed, ['content-length-mismatch']]);
  expect(longer.children[0].length).toBe(BODY.length);
  const shorter = dissectOnce(sip, INVITE.replace(/Content-Length: \d+/, 'Content-Length: 5'));
  expect([shorter.verdict, codes(shorter), shorter.children[0].length]).toEqual([
    Verdict.Ok,
    ['content-length-mismatch'],
    5,
  ]);
  expect(codes(dissectOnce(sip, `${INVITE}\r\n\r\n`))).toEqual([]);
});

test('the body is counted in octets, not characters', () => {
  const body = 'größer';
  const text = INVITE.slice(0, INVITE.indexOf('Content-Type')).concat(
    crlf('Content-Type: text/plain', `Content-Length: ${toBytes(body).length}`, '', body),
  );
  const result = dissectOnce(sip, text);
  expect(result.issues).toEqual([]);
  expect(result.children[0]).toMatchObject({ mediaType: 'text/plain', length: 8 });
  expect(result.rows[0]).toMatchObject({ flags: SipFlag.otherBody });
});

test('compressed bodies are flagged and not handed on', () => {
  const result = dissectOnce(sip, INVITE.replace('Content-Type', 'e: gzip\r\nContent-Type'));
  expect(codes(result)).toEqual(['encoded-body']);
  expect(result.children).toEqual([]);
  expect(result.rows[0]).toMatchObject({ flags: SipFlag.otherBody });
});

test('a session description without Content-Type is found', () => {
  const result = dissectOnce(sip, INVITE.replace('Content-Type: application/sdp\r\n', ''));
  expect(codes(result)).toEqual(['sip-missing-content-type']);
  expect(result.children[0].mediaType).toBe('application/sdp');
});

test('a stream: more is asked for until the message is there, then just its octets are taken', () => {
  const bytes = toBytes(INVITE);
  for (let length = 1; length < bytes.length; length++) {
    const part = dissectOnce(sip, bytes.subarray(0, length), { transport: 'tcp' });
    expect([length, part.verdict, part.consumed]).toEqual([length, Verdict.NeedMore, 0]);
  }
  const two = dissectOnce(sip, `\r\n${INVITE}BYE sip:a@b SIP/2.0\r\n`, { transport: 'tcp' });
  expect([two.verdict, two.consumed, two.rows.length]).toEqual([Verdict.Ok, bytes.length + 2, 1]);
});

test('a response over a stream is waited for from its first octet on', () => {
  const bytes = toBytes('SIP/2.0 200 OK\r\n');
  for (let length = 1; length <= bytes.length; length++) {
    expect(dissectOnce(sip, bytes.subarray(0, length), { transport: 'tcp' }).verdict).toBe(Verdict.NeedMore);
  }
});

test('a stream without Content-Length ends the message with the header', () => {
  const result = dissectOnce(sip, INVITE.replace(/Content-Length.*\r\n/, ''), { transport: 'tcp' });
  expect(codes(result)).toEqual(['sip-missing-content-length']);
  expect(result.consumed).toBe(INVITE.replace(/Content-Length.*\r\n/, '').length - BODY.length);
});

test('a header without end is not waited for for ever', () => {
  const endless = `INVITE sip:a@b SIP/2.0\r\n${'X: y\r\n'.repeat(11_000)}`;
  const result = dissectOnce(sip, endless, { transport: 'tcp' });
  expect([result.verdict, result.consumed]).toEqual([Verdict.Malformed, endless.length]);
});

test.each([
  ['CRLF CRLF, RFC 5626 ping', '\r\n\r\n', 'tcp'],
  ['CRLF, RFC 5626 pong', '\r\n', 'tcp'],
  ['CRLF CRLF over UDP', '\r\n\r\n', 'udp'],
  ['four zeros', '\0\0\0\0', 'udp'],
  ['jaK', 'jaK\0', 'udp'],
] as const)('keep-alive: %s', (_, text, transport) => {
  const result = dissectOnce(sip, text, { transport });
  expect([result.verdict, result.rows.length, result.consumed]).toEqual([Verdict.Ok, 0, text.length]);
  expect(summarizeOnce(sip, text, { transport })).toBe('Keep-alive');
});

test.each([
  ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
  ['RTSP', 'OPTIONS * RTSP/1.0\r\n\r\n'],
  ['a TLS record', '\u0016\u0003\u0001\u0002\0\u0001'],
  ['a STUN header', '\0\u0001\0\0!\u0012\u0024B'],
  ['text', 'hello world\r\n'],
  ['nothing', ''],
])('%s on the port is not SIP', (_, text) => {
  for (const transport of ['udp', 'tcp'] as const) {
    const result = dissectOnce(sip, text, { transport });
    expect([result.verdict, result.confidence, result.issues]).toEqual([Verdict.Reject, Confidence.None, []]);
  }
});

test('octets glued to a method are an extension method: they cannot be told apart', () => {
  const result = dissectOnce(sip, INVITE.replace('INVITE', 'DBINVITE').replace('314159 INVITE', '314159 DBINVITE'));
  expect([result.verdict, result.rows[0].method]).toEqual([Verdict.Ok, SipMethod.unknown]);
});

test.each([
  ['SIP/2.0 4294967301 better not break the receiver', UNREADABLE_STATUS],
  ['SIP/2.0 99 low', UNREADABLE_STATUS],
  ['SIP/2.0 abc', UNREADABLE_STATUS],
  ['SIP/2.0 700 high', 700],
])('status line %s', (line, status) => {
  const result = dissectOnce(sip, INVITE.replace(/^.*\r\n/, `${line}\r\n`));
  expect(result.verdict).toBe(Verdict.Malformed);
  expect(codes(result)).toEqual(['sip-bad-status-line']);
  expect(result.rows[0].status).toBe(status);
});

test('the version is compared in any case', () => {
  const result = dissectOnce(sip, INVITE.replace('SIP/2.0\r\n', 'sip/2.0\r\n'));
  expect([result.verdict, result.confidence]).toEqual([Verdict.Ok, Confidence.Strong]);
});

test('equal values have equal ids, whatever the tag', () => {
  const other = INVITE.replace('1928301774', 'other');
  expect(dissectOnce(sip, other).rows[0].from).toBe(dissectOnce(sip, INVITE).rows[0].from);
});

test('the line of the packet list', () => {
  expect(summarizeOnce(sip, INVITE)).toBe('INVITE sip:bob@biloxi.com | SDP (PCMU)');
  const ok = INVITE.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')
    .slice(0, -BODY.length)
    .replace(/Content-L.*/, 'l: 0');
  expect(summarizeOnce(sip, ok)).toBe('200 OK (INVITE)');
});

test('a request cut inside its method shows nothing of the message before it', () => {
  dissectOnce(sip, INVITE);
  const around = toBytes('Call-ID: outside\r\n\r\nBYE');
  // Where the URI of the INVITE stood, these octets have a scheme and a colon.
  const cut = new Octets(around, around.length - 3, 3);
  const table = new Table(sip.columns);
  expect(sip.dissect(cut, table, new FakeContext({ truncated: true }))).toBe(Verdict.Reject);
  expect(table.count).toBe(0);
});
