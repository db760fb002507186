import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../capture.ts';
import { readCapture } from '../engine.ts';
import { pcapOf } from '../pass/test-capture.ts';
import { MemorySource } from '../readers/test-source.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { protocolName } from '../store/protocol-list.ts';
import { inflateMessage, NOTHING, slidWindow } from './message-octets.ts';
import { parseNegotiated } from './negotiated.ts';
import { sipOptions, TestConnection, wsFrame } from './test-connection.ts';

const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate';
const SIP = 'Sec-WebSocket-Protocol: sip';

function read({ frames }: TestConnection): Promise<Capture> {
  const file = pcapOf(frames.map((bytes, i) => ({ at: i / 100, bytes })));
  return readCapture(new MemorySource(file), { dissectors: builtIns, fence: false });
}

/** Every SIP message: the 0-based frame that completed it, and its octets read back from where its row says. */
async function messages(capture: Capture): Promise<[number, string][]> {
  const { sip } = capture.calls;
  const reader = new FrameReader(capture.source, capture.store.frames);
  const found: [number, string][] = [];
  for (let row = 0; row < sip.count; row++) {
    const pieces = sip.pieces.get(row);
    const frame = sip.frame.get(row);
    const octets =
      pieces === undefined
        ? (await reader.frame(frame)).sub(sip.atOf(row), sip.length.get(row))
        : await reader.pieces(pieces);
    found.push([frame, octets.text()]);
  }
  return found;
}

function issues({ store }: Capture): string[] {
  return Array.from({ length: store.issues.count }, (_, row) => store.issues.code(row));
}

/** Compresses messages one after the other, each as RFC 7692 section 7.2.1 says. */
async function compressed(texts: readonly string[], keepsContext: boolean): Promise<Uint8Array[]> {
  if (!keepsContext) {
    return texts.map((text) => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4));
  }
  const deflate = createDeflateRaw();
  const parts: Uint8Array[] = [];
  for (const text of texts) {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): number => chunks.push(chunk);
    deflate.on('data', take);
    deflate.write(text);
    await new Promise<void>((resolve) => {
      deflate.flush(constants.Z_SYNC_FLUSH, resolve);
    });
    deflate.off('data', take);
    parts.push(Buffer.concat(chunks).subarray(0, -4));
  }
  return parts;
}

// RFC 7692 section 7.2.3.
describe('the examples of permessage-deflate', () => {
  const inflated = (hex: string, window: Uint8Array = NOTHING): string | null => {
    const message = inflateMessage(octetsOfHex(hex.replaceAll(' ', '')) ?? NOTHING, window);
    return message === null ? null : new TextDecoder().decode(message);
  };
  const hello = new TextEncoder().encode('Hello');

  it('a block with fixed codes, one without compression, one that is marked as the last, two', () => {
    expect(inflated('f2 48 cd c9 c9 07 00')).toBe('Hello');
    expect(inflated('00 05 00 fa ff 48 65 6c 6c 6f 00')).toBe('Hello');
    expect(inflated('f3 48 cd c9 c9 07 00 00')).toBe('Hello');
    expect(inflated('f2 48 05 00 00 00 ff ff ca c9 c9 07 00')).toBe('Hello');
  });

  it('a message that refers to the one before it', () => {
    expect(inflated('f2 00 11 00 00', slidWindow(NOTHING, hello))).toBe('Hello');
    expect(inflated('f2 00 11 00 00')).toBeNull();
  });

  it('the window holds the last 32 KiB', () => {
    const first = new Uint8Array(30_000).fill(1);
    const window = slidWindow(slidWindow(NOTHING, first), new Uint8Array(10_000).fill(2));
    expect([window.length, window.indexOf(2)]).toEqual([32_768, 22_768]);
    expect(slidWindow(window, new Uint8Array(50_000).fill(3))).toEqual(new Uint8Array(32_768).fill(3));
  });
});

it('what was settled is read from the answer', () => {
  expect(parseNegotiated('sip', 'permessage-deflate; server_no_context_takeover; client_max_window_bits=15')).toEqual({
    subprotocol: 'sip',
    serverKeepsContext: false,
    clientKeepsContext: true,
  });
  expect(parseNegotiated('', 'x-other; client_no_context_takeover')).toMatchObject({ clientKeepsContext: true });
});

describe('messages', () => {
  const [one, two, three] = ['1', '2', '3'].map(sipOptions);

  it('are taken out of frames, masked and not, several in a segment and one over several', async () => {
    const both = Uint8Array.from([...wsFrame(0x81, one), ...wsFrame(0x82, two)]);
    const masked = wsFrame(0x81, three, true);
    const connection = new TestConnection().open(SIP).say('server', both);
    connection.say('client', masked.slice(0, 5)).say('client', masked.slice(5, 100)).say('client', masked.slice(100));
    const capture = await read(connection);
    expect(await messages(capture)).toEqual([
      [2, one],
      [2, two],
      [5, three],
    ]);
    expect(issues(capture)).toEqual([]);
  });

  it('are put together from fragments, with control frames between them', async () => {
    const capture = await read(
      new TestConnection()
        .open(SIP)
        .say('client', wsFrame(0x01, one.slice(0, 40), true))
        .say('client', wsFrame(0x89, 'between', true))
        .say('client', wsFrame(0x00, one.slice(40, 41), true))
        .say('server', wsFrame(0x8a, 'between'))
        .say('client', wsFrame(0x80, one.slice(41), true)),
    );
    expect(await messages(capture)).toEqual([[6, one]]);
  });

  it.each([true, false])('are inflated (context kept: %s), and again when somebody looks', async (keepsContext) => {
    const texts = Array.from({ length: 200 }, (_, i) => sipOptions(`${i}-${'abcdefgh'.repeat(i % 40)}`));
    const connection = new TestConnection().open(
      SIP,
      keepsContext ? DEFLATE : `${DEFLATE}; client_no_context_takeover`,
    );
    for (const part of await compressed(texts, keepsContext)) connection.say('client', wsFrame(0xc1, part, true));
    const capture = await read(connection);
    const found = await messages(capture);
    expect(found.map(([, text]) => text)).toEqual(texts);
    // From the end to the front, so that nothing before is at hand.
    const reader = new FrameReader(capture.source, capture.store.frames);
    for (const row of [199, 150, 70, 0]) {
      const octets = await reader.pieces(capture.calls.sip.pieces.get(row) ?? []);
      expect(octets.text()).toBe(texts[row]);
    }
  });

  it('of both sides have contexts of their own, and some may be plain', async () => {
    const [first, second] = await compressed([one, two], true);
    const capture = await read(
      new TestConnection()
        .open(SIP, DEFLATE)
        .say('client', wsFrame(0xc1, first, true))
        .say('server', wsFrame(0xc1, first))
        .say('client', wsFrame(0x81, three, true))
        .say('client', wsFrame(0xc1, second, true))
        .say('server', wsFrame(0xc1, second)),
    );
    expect((await messages(capture)).map(([, text]) => text)).toEqual([one, one, three, two, two]);
  });

  it('are known without a handshake', async () => {
    const capture = await read(
      new TestConnection().say('client', wsFrame(0x81, one, true)).say('server', wsFrame(0x81, two)),
    );
    expect((await messages(capture)).map(([, text]) => text)).toEqual([one, two]);
  });

  it('may lack a Content-Length, as they end with their frame', async () => {
    const text = `${one.replace('Content-Length: 0', 'Content-Type: text/plain')}hello`;
    const capture = await read(new TestConnection().open(SIP).say('client', wsFrame(0x81, text, true)));
    expect((await messages(capture)).map(([, found]) => found)).toEqual([text]);
    expect(issues(capture)).toEqual([]);
  });

  it('that nobody knows are frames', async () => {
    const capture = await read(new TestConnection().open().say('client', wsFrame(0x81, 'Hello', true)));
    expect(capture.calls.sip.count).toBe(0);
    const { frames, dissectorIds } = capture.store;
    expect([0, 1, 2].map((frame) => protocolName(frames.protocol.get(frame), dissectorIds))).toEqual([
      'http',
      'http',
      'websocket',
    ]);
    expect(issues(capture)).toEqual([]);
  });
});

describe('damage', () => {
  const [one, two, three] = ['1', '2', '3'].map(sipOptions);

  it('lost octets cost what they belonged to, and no more', async () => {
    const capture = await read(
      new TestConnection()
        .open(SIP)
        .say('client', wsFrame(0x81, one, true).slice(0, 60))
        .say('client', wsFrame(0x81, one, true).slice(60), true)
        .say('client', wsFrame(0x81, two, true))
        .say('client', wsFrame(0x81, three, true)),
    );
    expect((await messages(capture)).map(([, text]) => text)).toEqual([two, three]);
  });

  it('of what is compressed messages are lost that refer to what was lost', async () => {
    const random = Array.from({ length: 3 }, (_, i) => sipOptions(`${i}`.repeat(30)));
    const [first, second] = await compressed(random, true);
    const [alone] = await compressed([three], false);
    const capture = await read(
      new TestConnection()
        .open(SIP, DEFLATE)
        .say('client', wsFrame(0xc1, first, true), true)
        .say('client', wsFrame(0xc1, second, true))
        .say('client', wsFrame(0xc1, alone, true)),
    );
    expect((await messages(capture)).map(([, text]) => text)).toEqual([three]);
    expect(issues(capture)).toContain('websocket-inflate');
  });

  it('a frame that says it is huge is passed over, and the next one read', async () => {
    const huge = new Uint8Array(700_000);
    const frame = wsFrame(0x82, huge);
    const connection = new TestConnection().open(SIP);
    for (let at = 0; at < frame.length; at += 60_000) connection.say('server', frame.slice(at, at + 60_000));
    const capture = await read(connection.say('server', wsFrame(0x81, one)));
    expect((await messages(capture)).map(([, text]) => text)).toEqual([one]);
    expect(issues(capture)).toEqual(['websocket-limit']);
  });

  it('a message that would inflate without end, and one that has no last fragment, are dropped', async () => {
    const bomb = deflateRawSync(new Uint8Array(50 << 20), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const connection = new TestConnection().open(SIP, `${DEFLATE}; server_no_context_takeover`);
    connection.say('server', wsFrame(0xc1, bomb));
    for (let i = 0; i < 3000; i++) connection.say('client', wsFrame(i === 0 ? 0x01 : 0x00, 'x'.repeat(1000), true));
    connection
      .say('client', wsFrame(0x80, '', true))
      .say('client', wsFrame(0x81, two, true))
      .say('server', wsFrame(0x81, one));
    const capture = await read(connection);
    expect((await messages(capture)).map(([, text]) => text).toSorted()).toEqual([one, two]);
    expect(issues(capture)).toEqual(['websocket-inflate', 'websocket-limit']);
  });
});

describe('what HTTP leads to', () => {
  it('on the same ports again is another connection', async () => {
    const connection = new TestConnection().open(SIP).say('client', wsFrame(0x81, sipOptions('1'), true));
    connection
      .say('client', wsFrame(0x88, '', true))
      .open(SIP)
      .say('client', wsFrame(0x81, sipOptions('2'), true));
    const capture = await read(connection);
    expect(capture.calls.sip.count).toBeGreaterThanOrEqual(1);
  });

  it('a body of any length is passed over to the next message', async () => {
    const capture = await read(
      new TestConnection()
        .say('client', 'GET /a HTTP/1.1\r\nHost: pbx\r\n\r\n')
        .say('server', `HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(60_000)}`)
        .say('server', 'x'.repeat(60_000))
        .say('server', 'x'.repeat(60_000))
        .say('server', 'x'.repeat(60_000))
        .say('server', `${'x'.repeat(60_000)}HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n`),
    );
    const http = capture.store.layers[capture.store.dissectorIds.indexOf('http')];
    const { status } = http.rows.columns as unknown as Record<'status', { get(row: number): number }>;
    expect(Array.from({ length: http.count }, (_, row) => status.get(row))).toEqual([0, 200, 404]);
    expect(issues(capture)).toEqual([]);
  });

  it('a connection through a proxy is asked anew', async () => {
    const capture = await read(
      new TestConnection()
        .say('client', 'CONNECT pbx:5060 HTTP/1.1\r\nHost: pbx:5060\r\n\r\n')
        .say('server', 'HTTP/1.1 200 Connection established\r\n\r\n')
        .say('client', sipOptions('tunnelled')),
    );
    expect((await messages(capture)).length).toBe(1);
  });
});
