/**
 * Frames of one block of the capture, as columns: readers fill a batch, the pass walks it. A batch is reused for the
 * next block, so nothing of it may be kept.
 */
export const FRAMES_PER_BATCH = 16384;

export class FrameBatch {
  /** The block; frames lie in it as captured. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of `bytes[0]` in the (decompressed) capture. */
  fileOffset = 0;
  count = 0;
  /** Where each frame begins in `bytes`. */
  readonly at = new Uint32Array(FRAMES_PER_BATCH);
  readonly capturedLength = new Uint32Array(FRAMES_PER_BATCH);
  readonly wireLength = new Uint32Array(FRAMES_PER_BATCH);
  /** Capture time: whole seconds since the epoch and nanoseconds. */
  readonly seconds = new Uint32Array(FRAMES_PER_BATCH);
  readonly nanoseconds = new Uint32Array(FRAMES_PER_BATCH);
  /** Index into the reader's `interfaces`. */
  readonly interfaceIndex = new Uint16Array(FRAMES_PER_BATCH);
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
