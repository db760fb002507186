import { expect, test } from 'vitest';
import { parseNameAddr, parseNameAddrList } from './name-addr.ts';
import { parseSipUri } from './uri.ts';

// The examples of RFC 3261 sections 20.10, 20.20 and 20.39, and what its grammar allows besides.
test.each([
  ['"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s', 'A. G. Bell', 'sip:agb@bell-telephone.com', { tag: 'a48s' }],
  ['sip:+12125551212@server.phone2net.com;tag=887s', '', 'sip:+12125551212@server.phone2net.com', { tag: '887s' }],
  ['Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8', 'Anonymous', 'sip:c8oqz84zk7z@privacy.org', { tag: 'hyh8' }],
  [
    'The Operator <sip:o@cs.columbia.edu;x=1>;TAG=287447',
    'The Operator',
    'sip:o@cs.columbia.edu;x=1',
    { tag: '287447' },
  ],
  ['"a \\"b\\" <c>; d" <sip:e@f>;g;h="i;j,\\"k"', 'a "b" <c>; d', 'sip:e@f', { g: '', h: 'i;j,"k' }],
  ['<sip:[2001:db8::9:1]:5070;lr>', '', 'sip:[2001:db8::9:1]:5070;lr', {}],
  ['*', '', '*', {}],
  ['"never closed <sip:a@b>', '', '"never closed <sip:a@b>', {}],
  ['', '', '', {}],
])('%s', (text, display, uri, params) => {
  const parsed = parseNameAddr(text);
  expect({ ...parsed, params: Object.fromEntries(parsed.params) }).toEqual({ display, uri, params });
});

test('a Contact with several values', () => {
  const text = '"Mr. Watson, A." <sip:w@w.bell.com?a=b,c>;q=0.7, "W" <mailto:w@bell.com> ;q=0.1,sip:x@y';
  expect(parseNameAddrList(text).map((one) => [one.display, one.uri, one.params.get('q')])).toEqual([
    ['Mr. Watson, A.', 'sip:w@w.bell.com?a=b,c', '0.7'],
    ['W', 'mailto:w@bell.com', '0.1'],
    ['', 'sip:x@y', undefined],
  ]);
});

// RFC 3261 section 19.1.3, RFC 3966 section 6, RFC 4475 3.1.1.9 and 3.1.1.13.
test.each([
  ['sip:alice@atlanta.com', 'sip', 'alice', 'atlanta.com', 0, {}],
  ['sip:alice:secretword@atlanta.com;transport=tcp', 'sip', 'alice', 'atlanta.com', 0, { transport: 'tcp' }],
  ['SIPS:alice@atlanta.com?subject=project%20x', 'sips', 'alice', 'atlanta.com', 0, {}],
  ['sip:+1-212-555-1212:1234@gateway.com;user=phone', 'sip', '+1-212-555-1212', 'gateway.com', 0, { user: 'phone' }],
  ['sip:alice;day=tuesday@atlanta.com', 'sip', 'alice;day=tuesday', 'atlanta.com', 0, {}],
  ['sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com', 'sip', '', 'atlanta.com', 0, { method: 'REGISTER' }],
  ['sip:192.0.2.4:5062;lr', 'sip', '', '192.0.2.4', 5062, { lr: '' }],
  ['sip:a@[2001:db8::1]:5061', 'sip', 'a', '2001:db8::1', 5061, {}],
  ['tel:+358-555-1234567;postd=pp22', 'tel', '+358-555-1234567', '', 0, { postd: 'pp22' }],
  ['192.0.2.4:5060', '', '', '192.0.2.4', 5060, {}],
])('%s', (text, scheme, user, host, port, params) => {
  const uri = parseSipUri(text);
  expect({ ...uri, params: Object.fromEntries(uri.params) }).toEqual({ scheme, user, host, port, params });
});
