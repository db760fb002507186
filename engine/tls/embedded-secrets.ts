import type { CaptureReader } from '../readers/frame-batch.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import type { KeyLog } from './key-log.ts';

/** A TLS key log: `TLSK` (draft-ietf-opsawg-pcapng, Decryption Secrets Block). */
export const TLS_KEY_LOG = 0x544c534b;

/** All secrets of a capture together; real ones have kilobytes. */
const MAX_BYTES = 64 << 20;

/** Reads the key logs that a capture carries itself, as the reader comes upon them. */
export class EmbeddedSecrets {
  /** Key logs found. */
  count = 0;
  /** Some came after frames, and with secrets that nothing had brought before. */
  isLate = false;
  private readonly source: ByteSource;
  private readonly reader: CaptureReader;
  private readonly keyLog: KeyLog;
  private next = 0;
  private bytesRead = 0;

  constructor(source: ByteSource, reader: CaptureReader, keyLog: KeyLog) {
    this.source = source;
    this.reader = reader;
    this.keyLog = keyLog;
  }

  /** There are secrets that `take` has not read yet. */
  get isBehind(): boolean {
    return this.next < this.reader.extras.secrets.length;
  }

  /** Adds what the reader found since the last time to the key log. `framesBefore`: frames already dealt with. */
  async take(framesBefore: number): Promise<void> {
    const { secrets } = this.reader.extras;
    const sizeBefore = this.keyLog.size;
    for (; this.next < secrets.length; this.next++) {
      const { type, fileOffset, lengthBytes } = secrets[this.next];
      if (type !== TLS_KEY_LOG || this.bytesRead + lengthBytes > MAX_BYTES) continue;
      this.bytesRead += lengthBytes;
      const bytes = Buffer.alloc(lengthBytes);
      const got = await this.source.read(fileOffset, bytes, 0, lengthBytes);
      this.keyLog.add(bytes.toString('latin1', 0, got));
      this.count++;
    }
    if (framesBefore > 0 && this.keyLog.size > sizeBefore) this.isLate = true;
  }
}
