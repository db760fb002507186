/** Searching octets four at a time. Text protocols are mostly octets to step over, and a step of four costs little more than one of one. */

let viewed: Uint8Array = new Uint8Array(0);
let view = new DataView(viewed.buffer);

/** A view of the same octets, made once for as long as the same array is asked for. */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view;
}

const LINE_FEED = 0x0a;
const LINE_FEEDS = 0x0a0a0a0a;

/** The first line feed from `at`, or `end` where there is none before it. `view` is that of the octets (`viewOf`). */
export function lineFeedAt(view: DataView, at: number, end: number): number {
  let i = at;
  for (; i + 4 <= end; i += 4) {
    // An octet that is zero after the XOR borrows from its top bit; only octets above a true one can be fooled.
    const word = view.getUint32(i, true) ^ LINE_FEEDS;
    const hit = (word - 0x01010101) & ~word & 0x80808080;
    if (hit !== 0) return i + ((31 - Math.clz32(hit & -hit)) >> 3);
  }
  for (; i < end; i++) if (view.getUint8(i) === LINE_FEED) return i;
  return end;
}
