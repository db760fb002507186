/** How the renderer gets at payloads: many packets at a time. */

/** Packets to be read, and where their payloads lie: entries below `count` of each column. Used again and again. */
export interface PayloadBatch {
  count: number;
  /** Which packets: packet `packet[i]` of stream `stream[i]`, as the reader numbers them. */
  readonly stream: Uint32Array;
  readonly packet: Uint32Array;
  // What the reader fills in.
  /** The payload is `bytes[i][at[i] … at[i] + length[i])`. */
  readonly bytes: Uint8Array[];
  readonly at: Uint32Array;
  /** -1: it is not to be had. */
  readonly length: Int32Array;
  /** Where all payloads lie in the same octets: those, and the part of them that has all; else null. */
  together: { readonly bytes: Uint8Array; readonly from: number; readonly to: number } | null;
}

/** A copy of all payloads of a batch: in `bytes`, each `shift` octets after where it is in its own. */
export interface PayloadCopies {
  readonly bytes: Uint8Array;
  readonly shift: number;
}

export interface PayloadReader {
  /** Says where the payloads of the batch are. They stay there until the next `load`. */
  load(batch: PayloadBatch): Promise<void> | void;
}

const NOTHING = new Uint8Array(0);

/** A batch for `most` packets. */
export function emptyBatch(most: number): PayloadBatch {
  return {
    count: 0,
    stream: new Uint32Array(most),
    packet: new Uint32Array(most),
    bytes: Array.from({ length: most }, () => NOTHING),
    at: new Uint32Array(most),
    length: new Int32Array(most),
    together: null,
  };
}

/** A batch of the packets `packets` of one stream. */
export function batchOf(packets: ArrayLike<number>, stream = 0): PayloadBatch {
  const batch = emptyBatch(packets.length);
  batch.count = packets.length;
  batch.packet.set(packets);
  batch.stream.fill(stream);
  return batch;
}

/** Payload `i` of a batch that was loaded; null where it is not to be had. It changes with the next `load`. */
export function payloadOf({ bytes, at, length }: PayloadBatch, i: number): Uint8Array | null {
  return length[i] < 0 ? null : bytes[i].subarray(at[i], at[i] + length[i]);
}
