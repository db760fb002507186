/** ESP packets opened with the keys a person gave: while the capture is read, and again when somebody looks. */
import { U8Column, U16Column, U32Column } from '../../base/columns.ts';
import type { Octets } from '../../base/octets.ts';
import { type EspOpener, EspPayload, readEspTrailer } from '../network/esp.ts';
import type { FramePiece } from '../network/ip-issues.ts';
import type { FlowTable } from '../store/flow-table.ts';
import type { RecordOpener } from '../store/frame-table.ts';
import { isChecked, openEsp } from './open-esp.ts';
import type { EspSa } from './security-association.ts';

/** Ids follow those of TLS records, of inflated HEP payloads and of WebSocket messages. */
const FIRST_ID = 1 << 26;
const MAX_PACKETS = 1 << 25;
/** Packets kept for those who look at neighbouring messages. */
const CACHED_PACKETS = 64;
/** SPIs told of: a hostile capture may have any number of them. */
const MAX_FAILED_SPIS = 1000;

const NOTHING = new Uint8Array(0);

/** Whether a `FramePiece.record` is an ESP packet that was opened. */
export function isEspPacket(record: number): boolean {
  return record >= FIRST_ID && record < FIRST_ID + MAX_PACKETS;
}

/** Packets of one SPI for which keys are there, none of which opens them. `frame` is the first. */
export interface EspFailures {
  readonly spi: number;
  readonly frame: number;
  count: number;
}

/** An SA with its addresses as flows have them: -1 for any. */
interface Association {
  readonly sa: EspSa;
  readonly index: number;
  readonly source: number;
  readonly destination: number;
  readonly v6: boolean | null;
  opened: number;
}

/**
 * Opens ESP packets for the decoder, and keeps where each lies and what opens it, not what is in it. Stands first in
 * `FrameTable.records` and hands on what is not its own.
 */
export class EspPackets implements EspOpener, RecordOpener {
  readonly sas: readonly EspSa[];
  plain: Uint8Array = NOTHING;
  readonly payload = new EspPayload();
  record = 0;
  /** By SPI, in the order they came. */
  readonly failures = new Map<number, EspFailures>();
  /** Whose packets are not ours. */
  private readonly records: RecordOpener | null;
  private readonly associations: readonly Association[];
  private readonly bySpi = new Map<number, Association[]>();
  private readonly ofAnySpi: readonly Association[];
  private count = 0;
  private readonly frame = new U32Column();
  private readonly at = new U32Column();
  private readonly lengthBytes = new U32Column();
  private readonly association = new U16Column();
  private readonly isExtended = new U8Column();
  /** Of those that came in fragments, or in another record. */
  private readonly pieces = new Map<number, readonly FramePiece[]>();
  private readonly cache = new Map<number, Uint8Array>();

  constructor(sas: readonly EspSa[], flows: FlowTable, records: RecordOpener | null) {
    this.sas = sas;
    this.records = records;
    this.associations = sas.map((sa, index) => associationOf(sa, index, flows));
    this.ofAnySpi = this.associations.filter(({ sa }) => sa.spi === null);
    for (const association of this.associations) {
      const { spi } = association.sa;
      if (spi === null) continue;
      const same = this.bySpi.get(spi);
      if (same === undefined) this.bySpi.set(spi, [association]);
      else same.push(association);
    }
  }

  /** Packets that each SA opened, in the order they were given. */
  get openedBy(): readonly number[] {
    return this.associations.map(({ opened }) => opened);
  }

  knows(spi: number): boolean {
    return this.bySpi.has(spi);
  }

  open(
    bytes: Uint8Array,
    at: number,
    end: number,
    source: number,
    destination: number,
    v6: boolean,
    frame: number,
    frameAt: number,
    pieces: readonly FramePiece[] | null,
  ): boolean {
    if (end - at < 8 || this.count >= MAX_PACKETS) return false;
    const spi = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
    // Where ESP is in UDP, 0 is the mark of what is not ESP (RFC 3948 section 2.2).
    if (spi === 0) return false;
    const packet = bytes.subarray(at, end);
    const named = this.bySpi.get(spi) ?? NOBODY;
    let tried = 0;
    for (const list of [named, this.ofAnySpi]) {
      for (const association of list) {
        if (!isBetween(association, source, destination, v6)) continue;
        tried++;
        for (let extended = 0; extended < 2; extended++) {
          if (!this.opens(association.sa, packet, extended === 1)) continue;
          association.opened++;
          this.record = this.add(association.index, extended, frame, frameAt, end - at, pieces);
          return true;
        }
      }
    }
    if (tried > 0) this.fail(spi, frame);
    return false;
  }

  /** The records of a frame (0-based), ascending. */
  recordsOf(frame: number): number[] {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frame.get(middle) < frame) low = middle + 1;
      else high = middle;
    }
    const records: number[] = [];
    for (let i = low; i < this.count && this.frame.get(i) === frame; i++) records.push(FIRST_ID + i);
    return records;
  }

  /** Where a packet lies, its header included. */
  whereIs(record: number): readonly FramePiece[] {
    return this.piecesOf(record - FIRST_ID);
  }

  async plaintext(record: number, read: (pieces: readonly FramePiece[]) => Promise<Octets>): Promise<Uint8Array> {
    if (!isEspPacket(record)) return (await this.records?.plaintext(record, read)) ?? NOTHING;
    const index = record - FIRST_ID;
    if (index >= this.count) return NOTHING;
    const cached = this.cache.get(index);
    if (cached !== undefined) return cached;
    const { bytes, start, length } = await read(this.piecesOf(index));
    const { sa } = this.associations[this.association.get(index)];
    const plain = openEsp(sa, bytes.subarray(start, start + length), this.isExtended.get(index) === 1) ?? NOTHING;
    if (this.cache.size >= CACHED_PACKETS) this.cache.delete(this.cache.keys().next().value as number);
    this.cache.set(index, plain);
    return plain;
  }

  private opens(sa: EspSa, packet: Uint8Array, extended: boolean): boolean {
    // What is not checked looks the same with either sequence number.
    if (extended && !isChecked(sa)) return false;
    const plain = openEsp(sa, packet, extended);
    if (plain === null || !readEspTrailer(plain, !isChecked(sa), this.payload)) return false;
    this.plain = plain;
    return true;
  }

  private add(
    association: number,
    extended: number,
    frame: number,
    frameAt: number,
    length: number,
    pieces: readonly FramePiece[] | null,
  ): number {
    const index = this.count++;
    this.frame.set(index, frame);
    this.at.set(index, frameAt);
    this.lengthBytes.set(index, length);
    this.association.set(index, association);
    if (extended === 1) this.isExtended.set(index, 1);
    if (pieces !== null) this.pieces.set(index, pieces);
    return FIRST_ID + index;
  }

  private piecesOf(index: number): readonly FramePiece[] {
    const one = { frame: this.frame.get(index), at: this.at.get(index), length: this.lengthBytes.get(index) };
    return this.pieces.get(index) ?? [one];
  }

  private fail(spi: number, frame: number): void {
    const failures = this.failures.get(spi);
    if (failures !== undefined) failures.count++;
    else if (this.failures.size < MAX_FAILED_SPIS) this.failures.set(spi, { spi, frame, count: 1 });
  }
}

const NOBODY: readonly Association[] = [];

function associationOf(sa: EspSa, index: number, flows: FlowTable): Association {
  const known = sa.source ?? sa.destination;
  const v6 = known === null ? null : known.length === 16;
  return { sa, index, source: idOf(sa.source, flows), destination: idOf(sa.destination, flows), v6, opened: 0 };
}

function idOf(address: Uint8Array | null, flows: FlowTable): number {
  if (address === null) return -1;
  if (address.length === 16) return flows.ipv6Id(address, 0);
  return ((address[0] << 24) | (address[1] << 16) | (address[2] << 8) | address[3]) >>> 0;
}

function isBetween(sa: Association, source: number, destination: number, v6: boolean): boolean {
  if (sa.v6 !== null && sa.v6 !== v6) return false;
  return (sa.source < 0 || sa.source === source) && (sa.destination < 0 || sa.destination === destination);
}
