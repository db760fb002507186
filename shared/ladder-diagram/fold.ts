import type { Ladder, LadderDigit, LadderMedia, LadderMessage, LadderNote, LadderRow, LadderRtcp } from '../ladder.ts';

interface Drawn {
  /** The first packet of what the row shows, and its time. */
  readonly packet: number;
  readonly time: number;
  /** Time of the last packet it shows; of media and reports, the first's. */
  readonly endTime: number;
  /** Every row of the ladder it stands for. */
  readonly rows: readonly LadderRow[];
}

export interface DrawnMessage extends Drawn {
  readonly kind: 'message';
  readonly row: LadderMessage;
  /** The packet is in the capture this many times. */
  readonly copies: number;
}

/** A message sent again and again, on each hop it went over. */
export interface DrawnRepeats extends Drawn {
  readonly kind: 'repeats';
  /** Its start is the start of the arrow, … */
  readonly first: LadderMessage;
  /** … the end of this one its end. */
  readonly last: LadderMessage;
  /** Times it was sent again: on the hop with most. */
  readonly count: number;
  /** Shortest and longest wait before it was sent again, seconds. */
  readonly waits: readonly [number, number];
}

export interface DrawnMedia extends Drawn {
  readonly kind: 'media';
  readonly row: LadderMedia;
}

/** Digits of one stream with nothing but reports between them. */
export interface DrawnDigits extends Drawn {
  readonly kind: 'digits';
  readonly digits: LadderDigit[];
}

export interface DrawnReports extends Drawn {
  readonly kind: 'rtcp';
  readonly row: LadderRtcp;
}

/** What an agent logged or reported. */
export interface DrawnNote extends Drawn {
  readonly kind: 'note';
  readonly row: LadderNote;
}

/** A long time without a message. */
export interface DrawnGap extends Drawn {
  readonly kind: 'gap';
  readonly seconds: number;
}

export type DrawnRow = DrawnMessage | DrawnRepeats | DrawnMedia | DrawnDigits | DrawnReports | DrawnNote | DrawnGap;

/** A silence that a reader would overlook if the rows stood as close as ever. */
const LONG_SILENCE_SECONDS = 10;

/**
 * The rows of a drawing, in order of time. With `fold`, messages sent again are one row where the first repeat is, and
 * packets captured twice are counted on the row of the first.
 */
export function foldRows({ rows }: Ladder, fold: boolean): DrawnRow[] {
  const drawn: DrawnRow[] = [];
  const copies = new Map<number, LadderMessage[]>();
  if (fold) for (const row of rows) if (isCopy(row)) push(copies, row.repeats, row);
  const repeats = fold ? chainsOf(rows) : new Map<LadderMessage, DrawnRepeats | null>();
  for (const row of rows) {
    if (row.kind === 'media') drawn.push({ ...single(row), kind: 'media', row });
    else if (row.kind === 'rtcp') drawn.push({ ...single(row), kind: 'rtcp', row });
    else if (row.kind === 'note') drawn.push({ ...single(row), kind: 'note', row });
    else if (row.kind === 'digit') addDigit(drawn, row);
    else if (repeats.has(row)) {
      const chain = repeats.get(row) ?? null;
      if (chain !== null) drawn.push(chain);
    } else if (!fold || !isCopy(row)) {
      const same = copies.get(row.packet) ?? [];
      drawn.push({ ...single(row), rows: [row, ...same], kind: 'message', row, copies: same.length + 1 });
    }
  }
  return withGaps(drawn);
}

/** `59 messages, 40 folded into 2`. */
export function foldedCounts(drawn: readonly DrawnRow[]): { messages: number; folded: number; into: number } {
  const counts = { messages: 0, folded: 0, into: 0 };
  for (const row of drawn) {
    if (row.kind !== 'message' && row.kind !== 'repeats') continue;
    counts.messages += row.rows.length;
    if (row.rows.length === 1) continue;
    counts.folded += row.rows.length - (row.kind === 'message' ? 1 : 0);
    counts.into += row.kind === 'repeats' ? 1 : 0;
  }
  return counts;
}

function single(row: LadderRow): Drawn {
  return { packet: row.packet, time: row.time, endTime: row.time, rows: [row] };
}

function isCopy(row: LadderRow): row is LadderMessage & { repeats: number } {
  return row.kind === 'message' && row.capturedTwice && row.repeats !== null;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function addDigit(drawn: DrawnRow[], row: LadderDigit): void {
  // Reports come in between all the time.
  const at = drawn.findLastIndex(({ kind }) => kind !== 'rtcp' && kind !== 'note');
  const before = drawn[at];
  const endTime = row.time + row.durationMs / 1000;
  if (before?.kind !== 'digits' || before.digits[0].stream !== row.stream) {
    const digits = [row];
    drawn.push({ ...single(row), rows: digits, endTime, kind: 'digits', digits });
    return;
  }
  before.digits.push(row);
  drawn[at] = { ...before, endTime };
}

/** Repeats of one message on one hop. */
interface Hop {
  readonly original: LadderMessage | undefined;
  readonly rows: LadderMessage[];
}

/**
 * For each message that was sent again: the row that shows it, or null where another one's row does. A proxy forwards what is
 * sent again, so the hops are put together where the end of one is the start of the next.
 */
function chainsOf(rows: readonly LadderRow[]): Map<LadderMessage, DrawnRepeats | null> {
  const originals = new Map<number, LadderMessage>();
  const hops = new Map<string, Hop>();
  for (const row of rows) {
    if (row.kind !== 'message') continue;
    originals.set(row.packet, row);
    if (!row.retransmission) continue;
    const key = `${row.repeats ?? row.packet} ${row.label} ${row.cseq}`;
    const hop = hops.get(key);
    if (hop === undefined) hops.set(key, { original: originals.get(row.repeats ?? -1), rows: [row] });
    else hop.rows.push(row);
  }
  const chains = new Map<string, Hop[][]>();
  for (const hop of hops.values()) {
    const [first] = hop.rows;
    const message = `${first.callId} ${first.cseq} ${first.label}`;
    const chain = chains.get(message)?.find((other) => fits(other, first));
    if (chain === undefined) push(chains, message, [hop]);
    else if (ends(chain).to === first.from) chain.push(hop);
    else chain.unshift(hop);
  }
  const shown = new Map<LadderMessage, DrawnRepeats | null>();
  for (const chain of [...chains.values()].flat()) {
    const all = chain.flatMap(({ rows: ofHop }) => ofHop).toSorted((a, b) => a.packet - b.packet);
    if (all.length < 2) continue;
    for (const row of all) shown.set(row, null);
    shown.set(all[0], repeatsOf(chain, all));
  }
  return shown;
}

function ends(chain: readonly Hop[]): { from: number; to: number } {
  return { from: chain[0].rows[0].from, to: (chain.at(-1) ?? chain[0]).rows[0].to };
}

function fits(chain: readonly Hop[], { from, to }: LadderMessage): boolean {
  const whole = ends(chain);
  // A circle would have neither start nor end.
  return (whole.to === from && whole.from !== to) || (whole.from === to && whole.to !== from);
}

function repeatsOf(chain: readonly Hop[], all: readonly LadderMessage[]): DrawnRepeats {
  const busiest = chain.reduce((best, hop) => (hop.rows.length > best.rows.length ? hop : best));
  const times = [busiest.original, ...busiest.rows].flatMap((row) => (row === undefined ? [] : [row.time]));
  const waits = times.slice(1).map((time, i) => time - times[i]);
  return {
    kind: 'repeats',
    packet: all[0].packet,
    time: all[0].time,
    endTime: (all.at(-1) ?? all[0]).time,
    rows: all,
    first: chain[0].rows[0],
    last: (chain.at(-1) ?? chain[0]).rows[0],
    count: busiest.rows.length,
    waits: waits.length === 0 ? [0, 0] : [Math.min(...waits), Math.max(...waits)],
  };
}

function withGaps(drawn: readonly DrawnRow[]): DrawnRow[] {
  const rows: DrawnRow[] = [];
  let end = Number.POSITIVE_INFINITY;
  for (const row of drawn) {
    const seconds = row.time - end;
    if (seconds >= LONG_SILENCE_SECONDS) {
      rows.push({ kind: 'gap', packet: row.packet, time: end, endTime: row.time, rows: [], seconds });
    }
    rows.push(row);
    end = Number.isFinite(end) ? Math.max(end, row.endTime) : row.endTime;
  }
  return rows;
}
