import { Octets } from '../../base/octets.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import { IpFragments } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { writeAtomically } from '../sources/atomic-file.ts';
import { PlainPackets } from '../srtp/plain-packets.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { FrameTable } from '../store/frame-table.ts';
import type { KeyLog } from '../tls/key-log.ts';
import { NothingToExportError } from './nothing-to-export-error.ts';
import {
  decryptionSecrets,
  interfaceDescription,
  nameResolutions,
  PacketBlocks,
  sectionHeader,
} from './pcapng-writer.ts';
import { PlainFrame } from './plain-frame.ts';
import { WriteBehind } from './write-behind.ts';

const FRAMES_PER_BATCH = 2048;
const BATCH_BYTES = 4 << 20;
/** Of the octets that a frame put together from fragments can have. */
const MAX_DATAGRAM_BYTES = 0xffff;
/** A reader may refuse a frame longer than its interface's snap length says. */
const JOINED_SNAP_BYTES = 1 << 18;
const TLS_KEY_LOG = 0x544c534b;
const SECRETS_PER_BLOCK_BYTES = 1 << 20;

export interface DecryptOptions {
  /** Who writes, as the file says it. */
  readonly application: string;
  /** Written into the file where given, with other secrets that the capture holds; none are written else. */
  readonly keyLog?: KeyLog | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What gives the plain packets; for tests. */
  readonly plain?: Pick<PlainPackets, 'load' | 'of'>;
}

export interface DecryptResult {
  readonly path: string;
  /** Frames written. */
  readonly packets: number;
  /** Packets of SRTP that became RTP, and of SRTCP that became RTCP. */
  readonly rtp: number;
  readonly rtcp: number;
  /** Datagrams that came in fragments and were written as one packet. */
  readonly joined: number;
}

/**
 * Writes the capture as a pcapng in which opened SRTP became RTP and SRTCP became RTCP; all other frames are copied as they
 * were captured, as are cut packets and those that failed authentication. Times, interfaces, comments and names are carried
 * over. Signalling is left alone. Throws NothingToExportError where nothing was opened.
 */
export async function decryptCapture(capture: Capture, path: string, options: DecryptOptions): Promise<DecryptResult> {
  return new Decryption(capture, options).write(path);
}

class Decryption {
  private readonly capture: Capture;
  private readonly options: DecryptOptions;
  private readonly plain: Pick<PlainPackets, 'load' | 'of'>;
  private readonly turns: Turns;
  /** Frames that complete a datagram to be written whole, and the frames of its other fragments. */
  private readonly completing = new Set<number>();
  private readonly leftOut = new Set<number>();
  private readonly counts = { packets: 0, rtp: 0, rtcp: 0, joined: 0 };

  constructor(capture: Capture, options: DecryptOptions) {
    this.capture = capture;
    this.options = options;
    this.plain = options.plain ?? new PlainPackets(capture);
    this.turns = new Turns(options.signal);
  }

  async write(path: string): Promise<DecryptResult> {
    if (!(await this.isAnythingOpened())) throw new NothingToExportError('There is nothing to decrypt.');
    await this.findFragments();
    await writeAtomically(path, async (file) => {
      const behind = new WriteBehind(file);
      await this.writeHead(behind);
      await this.writeFrames(behind);
      await behind.finish();
    });
    return { path, ...this.counts };
  }

  /** Standard output cannot be taken back, so this is known before the first octet. */
  private async isAnythingOpened(): Promise<boolean> {
    for (const batch of batches(this.capture.store.frames)) {
      await this.turns.wait();
      await this.plain.load(batch);
      if (batch.some((frame) => this.plain.of(frame) !== null)) return true;
    }
    return false;
  }

  private async findFragments(): Promise<void> {
    const { store } = this.capture;
    const found: { frame: number; pieces: readonly FramePiece[] }[] = [];
    for (const [i, layer] of store.layers.entries()) {
      if (store.dissectorIds[i] !== 'rtp' && store.dissectorIds[i] !== 'rtcp') continue;
      for (const [row, pieces] of layer.pieces) {
        if (layer.parent.get(row) === 0) found.push({ frame: layer.frame.get(row), pieces });
      }
    }
    found.sort((a, b) => a.frame - b.frame);
    for (const { frame, pieces } of found) {
      await this.turns.wait();
      await this.plain.load([frame]);
      const packet = this.plain.of(frame);
      if (packet === null || this.isTunnelled(frame) || !canBeJoined(frame, pieces, packet.bytes.length)) continue;
      this.completing.add(frame);
      for (const piece of pieces) if (piece.frame !== frame) this.leftOut.add(piece.frame);
    }
  }

  private async writeHead(sink: WriteBehind): Promise<void> {
    const { reader } = this.capture;
    const { comments, names } = reader.extras;
    const texts = comments.filter(({ frame }) => frame < 0).map(({ text }) => text);
    await sink.write(sectionHeader(this.options.application, texts));
    for (const { linkType, snapLength, name } of reader.interfaces) {
      const isEnough = snapLength === 0 || snapLength >= JOINED_SNAP_BYTES || this.completing.size === 0;
      await sink.write(interfaceDescription(linkType, isEnough ? snapLength : JOINED_SNAP_BYTES, name));
    }
    for (const block of nameResolutions(names)) await sink.write(block);
    const { keyLog } = this.options;
    if (keyLog !== undefined) await this.writeSecrets(sink, keyLog);
  }

  /** The key log has what the capture's own logs say. */
  private async writeSecrets(sink: WriteBehind, keyLog: KeyLog): Promise<void> {
    const utf8 = new TextEncoder();
    let text = '';
    for (const line of keyLog.lines()) {
      text += `${line}\n`;
      if (text.length < SECRETS_PER_BLOCK_BYTES) continue;
      await sink.write(decryptionSecrets(TLS_KEY_LOG, utf8.encode(text)));
      text = '';
    }
    if (text !== '') await sink.write(decryptionSecrets(TLS_KEY_LOG, utf8.encode(text)));
    const { source, reader } = this.capture;
    for (const { type, fileOffset, lengthBytes } of reader.extras.secrets) {
      if (type === TLS_KEY_LOG) continue;
      const bytes = new Uint8Array(lengthBytes);
      const got = await source.read(fileOffset, bytes, 0, lengthBytes);
      await sink.write(decryptionSecrets(type, bytes.subarray(0, got)));
    }
  }

  private async writeFrames(sink: WriteBehind): Promise<void> {
    const { source, store, reader: captureReader } = this.capture;
    const { frames } = store;
    const reader = new FrameReader(source, frames);
    // Fragments come together as they did when the capture was read.
    const decoder = new NetworkDecoder(store.flows, new IpFragments());
    const comments = new CommentsInOrder(captureReader.extras.comments);
    const blocks = new PacketBlocks();
    const replaced = new PlainFrame();
    const view = new Octets(new Uint8Array(0));
    for (const batch of batches(frames)) {
      await this.turns.wait();
      await reader.load(batch);
      await this.plain.load(batch);
      for (const frame of batch) {
        const texts = comments.of(frame);
        if (!reader.read(frame, view)) continue;
        const wireLength = frames.wireLength(frame);
        const seconds = frames.seconds.get(frame);
        const interfaceIndex = frames.interfaceIndex.get(frame);
        const { linkType } = captureReader.interfaces[interfaceIndex];
        decoder.decode(view.bytes, view.start, view.length, wireLength, linkType, frame, seconds);
        if (this.leftOut.has(frame)) continue;
        const isReplaced = this.replace(frame, view, decoder, replaced);
        const block = blocks.of({
          interfaceIndex,
          seconds,
          nanoseconds: frames.nanoseconds.get(frame),
          wireLength: isReplaced ? wireLength - view.length + replaced.length : wireLength,
          bytes: isReplaced ? replaced.bytes : view.bytes,
          at: isReplaced ? 0 : view.start,
          length: isReplaced ? replaced.length : view.length,
          comments: texts,
        });
        this.counts.packets++;
        const full = sink.write(block);
        if (full !== undefined) await full;
      }
    }
  }

  /** Lengths and checksums of what is around it would have to change too: left as it is. */
  private isTunnelled(frame: number): boolean {
    const { flows, frames } = this.capture.store;
    return flows.carrier(frames.flow.get(frame)) !== null;
  }

  /** Makes the frame plain in `into`; false where it stays as it is. */
  private replace(frame: number, view: Octets, decoder: NetworkDecoder, into: PlainFrame): boolean {
    if (decoder.payload !== Payload.Udp || decoder.truncated) return false;
    const packet = this.plain.of(frame);
    if (packet === null || this.isTunnelled(frame) || !isAllOfPayload(packet.bytes, decoder)) return false;
    const isJoined = decoder.pieces !== null;
    if (isJoined && !this.completing.has(frame)) return false;
    if (!into.replace(view, decoder, packet.bytes)) return false;
    this.counts[packet.protocol]++;
    if (isJoined) this.counts.joined++;
    return true;
  }
}

/** Frames in order, as many at a time as may be held. */
function* batches(frames: FrameTable): Generator<Uint32Array> {
  for (let from = 0; from < frames.count; ) {
    let to = from;
    for (let bytes = 0; to < frames.count && to - from < FRAMES_PER_BATCH && bytes < BATCH_BYTES; to++) {
      bytes += frames.capturedLength.get(to);
    }
    const first = from;
    yield Uint32Array.from({ length: to - first }, (_, i) => first + i);
    from = to;
  }
}

/** Whether a datagram of these pieces fits into one frame: the headers there are end before the payload of its last fragment. */
function canBeJoined(frame: number, pieces: readonly FramePiece[], plainLength: number): boolean {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = pieces.find((piece) => piece.frame === frame)?.at ?? Infinity;
  return plainLength <= length && headers + plainLength + 8 <= MAX_DATAGRAM_BYTES;
}

/**
 * Whether the packet is what the datagram carries, and not something inside it: neither encryption nor padding touches the
 * octets after the first, up to and with the SSRC of an RTCP packet, or the timestamp of an RTP packet.
 */
function isAllOfPayload(packet: Uint8Array, { bytes, at, length }: NetworkDecoder): boolean {
  if (packet.length < 8 || length < 8) return false;
  for (let i = 1; i < 8; i++) if (packet[i] !== bytes[at + i]) return false;
  return true;
}

const NO_COMMENTS: readonly string[] = [];

/** The comments of frames asked for in ascending order. */
class CommentsInOrder {
  private readonly comments: readonly { frame: number; text: string }[];
  private at = 0;

  constructor(comments: readonly { frame: number; text: string }[]) {
    this.comments = comments.filter(({ frame }) => frame >= 0);
  }

  of(frame: number): readonly string[] {
    const { comments } = this;
    while (this.at < comments.length && comments[this.at].frame < frame) this.at++;
    if (this.at >= comments.length || comments[this.at].frame !== frame) return NO_COMMENTS;
    const texts: string[] = [];
    for (; this.at < comments.length && comments[this.at].frame === frame; this.at++)
      texts.push(comments[this.at].text);
    return texts;
  }
}
