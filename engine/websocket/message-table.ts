import { U8Column, U32Column } from '../../base/columns.ts';
import { Octets } from '../../base/octets.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import type { RecordOpener } from '../store/frame-table.ts';
import { inflateMessage, joinedPayload, NOTHING, slidWindow } from './message-octets.ts';

/** Ids follow those of TLS records and of inflated HEP payloads. */
const FIRST_ID = 1 << 25;
const MAX_RECORDS = 1 << 22;
/** Messages kept for those who look at neighbouring ones; windows for those who read on. */
const CACHED_MESSAGES = 64;
const CACHED_WINDOWS = 8;

const Kind = { Plain: 0, Compressed: 1, JsonText: 2 } as const;

/** Whether a `FramePiece.record` is a WebSocket message, or a part of one. */
export function isWebSocketMessage(record: number): boolean {
  return record >= FIRST_ID && record < FIRST_ID + MAX_RECORDS;
}

type Read = (pieces: readonly FramePiece[]) => Promise<Octets>;

/**
 * WebSocket messages whose octets are not in the file as they are: where their frames lie, and what they refer back to, not
 * what they say, which is made again when somebody looks. Stands first in `FrameTable.records` and hands on what is not
 * its own.
 */
export class MessageTable implements RecordOpener {
  private count = 0;
  private readonly kind = new U8Column();
  private readonly frame = new U32Column();
  private readonly at = new U32Column();
  private readonly lengthBytes = new U32Column();
  /** Of those that came in several pieces, or in another record. */
  private readonly pieces = new Map<number, readonly FramePiece[]>();
  /** Of a compressed message: the id of the one before that it may refer to, 0 for none. */
  private readonly previous = new U32Column();
  /** What a message may refer to, of one in many: so that not all before it have to be read again. */
  private readonly windows = new Map<number, Uint8Array>();
  private readonly records: RecordOpener | null;
  private readonly messages = new Map<number, Uint8Array>();
  private readonly windowsAfter = new Map<number, Uint8Array>();

  constructor(records: RecordOpener | null) {
    this.records = records;
  }

  /** The id of a message whose whole frames are at `pieces`, 0 where there are too many. `frame` completed it. */
  addPlain(frame: number, pieces: readonly FramePiece[]): number {
    return this.add(Kind.Plain, frame, pieces);
  }

  /** As `addPlain`, of a compressed one. `window`, where given, is what it may refer to: `previous` need not be read. */
  addCompressed(
    frame: number,
    pieces: readonly FramePiece[],
    previous: number,
    window: Uint8Array | null = null,
  ): number {
    const id = this.add(Kind.Compressed, frame, pieces);
    if (id === 0) return 0;
    if (window !== null) this.windows.set(id, window);
    this.previous.set(id - FIRST_ID, previous);
    return id;
  }

  /** The id of what a JSON text says, 0 where there are too many; its octets, quotation marks included, are at `pieces`. */
  addJsonText(frame: number, pieces: readonly FramePiece[]): number {
    return this.add(Kind.JsonText, frame, pieces);
  }

  /** Takes the newest id back: nobody took what is under it. */
  drop(id: number): void {
    if (id === 0 || id !== FIRST_ID + this.count - 1) return;
    this.count--;
    this.pieces.delete(id);
  }

  async plaintext(id: number, read: Read): Promise<Uint8Array> {
    if (!isWebSocketMessage(id)) return (await this.records?.plaintext(id, read)) ?? NOTHING;
    const index = id - FIRST_ID;
    if (index >= this.count) return NOTHING;
    const cached = this.messages.get(id);
    if (cached !== undefined) return cached;
    const kind = this.kind.get(index);
    if (kind === Kind.Compressed) return this.inflated(id, read);
    const octets = await this.octetsOf(id, read);
    return this.keep(id, kind === Kind.JsonText ? jsonTextOctets(octets) : joinedPayload(octets));
  }

  private add(kind: number, frame: number, pieces: readonly FramePiece[]): number {
    if (this.count >= MAX_RECORDS) return 0;
    const index = this.count++;
    const only = pieceIn(pieces, frame);
    this.kind.set(index, kind);
    this.previous.set(index, 0);
    if (only !== null) {
      this.frame.set(index, frame);
      this.at.set(index, only.at);
      this.lengthBytes.set(index, only.length);
    } else {
      this.pieces.set(FIRST_ID + index, pieces);
    }
    return FIRST_ID + index;
  }

  /** Goes back to where what is referred to is known, and inflates from there. */
  private async inflated(id: number, read: Read): Promise<Uint8Array> {
    const chain: number[] = [];
    let window: Uint8Array = NOTHING;
    for (let at = id; at !== 0; at = this.previous.get(at - FIRST_ID)) {
      chain.push(at);
      const known = this.windows.get(at) ?? this.windowsAfter.get(this.previous.get(at - FIRST_ID));
      if (known === undefined) continue;
      window = known;
      break;
    }
    let message: Uint8Array = NOTHING;
    for (const at of chain.toReversed()) {
      message = inflateMessage(joinedPayload(await this.octetsOf(at, read)), window) ?? NOTHING;
      window = slidWindow(window, message);
    }
    remember(this.windowsAfter, id, window, CACHED_WINDOWS);
    return this.keep(id, message);
  }

  private keep(id: number, message: Uint8Array): Uint8Array {
    remember(this.messages, id, message, CACHED_MESSAGES);
    return message;
  }

  private async octetsOf(id: number, read: Read): Promise<Uint8Array> {
    const index = id - FIRST_ID;
    const { bytes, start, length } = await read(
      this.pieces.get(id) ?? [
        { frame: this.frame.get(index), at: this.at.get(index), length: this.lengthBytes.get(index) },
      ],
    );
    return bytes.subarray(start, start + length);
  }
}

/** What a JSON text says in UTF-8; nothing where it is none. */
export function jsonTextOctets(quoted: Uint8Array): Uint8Array {
  try {
    const value: unknown = JSON.parse(new Octets(quoted).text());
    return typeof value === 'string' ? new TextEncoder().encode(value) : NOTHING;
  } catch {
    return NOTHING;
  }
}

function remember(cache: Map<number, Uint8Array>, id: number, octets: Uint8Array, most: number): void {
  if (cache.size >= most) cache.delete(cache.keys().next().value as number);
  cache.set(id, octets);
}
