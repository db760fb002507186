import { F64Column, U8Column, U16Column, U32Column } from '../../base/columns.ts';

/**
 * Every frame of the capture, one row each, in file order. Octets stay in the file: a row says where they are.
 * Packet numbers shown to people count from 1; rows count from 0.
 */
export class FrameTable {
  count = 0;
  /** Where the frame's octets begin in the (decompressed) capture. */
  readonly fileOffset = new F64Column();
  readonly capturedLength = new U32Column();
  /** Octets that were on the wire but not captured; 0 for almost every frame, so the column costs nothing. */
  readonly cutLength = new U32Column();
  /** Capture time: whole seconds since the epoch, and nanoseconds. */
  readonly seconds = new U32Column();
  readonly nanoseconds = new U32Column();
  readonly interfaceIndex = new U16Column();
  /** Flow of the frame's transport payload (see FlowTable), 0 for none. */
  readonly flow = new U32Column();
  /** Topmost protocol the frame was recognised as (see ProtocolList). */
  readonly protocol = new U8Column();

  add(
    fileOffset: number,
    capturedLength: number,
    wireLength: number,
    seconds: number,
    nanoseconds: number,
    interfaceIndex: number,
  ): number {
    const row = this.count++;
    this.fileOffset.set(row, fileOffset);
    this.capturedLength.set(row, capturedLength);
    this.cutLength.set(row, wireLength - capturedLength);
    this.seconds.set(row, seconds);
    this.nanoseconds.set(row, nanoseconds);
    this.interfaceIndex.set(row, interfaceIndex);
    return row;
  }

  wireLength(row: number): number {
    return this.capturedLength.get(row) + this.cutLength.get(row);
  }

  /** Capture time in seconds since the epoch; a double keeps about a quarter of a microsecond. */
  time(row: number): number {
    return this.seconds.get(row) + this.nanoseconds.get(row) / 1e9;
  }

  /** Seconds from frame `from` to frame `to`, exact to the nanosecond for captures of days. */
  secondsBetween(from: number, to: number): number {
    return (
      this.seconds.get(to) - this.seconds.get(from) + (this.nanoseconds.get(to) - this.nanoseconds.get(from)) / 1e9
    );
  }

  get lengthBytes(): number {
    const columns = [this.fileOffset, this.capturedLength, this.cutLength, this.seconds, this.nanoseconds];
    return [...columns, this.interfaceIndex, this.flow, this.protocol].reduce((sum, c) => sum + c.lengthBytes, 0);
  }
}
