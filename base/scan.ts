/** Searching octets four at a time. Text protocols are mostly octets to step over, and a step of four costs little more than one of one. */

// Two arrays take turns while a packet is read: the block it lies in, and what somebody puts together beside it.
let viewed: Uint8Array = new Uint8Array(0);
let viewedView = new DataView(viewed.buffer);
let otherViewed = viewed;
let otherView = viewedView;

/** A view of the same octets; it is made once for as long as no more than two arrays take turns. */
export function viewOf(bytes: Uint8Array): DataView {
  return bytes === viewed ? viewedView : switchTo(bytes);
}

function switchTo(bytes: Uint8Array): DataView {
  const next = bytes === otherViewed ? otherView : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  otherViewed = viewed;
  otherView = viewedView;
  viewed = bytes;
  viewedView = next;
  return next;
}

const LINE_FEED = 0x0a;
const LINE_FEEDS = 0x0a0a0a0a;

/** The first line feed from `at`, or `end` where there is none before it. `view` is that of the octets (`viewOf`). */
export function lineFeedAt(view: DataView, at: number, end: number): number {
  // `| 0` says that these are whole numbers of 32 bits, which spares a check for each step.
  let i = at | 0;
  for (const last = (end - 8) | 0; i <= last; i = (i + 8) | 0) {
    const a = zeroOctets(view.getInt32(i, true) ^ LINE_FEEDS);
    const b = zeroOctets(view.getInt32(i + 4, true) ^ LINE_FEEDS);
    if ((a | b) !== 0) return a !== 0 ? i + lowest(a) : i + 4 + lowest(b);
  }
  for (; i < end; i++) if (view.getUint8(i) === LINE_FEED) return i;
  return end;
}

/** Which octet of a word has the lowest bit that is set. */
function lowest(hits: number): number {
  return (31 - Math.clz32(hits & -hits)) >> 3;
}

/** The top bits of the octets of `word` that are zero: of the lowest such octet for certain, of those above it perhaps. */
function zeroOctets(word: number): number {
  // A zero borrows from its own top bit, and through it from the octets above: these alone can be fooled.
  return (word - 0x01010101) & ~word & 0x80808080;
}
