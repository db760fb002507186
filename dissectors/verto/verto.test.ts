import { describe, expect, it } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  toBytes,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { VertoKind } from './columns.ts';
import { type JsonNode, parseJson } from './json.ts';
import { SAMPLE_PASSWORD, vertoSamples } from './samples.ts';
import { verto } from './verto.ts';

/** What `JSON.parse` would give. */
function valueOf(node: JsonNode): unknown {
  if (node.children === null) return node.value;
  if (node.isArray) return node.children.map(valueOf);
  return Object.fromEntries(node.children.map((child) => [child.name, valueOf(child)]));
}

describe('JSON', () => {
  it.each([
    ...Object.values(vertoSamples),
    ' { "a" : [ 1 , -2.5e+3 , true , false , null , "x\\u00e9\\"\\\\/\\n" , { } , [ ] ] } ',
    '"é ☎"',
    '0',
  ])('%s is what JSON.parse makes of it', (text) => {
    const node = parseJson(new Octets(toBytes(text)));
    expect(node === null ? 'none' : valueOf(node)).toEqual(JSON.parse(text));
  });

  it.each(['', '{', '{"a"}', '{"a":1,}', '[1 2]', '"a', '"\\x"', '01x', 'nul', '{"a":1}}', '"\n"', '['.repeat(100)])(
    '%j is none',
    (text) => {
      expect(() => JSON.parse(text)).toThrow();
      expect(parseJson(new Octets(toBytes(text)))).toBeNull();
    },
  );

  it('too deep or too large is not read', () => {
    expect(parseJson(new Octets(toBytes('['.repeat(40) + ']'.repeat(40))))).toBeNull();
    expect(parseJson(new Octets(toBytes(`[${'1,'.repeat(5000)}1]`)))).toBeNull();
  });
});

describe('messages', () => {
  it('are told by what they say', () => {
    const row = (name: keyof typeof vertoSamples) => dissectOnce(verto, vertoSamples[name]).rows[0];
    expect(row('invite')).toMatchObject({
      kind: VertoKind.Request,
      method: 'verto.invite',
      id: '3',
      callId: 'e0a1c7d2',
      sessionId: 's1',
      callerNumber: '1000',
      callerName: 'Alice “front desk”',
      calleeNumber: '2000',
    });
    expect(row('denied')).toMatchObject({ kind: VertoKind.Error, code: '-32000', text: 'Authentication Required' });
    expect(row('created')).toMatchObject({ kind: VertoKind.Result, text: 'CALL CREATED', callId: 'e0a1c7d2' });
    expect(row('bye')).toMatchObject({ code: '16', text: 'NORMAL_CLEARING', callId: 'e0a1c7d2' });
    expect(row('acknowledged')).toMatchObject({ kind: VertoKind.Result, text: 'verto.media' });
  });

  it('have their session description where it stands', () => {
    for (const name of ['invite', 'media'] as const) {
      const text = vertoSamples[name];
      const octets = toBytes(text);
      const { sdpAt, sdpLength } = dissectOnce(verto, text).rows[0];
      const quoted = new Octets(octets).text(Number(sdpAt), Number(sdpLength));
      expect(JSON.parse(quoted)).toBe(JSON.parse(text).params.sdp);
    }
    expect(dissectOnce(verto, vertoSamples.bye).rows[0]).toMatchObject({ sdpAt: 0, sdpLength: 0 });
  });

  it.each([
    '{"jsonrpc":"2.0","method":"eth_blockNumber","params":[],"id":1}',
    '{"jsonrpc":"2.0","id":1,"result":"0x1b4"}',
    '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}',
    '{"method":"verto.bye","params":{}}',
    '{"jsonrpc":"1.0","method":"verto.bye"}',
    '["jsonrpc","2.0"]',
    'INVITE sip:bob@example.com SIP/2.0',
    '',
  ])('%s is none', (text) => {
    expect(dissectOnce(verto, text).verdict).toBe(Verdict.Reject);
  });

  it('cut anywhere are none, and shown as far as they go', () => {
    for (const text of Object.values(vertoSamples)) {
      const octets = toBytes(text);
      for (let length = 1; length < octets.length; length++) {
        const part = octets.slice(0, length);
        expect(dissectOnce(verto, part).verdict).toBe(Verdict.Reject);
        expect(uncoveredOctets(describeToTree(verto, part), length)).toEqual([]);
      }
    }
  });
});

describe('what a person sees', () => {
  it('is every octet, and none beside it', () => {
    for (const text of Object.values(vertoSamples)) {
      const { length } = toBytes(` ${text}\n`);
      const tree = describeToTree(verto, ` ${text}\n`);
      expect(uncoveredOctets(tree, length)).toEqual([]);
      expect(nodesOutside(tree, length)).toEqual([]);
    }
    expect(fieldValues(describeToTree(verto, vertoSamples.invite), 'verto.callID')).toEqual(['e0a1c7d2']);
  });

  it('is no password, also of a message that is cut', () => {
    const { login } = vertoSamples;
    expect(describeToText(verto, login)).not.toContain(SAMPLE_PASSWORD);
    expect(summarizeOnce(verto, login)).not.toContain(SAMPLE_PASSWORD);
    for (let length = 1; length < login.length; length++) {
      const shown = describeToText(verto, login.slice(0, length)) + summarizeOnce(verto, login.slice(0, length));
      expect(shown).not.toContain('tuppence');
    }
  });

  it('is a line for each message', () => {
    expect(Object.values(vertoSamples).map((text) => summarizeOnce(verto, text))).toEqual([
      'login',
      'result (1): logged in',
      'error -32000 (1): Authentication Required',
      'verto.invite 1000 → 2000 | SDP',
      'result (3): CALL CREATED',
      'verto.media | SDP',
      'result (9): verto.media',
      'verto.answer',
      'verto.bye: NORMAL_CLEARING',
    ]);
  });
});
