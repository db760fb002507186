import { FIXED_HEADER } from '../../dissectors/rtp/rtp.ts';
import { rtpTrailerBytes } from '../../media/srtp/rtp-tags.ts';
import { emptyRun, RtpPackets } from '../audio/rtp-packets.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { KeyRing } from '../keys/key-ring.ts';
import type { ManualKey } from '../keys/manual-key.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { sdesKeys } from '../keys/sdes-keys.ts';
import type { EncryptionState } from '../trackers/streams/encryption.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { KeyChooser } from './choose-key.ts';
import { KeyChain } from './key-chain.ts';
import { openRtcp } from './open-rtcp.ts';
import { NOT_OPENED, REFUSED } from './opened-media.ts';
import { StreamOpening, type Taken } from './stream-opening.ts';
import { sampleRows } from './sample-rows.ts';

/** Rows read and taken together. */
const BATCH = 2048;
/** Streams whose keys are looked for together: bounds what is held of their samples. */
const STREAMS_TOGETHER = 256;
/** The first octets of a payload this short are kept in a column (see rtpColumns): they change with decryption. */
const HEAD_MAX = 16;
const HEAD_MIN = 4;

export interface OpeningProgress {
  /** Packets of encrypted streams done, and all of them. */
  readonly done: number;
  readonly total: number;
}

export interface OpeningOptions {
  readonly srtpKeys?: readonly ManualKey[];
  readonly dtlsKeys?: readonly MediaKey[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: OpeningProgress) => void) | undefined;
}

/**
 * Opens what SRTP encrypts and a key at hand authenticates: tries keys on a sample of each stream, goes through the
 * packets of those that open, and corrects the columns that depend on the payload. Streams say in `encryption` what came
 * of it. Needs streams that are matched with signalling; rejects with an AbortError when cancelled.
 */
export async function openMedia(capture: Capture, options: OpeningOptions = {}): Promise<void> {
  const keys = sdesKeys(capture.store, capture.calls);
  const ring = new KeyRing(capture, keys, options.dtlsKeys ?? [], options.srtpKeys ?? []);
  capture.opened.ring = ring;
  if (ring.size === 0) return;
  const turns = new Turns(options.signal);
  const chain = capture.opened.chain;
  const openings = await chooseKeys(capture, ring, chain, turns);
  capture.opened.hasRtp = openings.size > 0;
  if (openings.size > 0) await goThrough(capture, openings, chain, turns, options.onProgress);
  for (const opening of openings.values()) conclude(capture, opening);
  await openRtcp(capture, ring, chain, turns);
}

/** A key for each stream that one is found for, by the stream's index. */
async function chooseKeys(
  capture: Capture,
  ring: KeyRing,
  chain: KeyChain,
  turns: Turns,
): Promise<Map<number, StreamOpening>> {
  const openings = new Map<number, StreamOpening>();
  const wanting = capture.streams.streams
    .map((stream) => {
      const likely = ring.likelyFor(stream);
      return { stream, likely, stray: ring.strayFor(stream, likely) };
    })
    .filter(({ likely, stray }) => likely.length + stray.length > 0);
  const chooser = new KeyChooser(chain, turns);
  const packets = new RtpPackets(capture);
  for (let from = 0; from < wanting.length; from += STREAMS_TOGETHER) {
    const part = wanting.slice(from, from + STREAMS_TOGETHER);
    const rows = sampleRows(
      capture,
      part.map(({ stream }) => stream),
    );
    await packets.load(rows.flatMap((list) => [...list]));
    for (const [i, { stream, likely, stray }] of part.entries()) {
      const sample = packets.readAll(rows[i]);
      const found = await chooser.choose(stream, likely, stray, sample);
      if (found !== null) openings.set(stream.index, new StreamOpening(stream, [...likely, ...stray], found, chain));
      else if (stream.encryption !== null && likely.length > 0) {
        stream.encryption = { ...stream.encryption, keysInVain: likely.length, packetsTried: sample.length };
      }
    }
  }
  return openings;
}

/** Takes every packet of the streams that open, in the order of the file, and corrects what the columns say of it. */
async function goThrough(
  capture: Capture,
  openings: ReadonlyMap<number, StreamOpening>,
  chain: KeyChain,
  turns: Turns,
  onProgress: OpeningOptions['onProgress'],
): Promise<void> {
  const { rtp, streamOfRow } = capture.streams;
  const total = [...openings.values()].reduce((sum, { stream }) => sum + stream.packets, 0);
  const first = Math.min(...Array.from(openings.values(), ({ stream }) => stream.firstFrame));
  const packets = new RtpPackets(capture);
  const rows = new Uint32Array(BATCH);
  let done = 0;
  for (let row = rtp.firstRowOf(first); row < rtp.count && done < total; ) {
    let count = 0;
    for (; row < rtp.count && count < BATCH; row++) if (openings.has(streamOfRow.get(row) - 1)) rows[count++] = row;
    await packets.load(rows, count);
    takeBatch(capture, openings, chain, packets, rows.subarray(0, count));
    done += count;
    onProgress?.({ done, total });
    await turns.wait();
  }
}

function takeBatch(
  capture: Capture,
  openings: ReadonlyMap<number, StreamOpening>,
  chain: KeyChain,
  packets: RtpPackets,
  rows: Uint32Array,
): void {
  const { rtp, streamOfRow } = capture.streams;
  const { opened } = capture;
  const c = rtp.rows.columns;
  const run = emptyRun();
  const taken: Taken = { key: NOT_OPENED, rollover: 0 };
  /** Rows whose plain payload must be seen, by the key that opens them. */
  const toRead = new Map<MediaKey, number[]>();
  for (const row of rows) {
    const opening = openings.get(streamOfRow.get(row) - 1);
    if (opening === undefined) continue;
    if (!packets.read(row, run)) {
      opening.failed++;
      opened.keyOfRow.set(row, REFUSED);
      continue;
    }
    opening.take(run, rtp.frame.get(row), taken);
    opened.keyOfRow.set(row, taken.key);
    if (taken.key === REFUSED) continue;
    if (taken.rollover !== 0) opened.rollover.set(row, taken.rollover);
    const sent = run.length - FIXED_HEADER - c.extraHeaderLength.get(row);
    const behind = rtpTrailerBytes(opening.keys[taken.key - 1].policy);
    const hasPadding = (run.bytes[run.at] & 0x20) !== 0;
    const length = Math.max(0, sent - behind);
    opened.removed.set(row, sent - length);
    c.payloadLength.set(row, length);
    c.padding.set(row, 0);
    if (!hasPadding && (length < HEAD_MIN || length > HEAD_MAX)) {
      c.head.set(row, 0);
      continue;
    }
    const key = opening.keys[taken.key - 1];
    const list = toRead.get(key);
    if (list === undefined) toRead.set(key, [row]);
    else list.push(row);
  }
  for (const [key, list] of toRead) readPlain(capture, chain, packets, key, list);
}

/** Looks into plain payloads: their padding (which SRTP encrypts, RFC 3711 section 3.1), and their first octets. */
function readPlain(capture: Capture, chain: KeyChain, packets: RtpPackets, key: MediaKey, rows: number[]): void {
  const { opened } = capture;
  const c = capture.streams.rtp.rows.columns;
  const opener = chain.opener(key);
  const run = emptyRun();
  const tickets = rows.map((row) =>
    packets.read(row, run) ? opener.queue(run.bytes, run.at, run.length, opened.indexOf(row, c.sequence.get(row))) : -1,
  );
  opener.flush();
  for (const [i, row] of rows.entries()) {
    if (tickets[i] < 0) continue;
    const plain = opener.plain(tickets[i]);
    const sent = c.payloadLength.get(row) + opened.removed.get(row);
    let length = c.payloadLength.get(row);
    if ((plain[0] & 0x20) !== 0 && length > 0) {
      const padding = plain[plain.length - 1];
      if (padding > 0 && padding <= length) length -= padding;
    }
    const at = plain.length - c.payloadLength.get(row);
    c.payloadLength.set(row, length);
    opened.removed.set(row, sent - length);
    c.head.set(row, length >= HEAD_MIN && length <= HEAD_MAX ? headOf(plain, at) : 0);
  }
}

function headOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function conclude(capture: Capture, opening: StreamOpening): void {
  const { stream, keys, authenticated, failed, replayed, firstRollover, expiredFrame } = opening;
  if (keys.length === 0) return;
  keys.forEach((key, i) => capture.opened.addAuthenticated(key, opening.packetsByKey[i]));
  const [first] = keys;
  stream.encryption = {
    suite: first.policy.suite.name,
    keySource: first.source,
    evidence: evidenceOf(stream),
    opening: { keys, authenticated, failed, replayed, isUnproved: opening.unverified > 0, firstRollover, expiredFrame },
    keysInVain: 0,
    packetsTried: 0,
  };
}

function evidenceOf(stream: Stream): EncryptionState['evidence'] {
  const evidence = stream.encryption?.evidence;
  return evidence === 'signalled' || evidence === 'handshake' ? evidence : 'key';
}
