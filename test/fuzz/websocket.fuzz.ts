/** Damaged HTTP, WebSocket frames and Verto: each dissector by itself, and all of them on a connection that is cut up. */
import { constants, deflateRawSync } from 'node:zlib';
import { StringTable } from '../../base/string-table.ts';
import type { ColumnSpec, Dissector } from '../../dissectors/dissector.ts';
import { httpSamples } from '../../dissectors/http/samples.ts';
import { http } from '../../dissectors/http/http.ts';
import { builtIns } from '../../dissectors/index.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  toBytes,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';
import { SAMPLE_PASSWORD, vertoSamples } from '../../dissectors/verto/samples.ts';
import { verto } from '../../dissectors/verto/verto.ts';
import { websocket } from '../../dissectors/websocket/websocket.ts';
import { readCapture } from '../../engine/engine.ts';
import { pcapOf } from '../../engine/pass/test-capture.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { FrameReader } from '../../engine/store/frame-reader.ts';
import { sipOptions, TestConnection, wsFrame } from '../../engine/websocket/test-connection.ts';

const HTTP_SEEDS = Object.values(httpSamples).map(toBytes);
const VERTO_SEEDS = Object.values(vertoSamples).map(toBytes);
const deflated = (text: string): Uint8Array =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const FRAME_SEEDS = [
  wsFrame(0x81, sipOptions('1')),
  wsFrame(0x81, vertoSamples.invite, true),
  wsFrame(0x01, 'INVITE sip:', true),
  wsFrame(0x80, 'bob SIP/2.0\r\n\r\n', true),
  wsFrame(0xc1, deflated(sipOptions('2')), true),
  wsFrame(0xc1, deflated(vertoSamples.invite)),
  wsFrame(0x88, Uint8Array.of(3, 232), true),
  wsFrame(0x89, 'ping'),
  wsFrame(0x82, new Uint8Array(300), true),
];
const LONGEST_LINE = 400;
/** A whole connection costs as much as so many single messages. */
const CONNECTION_SHARE = 0.02;

/** Gives `inputs` damaged messages and connections; `random` gives 0 ≤ x < 1. Throws where one is dealt with wrongly. */
export async function fuzzWebSocket(random: () => number, inputs: number): Promise<void> {
  const strings = new StringTable();
  const options: FakeOptions = { strings, transport: 'tcp' };
  for (let i = 0; i < inputs; i++) {
    const which = random();
    if (which < CONNECTION_SHARE) await checkConnection(random);
    else if (which < 0.35) check(http, damaged(HTTP_SEEDS, random), options);
    else if (which < 0.7) check(websocket, damaged(FRAME_SEEDS, random), options);
    else check(verto, damaged(VERTO_SEEDS, random), { strings });
  }
  if (describeToText(verto, vertoSamples.login).includes(SAMPLE_PASSWORD))
    throw new Error('verto: the password is shown');
}

function check<C extends ColumnSpec>(dissector: Dissector<C>, bytes: Uint8Array, options: FakeOptions): void {
  const fail = (what: string): never => {
    throw new Error(`${dissector.id}: ${what}: ${Buffer.from(bytes).toString('hex')}`);
  };
  const result = dissectOnce(dissector, bytes, options);
  if (result.rows.length > 1) fail(`${result.rows.length} rows`);
  for (const { code, at } of result.issues) if (at < 0 || at > bytes.length) fail(`issue ${code} at ${at}`);
  for (const { at, length } of result.children) if (at < 0 || at + length > bytes.length) fail('a body outside');
  for (const { sdpAt = 0, sdpLength = 0 } of result.rows) {
    if (Number(sdpAt) + Number(sdpLength) > bytes.length) fail('a description outside');
  }
  if (summarizeOnce(dissector, bytes, options).length > LONGEST_LINE) fail('a long summary');
  const tree = describeToTree(dissector, bytes, options);
  if (nodesOutside(tree, bytes.length).length > 0) fail('a node outside');
  if (uncoveredOctets(tree, bytes.length).length > 0) fail('an octet not shown');
}

/** Frames on a connection, some damaged or lost, in segments of any size; what is found has to be read back. */
async function checkConnection(random: () => number): Promise<void> {
  const connection = new TestConnection();
  if (random() < 0.8) connection.open('Sec-WebSocket-Protocol: sip', 'Sec-WebSocket-Extensions: permessage-deflate');
  for (let i = 0; i < 20; i++) {
    const side = random() < 0.5 ? 'client' : 'server';
    const octets = random() < 0.3 ? damaged(FRAME_SEEDS, random) : pick([...FRAME_SEEDS, ...HTTP_SEEDS], random);
    for (let at = 0; at < octets.length; ) {
      const length = 1 + Math.floor(random() * octets.length);
      connection.say(side, octets.slice(at, at + length), random() < 0.05);
      at += length;
    }
  }
  const file = pcapOf(connection.frames.map((bytes, i) => ({ at: i / 100, bytes })));
  const capture = await readCapture(new MemorySource(file), { dissectors: builtIns, fence: false });
  const reader = new FrameReader(capture.source, capture.store.frames);
  const { sip } = capture.calls;
  for (let row = 0; row < sip.count; row++) {
    const pieces = sip.pieces.get(row);
    if (pieces === undefined) continue;
    const text = (await reader.pieces(pieces)).text();
    const callId = capture.store.strings.text(sip.rows.columns.callId.get(row));
    // What the row says has to be in the octets that it says are its own.
    if (!text.includes(callId))
      throw new Error(`websocket: row ${row} (${callId}) cannot be read back: ${JSON.stringify(text)}`);
  }
}

function damaged(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = Uint8Array.from(pick(seeds, random));
  if (random() < 0.2) bytes = Uint8Array.from([...bytes, ...pick(seeds, random)]);
  for (let flips = whole(5); flips > 0; flips--) {
    const at = random() < 0.4 ? whole(14) : whole(bytes.length);
    if (at < bytes.length)
      bytes[at] = random() < 0.5 ? pick([0, 10, 13, 0x22, 0x5c, 0x7e, 0x7f, 0xff], random) : whole(256);
  }
  if (random() < 0.4) bytes = bytes.slice(0, whole(bytes.length + 1));
  return bytes;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
