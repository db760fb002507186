// Snoop, the capture format of Solaris: RFC 1761. Everything is big-endian.
import type { ByteSource } from '../sources/byte-source.ts';
import { throwIfAborted } from './abort.ts';
import { BlockReader, MAX_RECORD_BYTES, type ReadingOptions } from './block-reader.ts';
import { noExtras } from './extras.ts';
import { type CaptureInterface, type CaptureReader, FRAMES_PER_BATCH, type FrameBatch } from './frame-batch.ts';
import { IssueList } from './issue-list.ts';

export const SNOOP_HEADER_BYTES = 16;
const MAGIC_HIGH = 0x736e6f6f;
const MAGIC_LOW = 0x70000000;
const RECORD_HEADER_BYTES = 24;
/** libpcap's bound on what one frame may hold; snoop has none of its own. */
const MAX_FRAME_BYTES = 262_144;
/** Nobody's link type: the frames are shown as octets. */
const UNKNOWN_LINK_TYPE = 0xffff;

/** Datalink types of RFC 1761 as LINKTYPE_ numbers: 802.3, token ring, Ethernet, FDDI. The others have no counterpart. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 6],
  [4, 1],
  [8, 10],
]);

/** Whether octets begin like a snoop capture. */
export function isSnoopStart(start: Uint8Array): boolean {
  if (start.length < SNOOP_HEADER_BYTES) return false;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  return view.getUint32(0) === MAGIC_HIGH && view.getUint32(4) === MAGIC_LOW;
}

/** Reads a snoop capture. `start` is its first octets, at least the header. */
export class SnoopReader implements CaptureReader {
  readonly format = 'snoop';
  readonly interfaces: readonly CaptureInterface[];
  readonly extras = noExtras();
  private readonly issueList = new IssueList();
  readonly issues = this.issueList.all;
  private readonly source: ByteSource;
  private readonly signal: AbortSignal | undefined;
  private readonly blocks: BlockReader;
  private headerPassed = false;
  private done = false;

  constructor(source: ByteSource, start: Uint8Array, options: ReadingOptions = {}) {
    const view = new DataView(start.buffer, start.byteOffset, start.length);
    const version = view.getUint32(8);
    const datalink = view.getUint32(12);
    const linkType = LINK_TYPES.get(datalink);
    this.source = source;
    this.signal = options.signal;
    this.blocks = new BlockReader(source, options);
    this.interfaces = [{ linkType: linkType ?? UNKNOWN_LINK_TYPE, snapLength: 0, name: '' }];
    if (version !== 2)
      this.issueList.add(
        'snoop-version',
        `The capture says it is snoop version ${version}; it was read as version 2.`,
        8,
      );
    if (linkType === undefined) {
      const message = `The capture's datalink type ${datalink} is not known; its packets are shown as octets.`;
      this.issueList.add('snoop-datalink', message, 12);
    }
  }

  async next(batch: FrameBatch): Promise<boolean> {
    throwIfAborted(this.signal);
    batch.count = 0;
    while (!this.headerPassed && (this.blocks.length >= SNOOP_HEADER_BYTES || (await this.blocks.more()))) {
      if (this.blocks.length < SNOOP_HEADER_BYTES) continue;
      this.headerPassed = true;
      this.blocks.at = SNOOP_HEADER_BYTES;
    }
    while (!this.done) {
      this.fill(batch);
      if (batch.count > 0) return true;
      if (!this.done && !(await this.blocks.more())) this.finish();
    }
    return false;
  }

  /** Takes the whole records of the block, as far as the batch holds them. */
  private fill(batch: FrameBatch): void {
    const { blocks } = this;
    const { view, length } = blocks;
    let at = blocks.at;
    let n = 0;
    while (n < FRAMES_PER_BATCH && length - at >= RECORD_HEADER_BYTES) {
      const wire = view.getUint32(at);
      const captured = view.getUint32(at + 4);
      const record = view.getUint32(at + 8);
      if (captured > MAX_FRAME_BYTES || record < RECORD_HEADER_BYTES + captured || record > MAX_RECORD_BYTES) {
        if (n === 0) this.stop(at, record, captured);
        break;
      }
      if (record > length - at) break;
      const drops = view.getUint32(at + 12);
      if (drops > 0) this.extras.droppedFrames = drops;
      const microseconds = view.getUint32(at + 20);
      batch.at[n] = at + RECORD_HEADER_BYTES;
      batch.capturedLength[n] = captured;
      batch.wireLength[n] = wire < captured ? captured : wire;
      batch.seconds[n] = Math.min(view.getUint32(at + 16) + Math.floor(microseconds / 1e6), 0xffffffff);
      batch.nanoseconds[n] = (microseconds % 1e6) * 1000;
      n++;
      at += record;
    }
    blocks.at = at;
    batch.bytes = blocks.bytes;
    batch.fileOffset = blocks.fileOffset;
    batch.interfaceIndex.fill(0, 0, n);
    batch.count = n;
  }

  private stop(at: number, record: number, captured: number): void {
    const where = this.blocks.fileOffset + at;
    const message = `A record at octet ${where} says it takes ${record} octets and holds ${captured}, which cannot be; reading ended here.`;
    this.issueList.add('capture-damaged', message, where);
    this.end();
  }

  private finish(): void {
    const { blocks } = this;
    const left = blocks.length - blocks.at;
    if (left > 0) {
      const message = `The capture ends within its last record: ${left} octets of it are there.`;
      this.issueList.add('capture-cut', message, blocks.fileOffset + blocks.at);
    }
    this.end();
  }

  private end(): void {
    this.done = true;
    this.issueList.addAll(this.source.issues ?? []);
  }
}
