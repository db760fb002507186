import { octetsHash } from '../../base/hash.ts';
/** Messages of RFC 4475, "Session Initiation Protocol (SIP) Torture Test Messages", by their section. */
import { expect, test } from 'vitest';
import { Verdict } from '../dissector.ts';
import { describeToTree, dissectOnce, fieldValues, toBytes, uncoveredOctets } from '../testing/fake-context.ts';
import { SipFlag, SipMethod, sip, UNREADABLE_STATUS } from './sip.ts';

const branchHash = (text: string): number => octetsHash(toBytes(text), 0, text.length);

const crlf = (...lines: readonly string[]): string => lines.join('\r\n');
const codes = (result: { issues: readonly { code: string }[] }): string[] => result.issues.map((issue) => issue.code);

/** Header fields that make the shorter examples whole. */
function message(startLine: string, replaced: Readonly<Record<string, string>> = {}, body = ''): string {
  const fields: Record<string, string> = {
    To: 'sip:user@example.com',
    From: '<sip:caller@example.net>;tag=134161461246',
    'Call-ID': 'torture@192.0.2.1',
    CSeq: `8 ${startLine.startsWith('SIP/') ? 'INVITE' : startLine.split(' ')[0]}`,
    Via: 'SIP/2.0/UDP 192.0.2.5;branch=z9hG4bKkdjuw3923',
    'Content-Length': `${toBytes(body).length}`,
    ...replaced,
  };
  return crlf(startLine, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), '', body);
}

test('3.1.1.1 a short tortuous INVITE', () => {
  const body = crlf(
    'v=0',
    'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
    's=-',
    'c=IN IP4 192.0.2.4',
    't=0 0',
    'm=audio 49217 RTP/AVP 0 12',
    'm=video 3227 RTP/AVP 31',
    'a=rtpmap:31 LPC',
    '',
  );
  const text = crlf(
    'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
    'TO :',
    ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
    'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
    '  ;',
    '  tag = 98asjd8',
    'MaX-fOrWaRdS: 0068',
    'Call-ID: wsinv.ndaksdj@192.0.2.1',
    'Content-Length   : 150',
    'cseq: 0009',
    '  INVITE',
    'Via  : SIP  /   2.0',
    ' /UDP',
    '    192.0.2.2;branch=390skdjuw',
    's :',
    'NewFangledHeader:   newfangled value',
    ' continued newfangled value',
    'UnknownHeaderWithUnusualValue: ;;,,;;,;',
    'Content-Type: application/sdp',
    'Route:',
    ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
    'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
    '  branch  =   z9hG4bK9ikj8  ,',
    ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
    ' z9hG4bK30239',
    'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
    '      newvalue ;',
    '  secondparam ; q = 0.33',
    '',
    body,
  );
  const result = dissectOnce(sip, text);
  expect([result.verdict, result.issues]).toEqual([Verdict.Ok, []]);
  expect(result.rows[0]).toMatchObject({
    method: SipMethod.INVITE,
    cseq: 9,
    cseqMethod: SipMethod.INVITE,
    callId: 'wsinv.ndaksdj@192.0.2.1',
    fromTag: '98asjd8',
    from: '"J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
    toTag: '1918181833n',
    to: 'sip:vivekg@chair-dnrc.example.com',
    branch: branchHash('390skdjuw'),
    requestUri: 'sip:vivekg@chair-dnrc.example.com;unknownparam',
    contact: '"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam = newvalue ; secondparam ; q = 0.33',
    flags: SipFlag.sdp | SipFlag.route,
  });
  // The RFC gives the length of this body as 150 octets.
  expect(result.children).toEqual([{ mediaType: 'application/sdp', at: text.length - 150, length: 150, row: 0 }]);
  const tree = describeToTree(sip, text);
  expect(uncoveredOctets(tree, text.length)).toEqual([]);
  expect(fieldValues(tree, 'sip.Via.branch')).toEqual(['390skdjuw', 'z9hG4bK9ikj8', 'z9hG4bK30239']);
  expect(fieldValues(tree, 'sip.Via.transport')).toEqual(['UDP', 'TCP', 'UDP']);
  expect(fieldValues(tree, 'sip.Via.sent-by.address')).toEqual(['192.0.2.2', 'spindle.example.com', '192.168.255.111']);
  expect(fieldValues(tree, 'sip.from.tag')).toEqual(['98asjd8']);
});

test('3.1.1.2 wide range of valid characters', () => {
  const method = "!interesting-Method0123456789_*+`.%indeed'~";
  const uri =
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
  const result = dissectOnce(
    sip,
    message(`${method} ${uri} SIP/2.0`, {
      From: `"BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007f" <sip:caller@example.net>;tag=_token~1'+\`*%!-.`,
      Via: "SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
    }),
  );
  expect([result.verdict, result.issues]).toEqual([Verdict.Ok, []]);
  expect(result.rows[0]).toMatchObject({
    method: SipMethod.unknown,
    requestUri: uri,
    fromTag: "_token~1'+`*%!-.",
    branch: branchHash("z9hG4bK-.!%66*_+`'~"),
  });
});

test('3.1.1.6 no white space between display name and <', () => {
  const [row] = dissectOnce(
    sip,
    message('OPTIONS sip:u@e SIP/2.0', { From: 'caller<sip:caller@example.com>;tag=323' }),
  ).rows;
  expect(row).toMatchObject({ from: 'caller<sip:caller@example.com>', fromTag: '323' });
});

test('3.1.1.8 extra trailing octets in a datagram', () => {
  const first = message('REGISTER sip:example.com SIP/2.0');
  const result = dissectOnce(sip, `${first}${message('INVITE sip:joe@example.com SIP/2.0')}`);
  expect([result.verdict, codes(result), result.rows.length]).toEqual([Verdict.Ok, ['content-length-mismatch'], 1]);
});

test('3.1.1.9 semicolon-separated parameters in the user part', () => {
  const uri = 'sip:user;par=u%40example.net@example.com';
  const tree = describeToTree(sip, message(`OPTIONS ${uri} SIP/2.0`));
  expect(fieldValues(tree, 'sip.r-uri.user')).toEqual(['user;par=u%40example.net']);
  expect(fieldValues(tree, 'sip.r-uri.host')).toEqual(['example.com']);
});

test('3.1.1.11 multipart MIME message', () => {
  const body = crlf(
    '--7a9cbec02ceef655',
    'Content-Type: text/plain',
    'Content-Transfer-Encoding: binary',
    '',
    'Hello',
    '--7a9cbec02ceef655',
    'Content-Type: application/octet-stream',
    '',
    '0\u0001\u0002',
    '--7a9cbec02ceef655--',
    '',
  );
  const text = message(
    'MESSAGE sip:kumiko@example.org SIP/2.0',
    { 'Content-Type': 'multipart/mixed;boundary=7a9cbec02ceef655' },
    body,
  );
  const result = dissectOnce(sip, text);
  expect(result.issues).toEqual([]);
  expect(result.children.map((part) => [part.mediaType, text.slice(part.at, part.at + part.length)])).toEqual([
    ['text/plain', 'Hello'],
    ['application/octet-stream', '0\u0001\u0002'],
  ]);
  expect(uncoveredOctets(describeToTree(sip, text), text.length)).toEqual([]);
});

test('3.1.1.12 unusual, and 3.1.1.13 empty, reason phrase', () => {
  const phrase = '= 2**3 * 5**2 но сто девяносто девять - простое';
  const [row] = dissectOnce(sip, message(`SIP/2.0 200 ${phrase}`)).rows;
  expect(row).toMatchObject({ status: 200, reason: phrase });
  const empty = dissectOnce(sip, message('SIP/2.0 100 '));
  expect([empty.verdict, empty.rows[0].reason]).toEqual([Verdict.Ok, '']);
});

test('3.1.2.1 extraneous header field separators', () => {
  const result = dissectOnce(
    sip,
    message('INVITE sip:user@example.com SIP/2.0', {
      Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,',
      Contact: '"Joe" <sip:joe@example.org>;;;;',
    }),
  );
  expect(result.rows[0]).toMatchObject({ branch: 0, contact: '"Joe" <sip:joe@example.org>;;;;' });
});

test('3.1.2.2 Content-Length larger than message', () => {
  const result = dissectOnce(sip, message('INVITE sip:user@example.com SIP/2.0', { 'Content-Length': '9999' }));
  expect([result.verdict, codes(result)]).toEqual([Verdict.Malformed, ['content-length-mismatch']]);
});

test('3.1.2.3 negative Content-Length', () => {
  const result = dissectOnce(sip, message('INVITE sip:user@example.com SIP/2.0', { 'Content-Length': '-999' }));
  expect([result.verdict, codes(result)]).toEqual([Verdict.Malformed, ['sip-bad-content-length']]);
});

test('3.1.2.4 and 3.1.2.5 overlarge numbers', () => {
  const result = dissectOnce(
    sip,
    message('REGISTER sip:example.com SIP/2.0', { CSeq: '36893488147419103232 REGISTER', Expires: '10000000000' }),
  );
  expect([result.verdict, codes(result)]).toEqual([Verdict.Malformed, ['sip-bad-cseq']]);
  expect(result.rows[0]).toMatchObject({ cseq: 0, cseqMethod: SipMethod.REGISTER, expires: 0 });
  expect(dissectOnce(sip, message('BYE sip:a@b SIP/2.0', { CSeq: '4294967295 BYE' })).rows[0].cseq).toBe(4_294_967_295);
});

test('3.1.2.6 unterminated quoted string in display name', () => {
  const result = dissectOnce(sip, message('INVITE sip:u@e SIP/2.0', { To: '"Mr. J. User <sip:j.user@example.com>' }));
  expect(result.rows[0]).toMatchObject({ to: '"Mr. J. User <sip:j.user@example.com>', toTag: '' });
});

test.each([
  ['3.1.2.7 <> enclosing the Request-URI', 'INVITE <sip:user@example.com> SIP/2.0', [], '<sip:user@example.com>'],
  [
    '3.1.2.8 embedded white space in the Request-URI',
    'INVITE sip:user@example.com; lr SIP/2.0',
    ['sip-bad-request-line'],
    'sip:user@example.com; lr',
  ],
  [
    '3.1.2.9 multiple spaces in the request line',
    'INVITE  sip:user@example.com  SIP/2.0',
    ['sip-bad-request-line'],
    'sip:user@example.com',
  ],
  [
    '3.1.2.10 spaces at the end of the request line',
    'OPTIONS sip:user@example.com SIP/2.0  ',
    ['sip-bad-request-line'],
    'sip:user@example.com',
  ],
  ['3.1.2.16 unknown protocol version', 'OPTIONS sip:t@example.org SIP/7.0', ['sip-bad-version'], 'sip:t@example.org'],
] as const)('%s', (_, line, issues, uri) => {
  const result = dissectOnce(sip, message(line));
  expect(codes(result)).toEqual(issues);
  expect(result.rows[0].requestUri).toBe(uri);
});

test('3.1.2.17 and 3.1.2.18 method and CSeq that differ', () => {
  const known = dissectOnce(sip, message('OPTIONS sip:user@example.com SIP/2.0', { CSeq: '8 INVITE' }));
  expect([codes(known), known.rows[0].method]).toEqual([['sip-cseq-method-mismatch'], SipMethod.OPTIONS]);
  const unknown = dissectOnce(sip, message('NEWMETHOD sip:user@example.com SIP/2.0', { CSeq: '8 OLDMETHOD' }));
  expect(codes(unknown)).toEqual(['sip-cseq-method-mismatch']);
});

test('3.1.2.19 overlarge response code', () => {
  const result = dissectOnce(sip, message('SIP/2.0 4294967301 better not break the receiver'));
  expect([codes(result), result.rows[0].status]).toEqual([['sip-bad-status-line'], UNREADABLE_STATUS]);
});

test('3.3.1 missing required header fields', () => {
  const result = dissectOnce(sip, 'INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\nl: 0\r\n\r\n');
  expect(codes(result)).toEqual(['sip-missing-call-id', 'sip-missing-from', 'sip-missing-to', 'sip-missing-via']);
});

test('3.3.8 multiple values in fields that allow one, 3.3.9 multiple Content-Length', () => {
  const twice = message('INVITE sip:u@e SIP/2.0').replace('CSeq:', 'CSeq: 59 INVITE\r\nCSeq:');
  const result = dissectOnce(sip, twice);
  expect([codes(result), result.rows[0].cseq]).toEqual([['sip-duplicate-header'], 59]);
  const lengths = message('OPTIONS sip:u@e SIP/2.0').replace('Content-Length:', 'Content-Length: 0\r\nContent-Length:');
  expect(codes(dissectOnce(sip, lengths))).toEqual(['sip-duplicate-header']);
});
