/** Decoded samples that are kept, whoever decoded them: what was used longest ago goes first. */
export class ChunkCache {
  private readonly capBytes: number;
  private readonly chunks = new Map<string, Int16Array>();
  private usedBytes = 0;

  constructor(capBytes: number) {
    this.capBytes = capBytes;
  }

  has(key: string): boolean {
    return this.chunks.has(key);
  }

  get(key: string): Int16Array | null {
    const chunk = this.chunks.get(key);
    if (chunk === undefined) return null;
    this.chunks.delete(key);
    this.chunks.set(key, chunk);
    return chunk;
  }

  /** Keeps `chunk`; the newest stays even where it alone is over the cap. */
  set(key: string, chunk: Int16Array): void {
    this.drop(key);
    this.chunks.set(key, chunk);
    this.usedBytes += chunk.byteLength;
    for (const oldest of this.chunks.keys()) {
      if (this.usedBytes <= this.capBytes || oldest === key) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const chunk = this.chunks.get(key);
    if (chunk === undefined) return;
    this.chunks.delete(key);
    this.usedBytes -= chunk.byteLength;
  }
}
