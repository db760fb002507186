/** The same stream at two capture points. */
import type { StreamRow } from './api.ts';

/** Where a stream was seen. */
export interface ComparePoint {
  /** File name of the capture. */
  capture: string;
  /** It is the second capture, where two are compared; rows, packets and filters are those of the first. */
  isOther: boolean;
  stream: string;
  ssrc: string;
  src: string;
  dst: string;
  /** Name of the interface where one capture saw the stream on several; else null. */
  interface: string | null;
  /** What its packets are inside of; `udp` on the wire itself. */
  carriedIn: StreamRow['carriedIn'];
  /** Packets seen, repeats included. */
  packets: number;
  /** Repeats of a sequence number. */
  duplicates: number;
  /** Packets that came after one with a higher number. */
  outOfOrder: number;
  /** RFC 3550 section 6.4.1, mean; null where the clock rate is not known. */
  jitterMs: number | null;
  /** Numbers that lie beyond the other point's first or last packet: one capture was running when the other was not. */
  outside: number;
  encrypted: 'plain' | 'opened' | 'sealed';
}

/** How long packets took from A to B. */
export interface CompareDelay {
  /**
   * `absolute`: one clock saw both. `relative`: two captures have two clocks; their offset and drift were estimated from
   * the fastest packets, so delays count from the fastest way and say nothing of how long that took.
   */
  kind: 'absolute' | 'relative';
  minMs: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
  /** Of two clocks: what B's is ahead of A's at the first packet, the fastest way included; and how it drifts. */
  clockOffsetSeconds: number | null;
  driftPpm: number | null;
}

/** What is not the same on both sides. */
export interface CompareChange {
  field:
    | 'ssrc'
    | 'sequence'
    | 'timestamp'
    | 'payload-type'
    | 'marker'
    | 'header-extension'
    | 'payload'
    | 'dscp'
    | 'ttl'
    | 'encryption';
  /** Values as a person reads them; '' where they differ from packet to packet. */
  from: string;
  to: string;
  /** Packets that show it; of `dscp` and `ttl` those looked at. */
  packets: number;
  /** One sentence. */
  message: string;
}

/** By equal parts of A's time. All arrays have one entry a part. */
export interface CompareSeries {
  /** Of the first part, seconds since the epoch. */
  startTime: number;
  partSeconds: number;
  /** Milliseconds; null where no packet of the part was seen twice. */
  delayMinMs: (number | null)[];
  delayMaxMs: (number | null)[];
  /** Packets seen at A and not at B, and the reverse. */
  lost: number[];
  missed: number[];
}

export interface CompareRow {
  id: string;
  a: ComparePoint;
  b: ComparePoint;
  /** What says that packets passed A first: the clock of one capture, or that A saw more of them; null where nothing does. */
  orderBy: 'time' | 'packets' | null;
  /** What shows that they are one stream: its SSRC and numbers, or its payloads (the SSRC was rewritten). */
  matchedBy: 'ssrc' | 'payload';
  /** Sequence numbers seen at both points. */
  both: number;
  /** Seen at A and not at B: lost between them, where A comes first. */
  lostBetween: number;
  /** Seen at B and not at A: A's capture missed them, or something between made them. */
  missedAtA: number;
  /** Packets in another order at B than at A. */
  reordered: number;
  /** Null where no packet was seen at both points. */
  delay: CompareDelay | null;
  changes: CompareChange[];
  /** What came of it, in a sentence. */
  verdict: string;
}

export type DifferenceKind = 'lost' | 'missed' | 'changed' | 'reordered' | 'slow';

/** A packet that is not the same on both sides. */
export interface CompareDifference {
  /** Extended, as A counts. */
  sequence: number;
  kind: DifferenceKind;
  /** Packet numbers in the captures; null where it was not seen. */
  packetA: number | null;
  packetB: number | null;
  /** When A saw it, seconds since the epoch; null where it did not. */
  time: number | null;
  delayMs: number | null;
  /** What is different, for a person. */
  text: string;
}

/** A comparison's differences: those of a kind or all, and how many there are of each. */
export interface DifferencesPage {
  /** Of the kind asked for. */
  total: number;
  counts: Record<DifferenceKind, number>;
  rows: CompareDifference[];
}

/** How far a comparison is: the second capture is read first, then streams are laid side by side. */
export type CompareProgress =
  | {
      stage: 'reading';
      bytesRead: number;
      /** -1 while unknown. */
      bytesTotal: number;
      packets: number;
    }
  | {
      stage: 'comparing';
      /** Streams looked at, of all of both captures: most need no look. */
      streams: number;
      of: number;
    };
