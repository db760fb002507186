import { describe, expect, it } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { looksLikeFrame, nextFrameAt } from './looks-like.ts';
import { MAX_PAYLOAD_OCTETS, websocket } from './websocket.ts';

const TCP = { transport: 'tcp', sourcePort: 40_000, destinationPort: 80 } as const;

function octets(hex: string): Uint8Array {
  const bytes = octetsOfHex(hex.replaceAll(' ', ''));
  if (bytes === null) throw new Error(`no octets: ${hex}`);
  return bytes;
}

/** A text frame, masked with a key where one is given. */
function textFrame(text: string, key: readonly number[] = []): Uint8Array {
  const payload = new TextEncoder().encode(text).map((octet, i) => octet ^ (key[i % 4] ?? 0));
  const mask = key.length === 0 ? 0 : 0x80;
  const length =
    payload.length < 126 ? [mask | payload.length] : [mask | 126, payload.length >> 8, payload.length & 255];
  return Uint8Array.from([0x81, ...length, ...key, ...payload]);
}

// RFC 6455 section 5.7.
const HELLO = octets('81 05 48 65 6c 6c 6f');
const MASKED_HELLO = octets('81 85 37 fa 21 3d 7f 9f 4d 51 58');
const FIRST_FRAGMENT = octets('01 03 48 65 6c');
const LAST_FRAGMENT = octets('80 02 6c 6f');
const PING = octets('89 05 48 65 6c 6c 6f');
const MASKED_PONG = octets('8a 85 37 fa 21 3d 7f 9f 4d 51 58');
const MEDIUM = Uint8Array.from([...octets('82 7e 01 00'), ...new Uint8Array(256)]);
const LARGE = Uint8Array.from([...octets('82 7f 00 00 00 00 00 01 00 00'), ...new Uint8Array(65_536)]);
const CLOSE = octets('88 06 03 e8 64 6f 6e 65');
const SAMPLES = [HELLO, MASKED_HELLO, FIRST_FRAGMENT, LAST_FRAGMENT, PING, MASKED_PONG, MEDIUM, LARGE, CLOSE];

describe('frames', () => {
  it('of the specification', () => {
    const rows = SAMPLES.map((frame) => dissectOnce(websocket, frame, TCP).rows[0]);
    expect(rows.map(({ first, isMasked, payloadLength }) => [first, isMasked, payloadLength])).toEqual([
      [0x81, 0, 5],
      [0x81, 1, 5],
      [0x01, 0, 3],
      [0x80, 0, 2],
      [0x89, 0, 5],
      [0x8a, 1, 5],
      [0x82, 0, 256],
      [0x82, 0, 65_536],
      [0x88, 0, 6],
    ]);
    expect(rows[8].closeCode).toBe(1000);
  });

  it('cut anywhere are waited for', () => {
    for (const frame of SAMPLES.filter(({ length }) => length < 1000)) {
      for (let length = 1; length < frame.length; length++) {
        expect(dissectOnce(websocket, frame.slice(0, length), TCP).verdict).toBe(Verdict.NeedMore);
      }
      const twice = Uint8Array.from([...frame, ...frame]);
      expect(dissectOnce(websocket, twice, TCP)).toMatchObject({ verdict: Verdict.Ok, consumed: frame.length });
    }
  });

  it('that are long are passed over', () => {
    const frame = octets('82 7f 00 00 00 10 00 00 00 00 aa');
    const result = dissectOnce(websocket, frame, TCP);
    expect(result).toMatchObject({ verdict: Verdict.Ok, consumed: 10 + 2 ** 36 });
    expect(result.rows[0]).toMatchObject({ isHeld: 0, payloadLength: 0xffff_ffff });
    expect(MAX_PAYLOAD_OCTETS).toBeLessThan(1 << 20);
  });

  it.each([
    ['an opcode that means nothing', '83 05 48 65 6c 6c 6f'],
    ['a control frame in fragments', '09 05 48 65 6c 6c 6f'],
    ['a long control frame', '89 7e 00 7e'],
    ['bits of an extension that nobody has', 'a1 05 48 65 6c 6c 6f'],
    ['a compressed control frame', 'c9 05 48 65 6c 6c 6f'],
    ['a length of 2^63', '82 7f 80 00 00 00 00 00 00 00'],
  ])('%s is none', (_, hex) => {
    expect(dissectOnce(websocket, octets(hex), TCP).verdict).toBe(Verdict.Reject);
  });

  it('with a length that takes too many octets are told', () => {
    const result = dissectOnce(websocket, octets('81 7e 00 05 48 65 6c 6c 6f'), TCP);
    expect(result).toMatchObject({ verdict: Verdict.Malformed, issues: [{ code: 'websocket-length', at: 1 }] });
  });
});

describe('without a handshake', () => {
  const invite = 'INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/WS a.invalid\r\n\r\n';
  const key = [0x37, 0xfa, 0x21, 0x3d];

  it.each([
    invite,
    'SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS a.invalid\r\n\r\n',
    'OPTIONS sips:bob@example.com SIP/2.0\r\n\r\n',
    '{"jsonrpc":"2.0","method":"verto.bye","params":{},"id":1}',
  ])('%s is known, masked or not', (text) => {
    for (const frame of [textFrame(text), textFrame(text, key)]) {
      expect(dissectOnce(websocket, frame, TCP).confidence).toBe(Confidence.Strong);
      expect(looksLikeFrame(frame, 0, 20)).toBe(false);
    }
  });

  it('what could be anything is not', () => {
    for (const frame of [
      HELLO,
      MASKED_HELLO,
      PING,
      MEDIUM,
      textFrame('{"a": 1'.padEnd(40)),
      textFrame('x'.repeat(40)),
    ]) {
      expect(dissectOnce(websocket, frame, TCP).confidence).toBe(Confidence.None);
    }
  });

  it('frames are found again behind octets that are none', () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('tail of a frame'), ...HELLO, ...MASKED_PONG]);
    expect(nextFrameAt(bytes, 0, bytes.length)).toBe(15);
    expect(nextFrameAt(bytes, 0, bytes.length - 1)).toBe(-1);
  });
});

describe('the detail tree', () => {
  it('has every octet of a frame, and none beside it', () => {
    for (const frame of SAMPLES) {
      const tree = describeToTree(websocket, frame, TCP);
      expect(uncoveredOctets(tree, frame.length)).toEqual([]);
      expect(nodesOutside(tree, frame.length)).toEqual([]);
    }
  });

  it('takes the mask off', () => {
    const tree = describeToTree(websocket, MASKED_HELLO, TCP);
    expect(fieldValues(tree, 'websocket.payload.text')).toEqual(['Hello']);
    expect(fieldValues(tree, 'websocket.masking_key')).toEqual(['37fa213d']);
    expect(fieldValues(describeToTree(websocket, CLOSE, TCP), 'websocket.payload.close.reason')).toEqual(['done']);
  });

  it('keeps passwords to itself', () => {
    const login = textFrame('{"method":"login","params":{"login":"1000","passwd":"tup\\"pence"}}');
    expect(fieldValues(describeToTree(websocket, login, TCP), 'websocket.payload.text')).toEqual([
      '{"method":"login","params":{"login":"1000","passwd":"••••••"}}',
    ]);
    expect(summarizeOnce(websocket, login, TCP)).not.toContain('pence');
  });
});

it('one line says what a frame is', () => {
  expect(SAMPLES.slice(0, 6).map((frame) => summarizeOnce(websocket, frame, TCP))).toEqual([
    'text, 5 octets: Hello',
    'text, masked, 5 octets: Hello',
    'text fragment, 3 octets: Hel',
    'continuation, 2 octets',
    'ping, 5 octets',
    'pong, masked, 5 octets',
  ]);
  expect(summarizeOnce(websocket, CLOSE, TCP)).toBe('close 1000 (normal closure): done');
});
