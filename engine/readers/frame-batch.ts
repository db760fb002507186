/**
 * Frames of one block of the capture, as columns: readers fill a batch, the pass walks it. A batch is reused for the
 * next block, so nothing of it may be kept.
 */
export const FRAMES_PER_BATCH = 16384;

/** Octets that the columns of a batch take. */
export const BATCH_COLUMN_BYTES = FRAMES_PER_BATCH * (5 * 4 + 2 + 4 + 2 * 2);

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
  /**
   * Where somebody looked into the frames before (engine/reading): the number of the flow of a frame that carries a UDP
   * datagram whole, in no tunnel and no fragment, by their count of flows; 0 for every other frame, and where nobody looked.
   */
  aheadFlow: Uint32Array;
  /** Where such a datagram's payload begins in its frame, and how long it is. */
  payloadAt: Uint16Array;
  payloadLength: Uint16Array;

  /** The columns lie in `buffer`, which is `BATCH_COLUMN_BYTES` long and holds zeros. */
  constructor(buffer: ArrayBufferLike = new ArrayBuffer(BATCH_COLUMN_BYTES)) {
    const words = Array.from(
      { length: 6 },
      (_, i) => new Uint32Array(buffer, i * 4 * FRAMES_PER_BATCH, FRAMES_PER_BATCH),
    );
    const halves = Array.from(
      { length: 3 },
      (_, i) => new Uint16Array(buffer, (24 + 2 * i) * FRAMES_PER_BATCH, FRAMES_PER_BATCH),
    );
    [this.at, this.capturedLength, this.wireLength, this.seconds, this.nanoseconds, this.aheadFlow] = words;
    [this.interfaceIndex, this.payloadAt, this.payloadLength] = halves;
  }

  /** Shows the frames of another batch from now on, as long as they are there. */
  show(other: FrameBatch): void {
    Object.assign(this, other);
  }

  /** Leaves out the first `frames` from now on. */
  leaveOut(frames: number): void {
    this.count -= frames;
    this.at = this.at.subarray(frames);
    this.capturedLength = this.capturedLength.subarray(frames);
    this.wireLength = this.wireLength.subarray(frames);
    this.seconds = this.seconds.subarray(frames);
    this.nanoseconds = this.nanoseconds.subarray(frames);
    this.interfaceIndex = this.interfaceIndex.subarray(frames);
    this.aheadFlow = this.aheadFlow.subarray(frames);
    this.payloadAt = this.payloadAt.subarray(frames);
    this.payloadLength = this.payloadLength.subarray(frames);
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
