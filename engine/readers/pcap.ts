// The classic capture format: draft-ietf-opsawg-pcap, tcpdump.org/manpages/pcap-savefile.5.html.
import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { throwIfAborted } from './abort.ts';
import { BlockReader, MAX_RECORD_BYTES, type ReadingOptions } from './block-reader.ts';
import { noExtras } from './extras.ts';
import { type CaptureInterface, type CaptureReader, type FrameBatch, FRAMES_PER_BATCH } from './frame-batch.ts';
import { IssueList } from './issue-list.ts';
import { findRecords, isPlausibleRecord, type RecordShape } from './pcap-resync.ts';

export const PCAP_HEADER_BYTES = 24;

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
/** Linux 2.2's patched libpcap: eight more octets (interface, protocol, packet type) in each record header. */
const MAGIC_PATCHED = 0xa1b2cd34;

const RECORD_HEADER_BYTES = 16;
const PATCHED_RECORD_HEADER_BYTES = 24;
/** libpcap's own bound on what one frame may hold; a larger length is believed only with further evidence. */
const USUAL_MAX_FRAME_BYTES = 262144;
/** How far past the damage records are looked for. */
const RESYNC_WINDOW_BYTES = 1024 * 1024;

/** What the 24 octets at the front of a pcap say. */
export interface PcapHeader {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  readonly recordHeaderBytes: number;
  readonly minorVersion: number;
  readonly snapLength: number;
  readonly linkType: number;
}

/** Reads the header from the first octets of a capture; undefined where they are not those of a pcap. */
export function parsePcapHeader(bytes: Uint8Array): PcapHeader | undefined {
  if (bytes.length < PCAP_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const littleEndian = isPcapMagic(view.getUint32(0, true));
  const magic = view.getUint32(0, littleEndian);
  if (!isPcapMagic(magic)) return undefined;
  return {
    littleEndian,
    nanoseconds: magic === MAGIC_NANOSECONDS,
    recordHeaderBytes: magic === MAGIC_PATCHED ? PATCHED_RECORD_HEADER_BYTES : RECORD_HEADER_BYTES,
    minorVersion: view.getUint16(6, littleEndian),
    snapLength: view.getUint32(16, littleEndian),
    // The upper half holds the length of the frame check sequence and flags.
    linkType: view.getUint32(20, littleEndian) & 0xffff,
  };
}

/** Whether the first four octets, read in either order, are a pcap's. */
export function isPcapMagic(magic: number): boolean {
  return magic === MAGIC_MICROSECONDS || magic === MAGIC_NANOSECONDS || magic === MAGIC_PATCHED;
}

/** Reads a pcap. The source must begin with `header`. */
export class PcapReader implements CaptureReader {
  readonly format: string;
  readonly interfaces: readonly CaptureInterface[];
  readonly extras = noExtras();
  private readonly issueList = new IssueList();
  readonly issues = this.issueList.all;

  private readonly source: ByteSource;
  private readonly signal: AbortSignal | undefined;
  private readonly blocks: BlockReader;
  private readonly shape: RecordShape;
  /** Nanoseconds in a unit of the fraction. */
  private readonly nanosecondsPerUnit: number;
  /** libpcap 0.4 and its forebears wrote wire length before captured length; 2.3 came both ways. */
  private readonly lengthsSwapped: boolean;
  private readonly lengthsMayBeSwapped: boolean;
  private headerPassed = false;
  private done = false;
  /** Seconds of the frame before, or -1. */
  private lastSeconds = -1;

  constructor(source: ByteSource, header: PcapHeader, options: ReadingOptions = {}) {
    const snapLength = header.snapLength > MAX_RECORD_BYTES ? 0 : header.snapLength;
    this.source = source;
    this.format = source.container?.format ?? 'pcap';
    this.signal = options.signal;
    this.blocks = new BlockReader(source, options);
    this.interfaces = [{ linkType: header.linkType, snapLength: header.snapLength, name: '' }];
    this.nanosecondsPerUnit = header.nanoseconds ? 1 : 1000;
    this.lengthsSwapped = header.minorVersion < 3;
    this.lengthsMayBeSwapped = header.minorVersion === 3;
    this.shape = {
      littleEndian: header.littleEndian,
      headerBytes: header.recordHeaderBytes,
      capturedLengthAt: this.lengthsSwapped ? 12 : 8,
      wireLengthAt: this.lengthsSwapped ? 8 : 12,
      unitsPerSecond: header.nanoseconds ? 1e9 : 1e6,
      maxFrameBytes: Math.max(snapLength, USUAL_MAX_FRAME_BYTES),
    };
  }

  async next(batch: FrameBatch): Promise<boolean> {
    throwIfAborted(this.signal);
    batch.count = 0;
    if (!this.headerPassed) await this.passHeader();
    while (!this.done) {
      this.fill(batch);
      if (batch.count > 0) return true;
      if (this.capturedLengthAhead() > this.shape.maxFrameBytes) {
        if (await this.isOversizeBelievable()) this.take(batch, this.capturedLengthAhead());
        else await this.meetDamage();
        if (batch.count > 0) return true;
      } else if (!(await this.blocks.more())) {
        this.finish();
      }
    }
    return false;
  }

  private async passHeader(): Promise<void> {
    this.headerPassed = true;
    while (this.blocks.length < PCAP_HEADER_BYTES && (await this.blocks.more()));
    this.blocks.at = Math.min(PCAP_HEADER_BYTES, this.blocks.length);
  }

  /** Takes the whole records of the block, as far as the batch holds them. Stops before one it cannot take as it is. */
  private fill(batch: FrameBatch): void {
    const { blocks } = this;
    let count = 0;
    for (let more = 1; more > 0 && count < FRAMES_PER_BATCH; count += more) more = this.takeRecords(batch, count);
    batch.bytes = blocks.bytes;
    batch.fileOffset = blocks.fileOffset;
    batch.interfaceIndex.fill(0, 0, count);
    batch.count = count;
    if (count > 0) this.lastSeconds = batch.seconds[count - 1];
  }

  /** Takes the next records for frames `first`, … of the batch, some hundreds, and gives how many. */
  private takeRecords(batch: FrameBatch, first: number): number {
    const { blocks, nanosecondsPerUnit, lengthsMayBeSwapped } = this;
    const { view, length } = blocks;
    const { littleEndian, headerBytes, capturedLengthAt, wireLengthAt, unitsPerSecond, maxFrameBytes } = this.shape;
    const { at: starts, capturedLength, wireLength, seconds: wholeSeconds, nanoseconds } = batch;
    const end = Math.min(first + ROWS_AT_ONCE, FRAMES_PER_BATCH);
    let { at } = blocks;
    let n = first;
    for (; n < end && length - at >= headerBytes; n++) {
      let captured = view.getUint32(at + capturedLengthAt, littleEndian);
      let wire = view.getUint32(at + wireLengthAt, littleEndian);
      if (captured > wire) {
        const larger = captured;
        if (lengthsMayBeSwapped) captured = wire;
        wire = larger;
      }
      if (captured > maxFrameBytes || headerBytes + captured > length - at) break;
      let seconds = view.getUint32(at, littleEndian);
      let fraction = view.getUint32(at + 4, littleEndian);
      if (fraction >= unitsPerSecond) {
        seconds = Math.min(seconds + Math.floor(fraction / unitsPerSecond), 0xffffffff);
        fraction %= unitsPerSecond;
      }
      starts[n] = at + headerBytes;
      capturedLength[n] = captured;
      wireLength[n] = wire;
      wholeSeconds[n] = seconds;
      nanoseconds[n] = fraction * nanosecondsPerUnit;
      at += headerBytes + captured;
    }
    blocks.at = at;
    return n - first;
  }

  /** The captured length the record ahead claims, or -1 where its header is not there yet. */
  private capturedLengthAhead(): number {
    const { blocks, shape } = this;
    if (blocks.length - blocks.at < shape.headerBytes) return -1;
    const captured = blocks.view.getUint32(blocks.at + shape.capturedLengthAt, shape.littleEndian);
    const wire = blocks.view.getUint32(blocks.at + shape.wireLengthAt, shape.littleEndian);
    return this.lengthsMayBeSwapped ? Math.min(captured, wire) : captured;
  }

  /** A larger frame than libpcap writes is taken only where the capture has it whole and goes on rightly after it. */
  private async isOversizeBelievable(): Promise<boolean> {
    const { blocks, shape } = this;
    const size = shape.headerBytes + this.capturedLengthAhead();
    if (size > MAX_RECORD_BYTES) return false;
    await this.load(size + shape.headerBytes);
    const after = blocks.at + size;
    if (after === blocks.length) return blocks.ended;
    return isPlausibleRecord(blocks.view, after, blocks.length, shape, this.lastSeconds);
  }

  /** One frame, whatever its length; the whole record is in the block. */
  private take(batch: FrameBatch, captured: number): void {
    const { blocks, shape } = this;
    const { view, at } = blocks;
    const fraction = view.getUint32(at + 4, shape.littleEndian);
    const seconds = view.getUint32(at, shape.littleEndian) + Math.floor(fraction / shape.unitsPerSecond);
    batch.bytes = blocks.bytes;
    batch.fileOffset = blocks.fileOffset;
    batch.at[0] = at + shape.headerBytes;
    batch.capturedLength[0] = captured;
    batch.wireLength[0] = Math.max(captured, view.getUint32(at + shape.wireLengthAt, shape.littleEndian));
    batch.seconds[0] = Math.min(seconds, 0xffffffff);
    batch.nanoseconds[0] = (fraction % shape.unitsPerSecond) * this.nanosecondsPerUnit;
    batch.interfaceIndex[0] = 0;
    batch.count = 1;
    blocks.at += shape.headerBytes + captured;
    this.lastSeconds = batch.seconds[0];
  }

  /** Says where the damage is, and goes on behind it where several records in a row fit the capture; otherwise ends. */
  private async meetDamage(): Promise<void> {
    const { blocks, shape } = this;
    const claimed = this.capturedLengthAhead();
    await this.load(RESYNC_WINDOW_BYTES + 4 * (shape.headerBytes + USUAL_MAX_FRAME_BYTES));
    const damage = blocks.fileOffset + blocks.at;
    const what = `A record says it holds ${claimed} octets, which cannot be`;
    const from = blocks.at + 1;
    const to = Math.min(blocks.length, from + RESYNC_WINDOW_BYTES);
    const found = findRecords(blocks.view, from, to, blocks.ended, shape, this.lastSeconds);
    if (found < 0) {
      this.issueList.add('capture-damaged', `${what}; reading ended here.`, damage);
      this.end();
      return;
    }
    const lost = found - blocks.at;
    this.issueList.add('capture-damaged', `${what}; ${lost} octets were passed over.`, damage);
    blocks.at = found;
  }

  /** Reads on until `lengthBytes` octets lie ahead, or the end. */
  private async load(lengthBytes: number): Promise<void> {
    const { blocks } = this;
    while (blocks.length - blocks.at < lengthBytes && (await blocks.more()));
  }

  /** The source has ended; what is left is no whole record. */
  private finish(): void {
    const { blocks, shape } = this;
    const left = blocks.length - blocks.at;
    if (left > 0) {
      const claimed = this.capturedLengthAhead();
      const of = claimed < 0 ? 'octets of its header' : `of ${shape.headerBytes + claimed} octets`;
      const message = `The capture ends within its last record: ${left} ${of} are there.`;
      this.issueList.add('capture-cut', message, blocks.fileOffset + blocks.at);
    }
    this.end();
  }

  private end(): void {
    this.done = true;
    this.issueList.addAll(this.source.issues ?? []);
  }
}
