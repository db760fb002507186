// The next-generation capture format: draft-ietf-opsawg-pcapng.
import type { ByteSource } from '../sources/byte-source.ts';
import { throwIfAborted } from './abort.ts';
import { BlockReader, MAX_RECORD_BYTES, type ReadingOptions } from './block-reader.ts';
import { type CaptureInterface, type CaptureReader, FRAMES_PER_BATCH, type FrameBatch } from './frame-batch.ts';
import { IssueList } from './issue-list.ts';
import { ExtrasCollector } from './pcapng-extras.ts';
import { OptionCursor } from './pcapng-options.ts';
import { type CaptureClock, makeClock, storeTime } from './pcapng-time.ts';

/** The same in both byte orders. */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const OPTION_COMMENT = 1;
const OPTION_INTERFACE_NAME = 2;
const OPTION_FRAME_DROPS = 4;
const OPTION_INTERFACE_DROPS = 5;
const OPTION_SYSTEM_DROPS = 7;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;

/** Type, length, and the length again behind the body. */
const BLOCK_OVERHEAD_BYTES = 12;
/** Of an enhanced packet block, and an old packet block, before the frame. */
const PACKET_FIXED_BYTES = 28;
/** `interfaceIndex` of a batch has 16 bits. */
const MAX_INTERFACES = 65536;

/** What the reader keeps of an interface beside what it shows. */
interface InterfaceState {
  readonly clock: CaptureClock;
  /** Frames dropped, as interface statistics and as the frames themselves say; -1 where they do not. */
  statisticsDrops: number;
  frameDrops: number;
}

/** Whether a capture's first octets are those of a pcapng: a section header with either byte-order magic. */
export function isPcapngStart(start: Uint8Array): boolean {
  if (start.length < 12) return false;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (view.getUint32(0) !== SECTION_HEADER) return false;
  return view.getUint32(8, true) === BYTE_ORDER_MAGIC || view.getUint32(8, false) === BYTE_ORDER_MAGIC;
}

/** Reads a pcapng: any number of sections, each with its own byte order and interfaces. */
export class PcapngReader implements CaptureReader {
  readonly format = 'pcapng';
  readonly interfaces: CaptureInterface[] = [];
  private readonly issueList = new IssueList();
  readonly issues = this.issueList.all;
  private readonly collector = new ExtrasCollector();
  readonly extras = this.collector.extras;

  private readonly source: ByteSource;
  private readonly signal: AbortSignal | undefined;
  private readonly blocks: BlockReader;
  private readonly states: InterfaceState[] = [];
  private littleEndian = true;
  /** Index in `interfaces` of the section's interface 0. */
  private sectionFirst = 0;
  private frames = 0;
  private lastSeconds = 0;
  private lastNanoseconds = 0;
  private done = false;
  private timeReported = false;
  private interfaceReported = false;

  constructor(source: ByteSource, options: ReadingOptions = {}) {
    this.source = source;
    this.signal = options.signal;
    this.blocks = new BlockReader(source, options);
  }

  async next(batch: FrameBatch): Promise<boolean> {
    throwIfAborted(this.signal);
    batch.count = 0;
    while (!this.done) {
      this.fill(batch);
      if (batch.count > 0) return true;
      if (!this.done && !(await this.blocks.more())) this.finish();
    }
    return false;
  }

  /** Walks the whole blocks at hand, as far as the batch holds their frames; ends the reading at damage. */
  private fill(batch: FrameBatch): void {
    const { blocks } = this;
    const { view, length } = blocks;
    batch.bytes = blocks.bytes;
    batch.fileOffset = blocks.fileOffset;
    while (batch.count < FRAMES_PER_BATCH && length - blocks.at >= BLOCK_OVERHEAD_BYTES) {
      const at = blocks.at;
      const type = view.getUint32(at, this.littleEndian);
      if (type === SECTION_HEADER && !this.takeByteOrder(at)) return;
      const total = view.getUint32(at + 4, this.littleEndian);
      if (total < BLOCK_OVERHEAD_BYTES || (total & 3) !== 0 || total > MAX_RECORD_BYTES) {
        this.endAtDamage(`A block says it is ${total} octets long, which cannot be`);
        return;
      }
      if (total > length - at) return;
      const again = view.getUint32(at + total - 4, this.littleEndian);
      if (again !== total) {
        this.endAtDamage(`A block says it is ${total} octets long at its front and ${again} at its end`);
        return;
      }
      if (type === ENHANCED_PACKET || type === OLD_PACKET) this.packet(batch, at, total, type === OLD_PACKET);
      else if (type === SIMPLE_PACKET) this.simplePacket(batch, at, total);
      else this.otherBlock(type, at, total);
      if (this.done) return;
      blocks.at = at + total;
    }
  }

  /** The byte order of the section that begins at `at`; false where it is none. */
  private takeByteOrder(at: number): boolean {
    const { view } = this.blocks;
    this.littleEndian = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    if (this.littleEndian || view.getUint32(at + 8, false) === BYTE_ORDER_MAGIC) return true;
    this.endAtDamage('A section begins without its byte-order magic');
    return false;
  }

  /** Enhanced packet block (4.3) and the packet block it replaced (Appendix A): they differ in the interface field. */
  private packet(batch: FrameBatch, at: number, total: number, old: boolean): void {
    const { view } = this.blocks;
    const { littleEndian } = this;
    const room = total - PACKET_FIXED_BYTES - 4;
    const captured = room < 0 ? 0 : view.getUint32(at + 20, littleEndian);
    if (room < 0 || captured > room) {
      this.endAtDamage(`A block of ${total} octets says its frame has ${captured}`);
      return;
    }
    const local = old ? view.getUint16(at + 8, littleEndian) : view.getUint32(at + 8, littleEndian);
    const index = this.sectionFirst + local;
    if (index >= this.states.length) {
      this.reportUnknownInterface(local);
      return;
    }
    const n = batch.count;
    const state = this.states[index];
    const high = view.getUint32(at + 12, littleEndian);
    const low = view.getUint32(at + 16, littleEndian);
    if (!storeTime(batch, n, high, low, state.clock) && !this.timeReported) this.reportTime();
    this.addFrame(batch, at + PACKET_FIXED_BYTES, captured, view.getUint32(at + 24, littleEndian), index);
    if (old) {
      const drops = view.getUint16(at + 10, littleEndian);
      if (drops !== 0xffff) this.addFrameDrops(state, drops);
    }
    const optionsAt = at + PACKET_FIXED_BYTES + ((captured + 3) & ~3);
    const optionsEnd = at + total - 4;
    if (optionsEnd - optionsAt >= 4) this.packetOptions(optionsAt, optionsEnd, state, old);
  }

  private packetOptions(from: number, end: number, state: InterfaceState, old: boolean): void {
    const { view } = this.blocks;
    const { littleEndian } = this;
    // Most captures with options have only flags, so the walk allocates nothing until it meets one that matters.
    let at = from;
    while (end - at >= 4) {
      const code = view.getUint16(at, littleEndian);
      const lengthBytes = view.getUint16(at + 2, littleEndian);
      if (code === 0 || lengthBytes > end - at - 4) return;
      if (code === OPTION_COMMENT || code === OPTION_FRAME_DROPS) {
        const option = new OptionCursor(view, littleEndian, at, end);
        option.next();
        if (code === OPTION_COMMENT) this.collector.comment(this.frames - 1, option.text());
        else if (!old && option.u64() >= 0) this.addFrameDrops(state, option.u64());
      }
      at += 4 + ((lengthBytes + 3) & ~3);
    }
  }

  /** Simple packet block (4.4): interface 0 of the section, no time of its own, so the time of the frame before. */
  private simplePacket(batch: FrameBatch, at: number, total: number): void {
    const room = total - 16;
    if (room < 0) {
      this.endAtDamage(`A packet block is only ${total} octets long`);
      return;
    }
    if (this.sectionFirst >= this.interfaces.length) {
      this.reportUnknownInterface(0);
      return;
    }
    const wire = this.blocks.view.getUint32(at + 8, this.littleEndian);
    const snapLength = this.interfaces[this.sectionFirst].snapLength;
    const captured = Math.min(wire, room, snapLength === 0 ? wire : snapLength);
    batch.seconds[batch.count] = this.lastSeconds;
    batch.nanoseconds[batch.count] = this.lastNanoseconds;
    this.addFrame(batch, at + 12, captured, wire, this.sectionFirst);
  }

  private addFrame(batch: FrameBatch, at: number, captured: number, wire: number, index: number): void {
    const n = batch.count;
    batch.at[n] = at;
    batch.capturedLength[n] = captured;
    batch.wireLength[n] = wire < captured ? captured : wire;
    batch.interfaceIndex[n] = index;
    this.lastSeconds = batch.seconds[n];
    this.lastNanoseconds = batch.nanoseconds[n];
    batch.count = n + 1;
    this.frames++;
  }

  private otherBlock(type: number, at: number, total: number): void {
    const { view } = this.blocks;
    const end = at + total - 4;
    if (type === SECTION_HEADER) this.sectionHeader(at, end);
    else if (type === INTERFACE_DESCRIPTION) this.interfaceDescription(at, end);
    else if (type === NAME_RESOLUTION) this.collector.nameRecords(view, this.littleEndian, at + 8, end);
    else if (type === INTERFACE_STATISTICS) this.interfaceStatistics(at, end);
    else if (type === DECRYPTION_SECRETS) this.decryptionSecrets(at, end);
  }

  /** 4.1. The section's length is not used: writers that stream leave it unknown, and blocks chain without it. */
  private sectionHeader(at: number, end: number): void {
    const { view } = this.blocks;
    if (end - at < 24) {
      this.endAtDamage('A section header is too short');
      return;
    }
    const major = view.getUint16(at + 12, this.littleEndian);
    if (major !== 1) {
      this.endAtDamage(`A section is written in version ${major} of the format, which is not known`);
      return;
    }
    this.sectionFirst = this.interfaces.length;
    const option = new OptionCursor(view, this.littleEndian, at + 24, end);
    while (option.next()) if (option.code === OPTION_COMMENT) this.collector.comment(-1, option.text());
  }

  /** 4.2 */
  private interfaceDescription(at: number, end: number): void {
    const { view } = this.blocks;
    if (end - at < 16) {
      this.endAtDamage('An interface description is too short');
      return;
    }
    if (this.interfaces.length >= MAX_INTERFACES) return;
    let name = '';
    let resolution = 6;
    let offsetSeconds = 0;
    const option = new OptionCursor(view, this.littleEndian, at + 16, end);
    while (option.next()) {
      if (option.code === OPTION_INTERFACE_NAME) name = option.text();
      else if (option.code === OPTION_TIME_RESOLUTION && option.lengthBytes > 0) resolution = option.u8();
      else if (option.code === OPTION_TIME_OFFSET) offsetSeconds = option.i64();
    }
    const linkType = view.getUint16(at + 8, this.littleEndian);
    this.interfaces.push({ linkType, snapLength: view.getUint32(at + 12, this.littleEndian), name });
    this.states.push({ clock: makeClock(resolution, offsetSeconds), statisticsDrops: -1, frameDrops: -1 });
  }

  /** 4.6. The counters run from the start of the capture, so the latest block of an interface counts. */
  private interfaceStatistics(at: number, end: number): void {
    const { view } = this.blocks;
    if (end - at < 20) return;
    const state = this.states[this.sectionFirst + view.getUint32(at + 8, this.littleEndian)];
    if (!state) return;
    let drops = -1;
    const option = new OptionCursor(view, this.littleEndian, at + 20, end);
    while (option.next()) {
      if (option.code !== OPTION_INTERFACE_DROPS && option.code !== OPTION_SYSTEM_DROPS) continue;
      const count = option.u64();
      if (count >= 0) drops = Math.max(drops, 0) + count;
    }
    if (drops < 0) return;
    this.changeDrops(state, drops, state.frameDrops);
  }

  private addFrameDrops(state: InterfaceState, drops: number): void {
    this.changeDrops(state, state.statisticsDrops, Math.max(state.frameDrops, 0) + drops);
  }

  /** Both ways of saying it count the same frames, so the larger holds. */
  private changeDrops(state: InterfaceState, statisticsDrops: number, frameDrops: number): void {
    const before = Math.max(state.statisticsDrops, state.frameDrops, 0);
    state.statisticsDrops = statisticsDrops;
    state.frameDrops = frameDrops;
    this.extras.droppedFrames = (this.extras.droppedFrames ?? 0) + Math.max(statisticsDrops, frameDrops) - before;
  }

  /** 4.7. Only where they lie is kept. */
  private decryptionSecrets(at: number, end: number): void {
    const { view, fileOffset } = this.blocks;
    if (end - at < 16) return;
    const lengthBytes = Math.min(view.getUint32(at + 12, this.littleEndian), end - at - 16);
    this.collector.secrets(view.getUint32(at + 8, this.littleEndian), fileOffset + at + 16, lengthBytes);
  }

  private reportUnknownInterface(index: number): void {
    if (this.interfaceReported) return;
    this.interfaceReported = true;
    const message = `A frame belongs to interface ${index}, which the capture does not describe; such frames are left out.`;
    this.issueList.add('interface-unknown', message, this.blocks.fileOffset + this.blocks.at);
  }

  private reportTime(): void {
    this.timeReported = true;
    const message = 'The time of a frame lies outside 1970 to 2106; the nearest that fits is shown.';
    this.issueList.add('time-out-of-range', message, this.blocks.fileOffset + this.blocks.at);
  }

  private endAtDamage(what: string): void {
    this.issueList.add('capture-damaged', `${what}; reading ended here.`, this.blocks.fileOffset + this.blocks.at);
    this.end();
  }

  private finish(): void {
    const { blocks } = this;
    const left = blocks.length - blocks.at;
    if (left > 0) {
      const total = left < 8 ? 0 : blocks.view.getUint32(blocks.at + 4, this.littleEndian);
      const of = left < BLOCK_OVERHEAD_BYTES ? 'octets of its header' : `of ${total} octets`;
      const message = `The capture ends within its last block: ${left} ${of} are there.`;
      this.issueList.add('capture-cut', message, blocks.fileOffset + blocks.at);
    }
    this.end();
  }

  private end(): void {
    this.done = true;
    if (this.collector.omitted) {
      this.issueList.add('extras-omitted', 'There are more comments or names than are kept.', this.blocks.fileOffset);
    }
    this.issueList.addAll(this.source.issues ?? []);
  }
}
