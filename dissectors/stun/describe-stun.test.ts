/** The detail tree. Values are those that tshark 4.0.17 gives for the same octets, where it reads the field. */
import { expect, test } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import {
  describeToText,
  describeToTree,
  type FakeNode,
  type FakeOptions,
  fieldValues,
  nodesOutside,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { stunFields } from './fields.ts';
import { type StunSampleName, stunSamples } from './samples.ts';
import { stun } from './stun.ts';

const NAMES = Object.keys(stunSamples) as StunSampleName[];

function bytesOf(hex: string): Uint8Array {
  return octetsOfHex(hex.replace(/\s/g, '')) ?? new Uint8Array(0);
}

function optionsOf(name: StunSampleName): FakeOptions {
  return { transport: name.startsWith('frame') ? 'tcp' : 'udp' };
}

function treeOf(name: StunSampleName): readonly FakeNode[] {
  return describeToTree(stun, bytesOf(stunSamples[name]), optionsOf(name));
}

/** Values by field name without `stun.att.`. */
function values(name: StunSampleName, ...fields: string[]) {
  const tree = treeOf(name);
  return fields.map((field) => fieldValues(tree, `stun.att.${field}`));
}

function faults(nodes: readonly FakeNode[]): string[] {
  return nodes.flatMap((node) => [...(node.kind === 'fault' ? [node.name] : []), ...faults(node.children)]);
}

function leaves(nodes: readonly FakeNode[]): FakeNode[] {
  return nodes.flatMap((node) => (node.kind === 'group' ? leaves(node.children) : [node]));
}

test.each(NAMES)('shows every octet of %s in a leaf, and no fault', (name) => {
  const tree = treeOf(name);
  expect(uncoveredOctets(leaves(tree), bytesOf(stunSamples[name]).length)).toEqual([]);
  expect(faults(tree)).toEqual([]);
});

test('every field it shows can be asked for', () => {
  const known = new Set(stunFields.map(({ id }) => id));
  const collect = (nodes: readonly FakeNode[]): string[] =>
    nodes.flatMap(({ name, children }) => [name, ...collect(children)]);
  for (const name of NAMES) expect(collect(treeOf(name)).filter((id) => !known.has(id))).toEqual([]);
});

test('shows header and attributes of a request', () => {
  const text = describeToText(stun, bytesOf(stunSamples.request));
  expect(text.split('\n')).toEqual([
    'Message type: 1 (Binding Request) [stun.type 0+2]',
    'Class: 0 (Request) [stun.type.class 0+2]',
    'Method: 1 (Binding) [stun.type.method 0+2]',
    'Message length: 88 (octets) [stun.length 2+2]',
    'Magic cookie: 2112a442 [stun.cookie 4+4]',
    'Transaction ID: b7e7a701bc34d686fa87dfae [stun.id 8+12]',
    'Attributes:  [stun.attributes 20+88]',
    '  SOFTWARE: STUN test client [stun.attribute 20+20]',
    '    Type: 32802 (0x8022, comprehension optional) [stun.att.type 20+2]',
    '    Length: 16 (octets) [stun.att.length 22+2]',
    '    Software: STUN test client [stun.att.software 24+16]',
    '  PRIORITY: 1845494271 type 110 (peer reflexive), local 1, component 1 [stun.attribute 40+8]',
    '    Type: 36 (0x0024, comprehension required) [stun.att.type 40+2]',
    '    Length: 4 (octets) [stun.att.length 42+2]',
    '    Priority: 1845494271 (type 110 (peer reflexive), local 1, component 1) [stun.att.priority 44+4]',
    '  ICE-CONTROLLED:  [stun.attribute 48+12]',
    '    Type: 32809 (0x8029, comprehension optional) [stun.att.type 48+2]',
    '    Length: 8 (octets) [stun.att.length 50+2]',
    '    Tie breaker: 932ff9b151263b36 [stun.att.tie-breaker 52+8]',
    '  USERNAME: evtj:h6vY [stun.attribute 60+16]',
    '    Type: 6 (0x0006, comprehension required) [stun.att.type 60+2]',
    '    Length: 9 (octets) [stun.att.length 62+2]',
    '    Username: evtj:h6vY [stun.att.username 64+9]',
    '    Padding: 202020 [stun.att.padding 73+3]',
    '  MESSAGE-INTEGRITY:  [stun.attribute 76+24]',
    '    Type: 8 (0x0008, comprehension required) [stun.att.type 76+2]',
    '    Length: 20 (octets) [stun.att.length 78+2]',
    '    HMAC: 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 [stun.att.hmac 80+20]',
    '  FINGERPRINT:  [stun.attribute 100+8]',
    '    Type: 32808 (0x8028, comprehension optional) [stun.att.type 100+2]',
    '    Length: 4 (octets) [stun.att.length 102+2]',
    '    CRC-32: 3849993167 (right) [stun.att.crc32 104+4]',
  ]);
});

test('shows addresses in clear, of both families', () => {
  expect(values('responseIPv4', 'family', 'port', 'ipv4')).toEqual([[1], [32853], ['192.0.2.1']]);
  expect(values('responseIPv6', 'family', 'port', 'ipv6')).toEqual([
    [2],
    [32853],
    ['2001:db8:1234:5678:11:2233:4455:6677'],
  ]);
  expect(values('classicResponse', 'ipv4', 'port')).toEqual([
    ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
    [4000, 4000, 4000],
  ]);
});

test('shows errors, what was not known, and algorithms', () => {
  expect(values('allocateError', 'error.class', 'error', 'error.code', 'error.reason')).toEqual([
    [4],
    [1],
    [401],
    ['Unauthorized'],
  ]);
  expect(values('unknownAttributes', 'unknown', 'type')).toEqual([
    [0x7f01, 3, 0x7f02],
    [9, 10, 0x7f01, 0xa123],
  ]);
  expect(describeToText(stun, bytesOf(stunSamples.unknownAttributes))).toMatch(
    /Unknown attribute: 0xa123 .*\n.*optional/,
  );
  expect(values('addressError', 'family', 'error.code', 'error.reason', 'icmp.type', 'icmp.code')).toEqual([
    [2],
    [440],
    ['none'],
    [3],
    [4],
  ]);
  expect(values('passwordAlgorithms', 'pw_alg', 'pw_alg_len')).toEqual([
    [2, 1],
    [0, 0],
  ]);
});

test('shows what browsers and old servers add', () => {
  expect(values('browser', 'google.network_id', 'google.network_cost', 'nomination', 'google.misc_info')).toEqual([
    [1],
    [50],
    [1],
    [1, 2, 3],
  ]);
  expect(values('msAllocate', 'magic_cookie', 'ms.version', 'realm', 'nonce')).toEqual([
    [0x72c64bc6],
    [6],
    ['the.real'],
    [],
  ]);
});

const HEAD = '2112a442 b7e7a701bc34d686fa87dfae';

test.each([
  ['a length past the end', `00010004 ${HEAD}`, 'stun-length'],
  ['a length that is no multiple of 4', `00010002 ${HEAD} 0000`, 'stun-length'],
  ['octets after the message', `00010000 ${HEAD} 00000000`, 'stun-trailing-octets'],
  ['an attribute past the end', `00010008 ${HEAD} 80220005 61626364`, 'stun-attribute-length'],
  ['an address that is too short', `01010008 ${HEAD} 00200004 00010001`, 'stun-attribute-short'],
  ['an address of no family', `0101000c ${HEAD} 00200008 00030001 01020304`, 'stun-address-family'],
  ['an error code that is too short', `01110008 ${HEAD} 00090002 00000000`, 'stun-attribute-short'],
  ['a priority that is too short', `00010008 ${HEAD} 00240002 00000000`, 'stun-attribute-short'],
  ['a wrong fingerprint', `00010008 ${HEAD} 80280004 00000000`, 'stun-fingerprint'],
  ['a fingerprint before the end', `0001000c ${HEAD} 80280004 00000000 00250000`, 'stun-fingerprint-not-last'],
])('shows %s where it is', (_, hex, code) => {
  const bytes = bytesOf(hex);
  const tree = describeToTree(stun, bytes);
  expect(faults(tree)).toContain(code);
  expect(uncoveredOctets(leaves(tree), bytes.length)).toEqual([]);
  expect(nodesOutside(tree, bytes.length)).toEqual([]);
});

test('cut at every length: nothing outside, every octet shown, and only the cut is a fault', () => {
  for (const name of NAMES) {
    const whole = bytesOf(stunSamples[name]);
    for (let length = 0; length < whole.length; length++) {
      const bytes = whole.subarray(0, length);
      for (const truncated of [true, false]) {
        const tree = describeToTree(stun, bytes, { ...optionsOf(name), truncated });
        expect(nodesOutside(tree, length)).toEqual([]);
        expect(uncoveredOctets(leaves(tree), length)).toEqual([]);
        if (truncated)
          expect([name, length, faults(tree).filter((code) => code !== 'truncated')]).toEqual([name, length, []]);
      }
    }
  }
});
