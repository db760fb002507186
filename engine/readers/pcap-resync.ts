/** How the records of a pcap lie. */
export interface RecordShape {
  readonly littleEndian: boolean;
  readonly headerBytes: number;
  readonly capturedLengthAt: number;
  readonly wireLengthAt: number;
  readonly unitsPerSecond: number;
  /** A longer frame is no evidence of a record. */
  readonly maxFrameBytes: number;
}

/** Records in a row, each where the one before says, that make it certain. */
const RECORDS_FOR_CERTAINTY = 4;
/** Fewer do where the last ends exactly with the capture. */
const RECORDS_FOR_CERTAINTY_AT_END = 2;
/** How far, in seconds, the time of a neighbouring record may be away. */
const NEAR_SECONDS = 3600;

/**
 * Whether the octets at `at` read like a record header: lengths in order, a fraction below one second, and a time near
 * `nearSeconds` (any time where that is negative). The frame itself need not be there.
 */
export function isPlausibleRecord(
  view: DataView,
  at: number,
  end: number,
  shape: RecordShape,
  nearSeconds: number,
): boolean {
  if (end - at < shape.headerBytes) return false;
  const captured = view.getUint32(at + shape.capturedLengthAt, shape.littleEndian);
  if (captured === 0 || captured > shape.maxFrameBytes) return false;
  if (view.getUint32(at + shape.wireLengthAt, shape.littleEndian) < captured) return false;
  if (view.getUint32(at + 4, shape.littleEndian) >= shape.unitsPerSecond) return false;
  return nearSeconds < 0 || Math.abs(view.getUint32(at, shape.littleEndian) - nearSeconds) <= NEAR_SECONDS;
}

/**
 * The first place in `from`…`to` where records certainly go on; -1 where there is none. `atEnd`: the capture ends where
 * `view` does. Looks at no more than four headers for each place, so the work is linear.
 */
export function findRecords(
  view: DataView,
  from: number,
  to: number,
  atEnd: boolean,
  shape: RecordShape,
  nearSeconds: number,
): number {
  // Without a good frame before there is no time to compare with, and so no certainty.
  if (nearSeconds < 0) return -1;
  for (let at = from; at < to; at++) {
    if (isChain(view, at, atEnd, shape, nearSeconds)) return at;
  }
  return -1;
}

function isChain(view: DataView, start: number, atEnd: boolean, shape: RecordShape, nearSeconds: number): boolean {
  const end = view.byteLength;
  let at = start;
  for (let records = 0; records < RECORDS_FOR_CERTAINTY; records++) {
    if (at === end) return atEnd && records >= RECORDS_FOR_CERTAINTY_AT_END;
    if (!isPlausibleRecord(view, at, end, shape, nearSeconds)) return false;
    at += shape.headerBytes + view.getUint32(at + shape.capturedLengthAt, shape.littleEndian);
    if (at > end) return false;
  }
  return true;
}
