import { rtcpColumns, type RtcpColumns, RtcpRow } from '../../dissectors/rtcp/columns.ts';
import { RtcpType } from '../../dissectors/rtcp/packet-types.ts';
import type { Capture } from '../capture.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { Evidence, type Stream } from '../trackers/streams/stream.ts';

/** A report block about a stream (RFC 3550 section 6.4.1), as it was sent. */
export interface StreamReport {
  readonly frame: number;
  readonly reporterSsrc: number;
  /** Of the packets since the report before. */
  readonly lostPercent: number;
  /** Since the receiver began; below 0 where packets were doubled. */
  readonly cumulativeLost: number;
  /** With the receiver's count of wraps in the upper half. */
  readonly highestSequence: number;
  /** null where the clock of the stream is not known. */
  readonly jitterMs: number | null;
  /** From the capture point to the receiver and back; null where the report answers no sender report of the capture. */
  readonly roundTripMs: number | null;
}

/** Reports that are looked at of one stream: a report every five seconds for days. */
const MOST_REPORTS = 100_000;
/** Sender reports with one NTP time that are told apart: of the legs that a relay sends them on. */
const MOST_ALIKE = 16;
/** What takes longer was not on the way, but in some clock. */
const LONGEST_TRIP_MS = 60_000;
/** Two frames of one host can be written in the wrong order. */
const CLOCK_SLACK_MS = 5;

const known = new WeakMap<Capture, Reports>();

/** The RTCP of a capture that was read, by the streams it is about; gone through once. */
export function reportsOf(capture: Capture): Reports {
  let reports = known.get(capture);
  if (reports === undefined) known.set(capture, (reports = new Reports(capture)));
  return reports;
}

/** What RTCP says of each stream. */
export class Reports {
  private readonly capture: Capture;
  private readonly rtcp: LayerTable<RtcpColumns> | null;
  private readonly bySsrc = new Map<number, Stream[]>();
  /** Rows about each stream, by their kind. */
  private readonly blocks = new Map<Stream, number[]>();
  private readonly metrics = new Map<Stream, number[]>();
  private readonly summaries = new Map<Stream, number[]>();
  /** Rows of sender reports, by the part of their NTP timestamp that is answered, and their SSRC. */
  private readonly senderReports = new Map<number, number[]>();
  /** What `medianTripMs` found: every stream is asked for twice, once as the other direction. */
  private readonly medianTrips = new Map<Stream, number | null>();
  private byEnds: Map<string, Stream> | null = null;

  constructor(capture: Capture) {
    this.capture = capture;
    this.rtcp = capture.store.layer('rtcp', rtcpColumns);
    const { streams } = capture.streams;
    for (const stream of streams) push(this.bySsrc, stream.ssrc, stream);
    if (this.rtcp !== null) this.goThrough(this.rtcp);
  }

  /** Report blocks about a stream, in the order they were captured. */
  about(stream: Stream): StreamReport[] {
    const rows = this.blocks.get(stream) ?? [];
    return rows.map((row) => this.reportOf(stream, row));
  }

  /** Median of the round trips from the capture point to the receiver of a stream, ms; null where no report shows one. */
  medianTripMs(stream: Stream): number | null {
    const before = this.medianTrips.get(stream);
    if (before !== undefined) return before;
    const trips: number[] = [];
    for (const row of this.blocks.get(stream) ?? []) {
      const ms = this.tripOf(stream, row);
      if (ms !== null) trips.push(ms);
    }
    const found = median(trips);
    this.medianTrips.set(stream, found);
    return found;
  }

  /** Whether anybody reported on a stream. */
  has(stream: Stream): boolean {
    return this.blocks.has(stream) || this.metrics.has(stream);
  }

  /** Rows of VoIP metrics about a stream (RFC 3611 section 4.7). */
  voipMetrics(stream: Stream): readonly number[] {
    return this.metrics.get(stream) ?? [];
  }

  /** Rows of statistics summaries about a stream (RFC 3611 section 4.6). */
  statistics(stream: Stream): readonly number[] {
    return this.summaries.get(stream) ?? [];
  }

  /** The columns of what `voipMetrics` and `statistics` name. */
  get table(): LayerTable<RtcpColumns> | null {
    return this.rtcp;
  }

  /** The stream that goes the other way between the same two addresses, of the same call; null where there is none. */
  opposite(stream: Stream): Stream | null {
    const { streams, store } = this.capture;
    const reverse = store.flows.reverse[stream.flow];
    const index = reverse === 0 ? 0 : store.flows.lastStream[reverse];
    const exact = index === 0 ? undefined : streams.candidates[index - 1];
    if (exact !== undefined && exact.evidence !== Evidence.None && exact.call === stream.call) return exact;
    this.byEnds ??= new Map(streams.streams.map((one) => [`${one.call} ${this.endsOf(one, false)}`, one]));
    return this.byEnds.get(`${stream.call} ${this.endsOf(stream, true)}`) ?? null;
  }

  private endsOf({ flow }: Stream, isReversed: boolean): string {
    const { flows } = this.capture.store;
    const ends = [flows.sourceAddress(flow), flows.destinationAddress(flow)];
    return (isReversed ? ends.toReversed() : ends).join(' ');
  }

  private goThrough(rtcp: LayerTable<RtcpColumns>): void {
    const c = rtcp.rows.columns;
    for (let row = 0; row < rtcp.count; row++) {
      const kind = c.kind.get(row);
      if (kind === RtcpRow.Packet && c.packetType.get(row) === RtcpType.Sr) {
        const key = senderReportKey(middleOf(c.ntpSeconds.get(row), c.ntpFraction.get(row)), c.ssrc.get(row));
        // A sender whose clock stands still has them all under one key.
        if ((this.senderReports.get(key)?.length ?? 0) < MOST_ALIKE) push(this.senderReports, key, row);
        continue;
      }
      const lists =
        kind === RtcpRow.ReportBlock
          ? this.blocks
          : kind === RtcpRow.VoipMetrics
            ? this.metrics
            : kind === RtcpRow.Statistics
              ? this.summaries
              : null;
      if (lists === null) continue;
      const stream = this.streamOf(rtcp, row);
      if (stream === undefined) continue;
      // What several agents saw is told once.
      const list = lists.get(stream) ?? [];
      if (list.length === MOST_REPORTS || (list.length > 0 && rtcp.agent.get(list[0]) !== rtcp.agent.get(row)))
        continue;
      push(lists, stream, row);
    }
  }

  /** SSRCs repeat from call to call: a report comes from where the stream goes, or goes to where it comes from. */
  private streamOf(rtcp: LayerTable<RtcpColumns>, row: number): Stream | undefined {
    const candidates = this.bySsrc.get(rtcp.rows.columns.aboutSsrc.get(row));
    if (candidates === undefined) return undefined;
    const { flows } = this.capture.store;
    const flow = this.capture.store.flowOf(rtcp, row);
    if (flow === 0) return undefined;
    const from = flows.sourceAddress(flow);
    const to = flows.destinationAddress(flow);
    let onOneSide: Stream | undefined;
    for (const stream of candidates) {
      const isFrom = from === flows.destinationAddress(stream.flow);
      const isTo = to === flows.sourceAddress(stream.flow);
      // On both sides of a relay the stream is the same; its own leg is the one with both addresses.
      if (isFrom && isTo) return stream;
      if (isFrom || isTo) onOneSide ??= stream;
    }
    return onOneSide;
  }

  private reportOf(stream: Stream, row: number): StreamReport {
    const rtcp = this.rtcp as LayerTable<RtcpColumns>;
    const c = rtcp.rows.columns;
    const clock = stream.payloads.clockRate[Math.max(0, stream.mainPayloadType)];
    return {
      frame: rtcp.frame.get(row),
      reporterSsrc: c.ssrc.get(row),
      lostPercent: (c.fractionLost.get(row) * 100) / 256,
      cumulativeLost: c.cumulativeLost.get(row) | 0,
      highestSequence: c.highestSequence.get(row),
      jitterMs: clock === 0 ? null : (c.jitter.get(row) * 1000) / clock,
      roundTripMs: this.tripOf(stream, row),
    };
  }

  private tripOf(stream: Stream, row: number): number | null {
    const rtcp = this.rtcp as LayerTable<RtcpColumns>;
    const c = rtcp.rows.columns;
    const lsr = c.lsr.get(row);
    if (lsr === 0) return null;
    const { flows, frames } = this.capture.store;
    const frame = rtcp.frame.get(row);
    const answered = this.senderReports.get(senderReportKey(lsr, stream.ssrc))?.find((each) => {
      if (c.ssrc.get(each) !== stream.ssrc || each > row) return false;
      return flows.sourceAddress(this.capture.store.flowOf(rtcp, each)) === flows.sourceAddress(stream.flow);
    });
    if (answered === undefined) return null;
    const sinceMs = frames.secondsBetween(rtcp.frame.get(answered), frame) * 1000;
    const tripMs = sinceMs - (c.dlsr.get(row) * 1000) / 65_536;
    return tripMs < -CLOCK_SLACK_MS || tripMs > LONGEST_TRIP_MS ? null : Math.max(0, tripMs);
  }
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/** The middle 32 bits of an NTP timestamp. */
function middleOf(seconds: number, fraction: number): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

/** One number for both, exact in a double; SSRCs that share their lower 20 bits are told apart afterwards. */
function senderReportKey(middle: number, ssrc: number): number {
  return middle * 0x100000 + (ssrc & 0xfffff);
}

function push<K>(lists: Map<K, number[]>, key: K, value: number): void;
function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void;
function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
