import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';

/**
 * Frames of one block of the capture, as columns: readers fill a batch, the pass walks it. A batch is reused for the
 * next block, so nothing of it may be kept.
 */
export const FRAMES_PER_BATCH = 16384;

/** Octets that the columns of a batch take. */
export const BATCH_COLUMN_BYTES = FRAMES_PER_BATCH * (8 + 8 * 4 + 5 * 2 + 2);

export class FrameBatch {
  /** The block; frames lie in it as captured. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of `bytes[0]` in the (decompressed) capture. */
  fileOffset = 0;
  count = 0;
  /** Where each frame begins in `bytes`. */
  at: Uint32Array;
  capturedLength: Uint32Array;
  wireLength: Uint32Array;
  /** Capture time: whole seconds since the epoch and nanoseconds. */
  seconds: Uint32Array;
  nanoseconds: Uint32Array;
  /** Index into the reader's `interfaces`. */
  interfaceIndex: Uint16Array;

  // What `note` fills in.
  isNoted = false;
  /** Where each frame begins in the capture. */
  offset: Float64Array;
  /** The frames with the earliest and the latest time; the first of equals. */
  earliest = 0;
  latest = 0;
  /** No frame was cut, and all came by the first interface. */
  isUsual = true;

  // What somebody filled in who looked into the frames before (engine/reading); zeros where nobody did.
  /**
   * The number of the flow of a frame that carries a UDP datagram whole, in no tunnel and no fragment, by their count of
   * flows; 0 for every other frame.
   */
  aheadFlow: Uint32Array;
  /** Where such a datagram's payload begins in its frame, and how long it is. */
  payloadAt: Uint16Array;
  payloadLength: Uint16Array;
  /** 1 where the payload is a plain RTP packet, if it is RTP at all; and its columns (`PLAIN_COLUMNS` of dissectors/rtp). */
  isPlainRtp: Uint8Array;
  rtpSequence: Uint16Array;
  rtpTimestamp: Uint32Array;
  rtpSsrc: Uint32Array;
  rtpPayloadType: Uint8Array;
  rtpPayloadLength: Uint16Array;

  /** The columns lie in `buffer`, which is `BATCH_COLUMN_BYTES` long and holds zeros. */
  constructor(buffer: ArrayBufferLike = new ArrayBuffer(BATCH_COLUMN_BYTES)) {
    const size = FRAMES_PER_BATCH;
    this.offset = new Float64Array(buffer, 0, size);
    const words = Array.from({ length: 8 }, (_, i) => new Uint32Array(buffer, (8 + 4 * i) * size, size));
    const halves = Array.from({ length: 5 }, (_, i) => new Uint16Array(buffer, (40 + 2 * i) * size, size));
    const octets = Array.from({ length: 2 }, (_, i) => new Uint8Array(buffer, (50 + i) * size, size));
    [this.at, this.capturedLength, this.wireLength, this.seconds, this.nanoseconds] = words;
    [this.aheadFlow, this.rtpTimestamp, this.rtpSsrc] = words.slice(5);
    [this.interfaceIndex, this.payloadAt, this.payloadLength, this.rtpSequence, this.rtpPayloadLength] = halves;
    [this.isPlainRtp, this.rtpPayloadType] = octets;
  }

  /** Fills in what is said of all frames. */
  note(): void {
    this.earliest = 0;
    this.latest = 0;
    this.isUsual = true;
    for (let from = 0; from < this.count; from += ROWS_AT_ONCE) {
      this.notePart(from, Math.min(this.count, from + ROWS_AT_ONCE));
    }
    this.isNoted = true;
  }

  private notePart(from: number, to: number): void {
    const { at, offset, fileOffset, seconds, nanoseconds, wireLength, capturedLength, interfaceIndex } = this;
    let unusual = 0;
    let { earliest, latest } = this;
    let earliestSecond = seconds[earliest];
    let earliestPart = nanoseconds[earliest];
    let latestSecond = seconds[latest];
    let latestPart = nanoseconds[latest];
    for (let i = from; i < to; i++) {
      offset[i] = fileOffset + at[i];
      unusual |= (wireLength[i] ^ capturedLength[i]) | interfaceIndex[i];
      const second = seconds[i];
      const part = nanoseconds[i];
      if (second - latestSecond + (part - latestPart) / 1e9 > 0) {
        latest = i;
        latestSecond = second;
        latestPart = part;
      }
      if (second - earliestSecond + (part - earliestPart) / 1e9 < 0) {
        earliest = i;
        earliestSecond = second;
        earliestPart = part;
      }
    }
    this.earliest = earliest;
    this.latest = latest;
    if (unusual !== 0) this.isUsual = false;
  }

  /** Shows the frames of another batch from now on, as long as they are there. */
  show(other: FrameBatch): void {
    Object.assign(this, other);
  }
}

/** An interface a capture was taken on (a plain pcap has exactly one). */
export interface CaptureInterface {
  /** LINKTYPE_ number (tcpdump.org/linktypes). */
  readonly linkType: number;
  readonly snapLength: number;
  /** Empty where the format does not say. */
  readonly name: string;
}

/** What a reader found wrong, with the offset in the (decompressed) capture. Reading ends or goes on as `message` says. */
export interface ReaderIssue {
  readonly code: string;
  readonly message: string;
  readonly fileOffset: number;
}

/** Reads one capture format, block by block, in bounded memory. */
export interface CaptureReader {
  /** `pcap`, `pcapng`, `snoop`, or what was converted: `chromium-rtpdump`, `firefox-rtplogger`, `text2pcap`, `rtpdump`. */
  readonly format: string;
  /** Grows while reading (pcapng). */
  readonly interfaces: readonly CaptureInterface[];
  /** Grows while reading. */
  readonly issues: readonly ReaderIssue[];
  /** Section and packet comments, name resolution, secrets: what the format carries beside frames. */
  readonly extras: CaptureExtras;
  /** Fills `batch` with the next frames; false at the end. `batch.count` may be 0 with true. Rejects only with AbortError or an I/O error. */
  next(batch: FrameBatch): Promise<boolean>;
  /** Lets go of a thread that reads; nothing can be read any more. */
  close?(): void;
}

/** What a pcapng carries beside frames. */
export interface CaptureExtras {
  /** `frame` is the 0-based frame the comment belongs to, -1 for the section's own. */
  readonly comments: { frame: number; text: string }[];
  /** Address → name, from name resolution blocks. */
  readonly names: { address: string; name: string }[];
  /** Decryption secrets blocks: secrets type (0x544c534b is a TLS key log) and where the secrets lie in the capture. Never logged. */
  readonly secrets: { type: number; fileOffset: number; lengthBytes: number }[];
  /** Frames the capturing system says it dropped, from interface statistics; null where nothing says. */
  droppedFrames: number | null;
}
