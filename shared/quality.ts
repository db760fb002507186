/**
 * How streams sounded, as the command prints it and the window draws it. Times are seconds since the epoch, packet numbers
 * count from 1, unknown is null; in typed arrays unknown is NaN.
 */
import type { StreamMos } from './api.ts';

/** What a rating is made of. */
export interface QualityRating extends StreamMos {
  /** Equipment impairment factor of the codec, and its robustness to loss; null where none is published. */
  ie: number;
  bpl: number | null;
  /** Which entry of which table they are from. */
  source: string;
  /** Codec and loss together (Ie,eff); delay and echo (Id). */
  equipmentImpairment: number;
  delayImpairment: number;
  lossPercent: number;
  /** As it went into the model: 1 for random loss. */
  burstRatio: number;
  /** One way, mouth to ear; null where RTCP does not tell, and then it is not in the rating. */
  delayMs: number | null;
  /** What was taken for granted: sentences. */
  assumed: string[];
}

/** Loss as the listener had it. */
export interface QualityLoss {
  /** First to last sequence number. */
  expected: number;
  /** Never came to the point of capture. */
  lost: number;
  lostPercent: number;
  /** Came after the moment at which a jitter buffer of `bufferMs`, begun with the first packet, would have played them. */
  late: number;
  latePercent: number;
  bufferMs: number;
  duplicates: number;
  outOfOrder: number;
}

/** RFC 3611 section 4.7.2, lost and late packets together; durations from the usual length of packets. */
export interface QualityBursts {
  gmin: number;
  bursts: number;
  burstDensityPercent: number | null;
  gapDensityPercent: number | null;
  burstDurationMs: number | null;
  gapDurationMs: number | null;
  /** Most packets missing one after another. */
  longestRun: number;
  /** Mean run of missing packets by that of random loss (G.107); null where none is missing. */
  burstRatio: number | null;
}

/** What receivers said of the stream in RTCP. */
export interface ReportedQuality {
  /** Report blocks (RFC 3550 section 6.4.1): the first columns are of all, the last of the last one. */
  reports: number;
  /** Of each receiver's words the worst: part lost since the report before, jitter. */
  maxLostPercent: number | null;
  maxJitterMs: number | null;
  meanJitterMs: number | null;
  /** As the last one counts since the receiver began. */
  cumulativeLost: number | null;
  lastPacket: number | null;
  /** The last VoIP metrics block (RFC 3611 section 4.7); fields that it says are unavailable are null. */
  voipMetrics: ReportedVoipMetrics | null;
  /** Sums and extremes of the statistics summaries (RFC 3611 section 4.6). */
  statistics: { packets: number[]; lost: number | null; duplicates: number | null; meanJitterMs: number | null } | null;
}

export interface ReportedVoipMetrics {
  packet: number;
  lossPercent: number;
  discardPercent: number;
  burstDensityPercent: number;
  gapDensityPercent: number;
  burstDurationMs: number;
  gapDurationMs: number;
  roundTripMs: number | null;
  endSystemDelayMs: number | null;
  signalLevelDbm0: number | null;
  noiseLevelDbm0: number | null;
  residualEchoReturnLossDb: number | null;
  gmin: number;
  r: number | null;
  externalR: number | null;
  mosLq: number | null;
  mosCq: number | null;
  concealment: 'unspecified' | 'disabled' | 'enhanced' | 'standard';
  jitterBuffer: 'unknown' | 'reserved' | 'non-adaptive' | 'adaptive';
  jitterBufferNominalMs: number;
  jitterBufferMaximumMs: number;
  jitterBufferAbsoluteMaximumMs: number;
}

/** Round trips from LSR and DLSR (RFC 3550 section 6.4.1), medians, split at the capture point. */
export interface QualityRoundTrip {
  /** On to the receiver and back; to the sender and back. */
  afterMs: number | null;
  beforeMs: number | null;
  /** Both, or the one that is known. */
  wholeMs: number | null;
  isPartial: boolean;
}

/** Where packets were lost: what the receiver reports, less what was missed here of the same packets. */
export interface LossPlace {
  before: number;
  after: number;
  /** The report that says so, and the one from which it counts; null where it counts from the stream's beginning. */
  packet: number;
  fromPacket: number | null;
}

export interface StreamQuality {
  stream: string;
  ssrc: string;
  src: string;
  dst: string;
  call: string | null;
  codec: string | null;
  startTime: number;
  durationSeconds: number;
  rating: QualityRating | null;
  /** Why there is no rating: a sentence without its full stop. */
  notRatedBecause: string | null;
  loss: QualityLoss;
  jitterMs: { mean: number | null; max: number | null };
  bursts: QualityBursts;
  /** The sender's clock against the capture's, parts in a million; above 0 it is fast. null: shorter than ten seconds. */
  clockSkewPpm: number | null;
  /** The usual length of packets; how long they were from when on. */
  ptimeMs: number | null;
  ptimes: { time: number; packet: number; ms: number }[];
  payloadTypes: { time: number; packet: number; payloadType: number; codec: string | null }[];
  /** Share of packets that are comfort noise; share of the sender's time in which nothing was sent. */
  comfortNoisePercent: number;
  silentPercent: number | null;
  reported: ReportedQuality | null;
  roundTrip: QualityRoundTrip;
  lossPlace: LossPlace | null;
  /** What all this says, for people: sentences. */
  sentences: string[];
}

/** Figures over a stream's time, one value a bucket; NaN where a bucket has no packet. */
export interface QualitySeries {
  stream: string;
  startTime: number;
  bucketSeconds: number;
  lostPercent: Float64Array;
  latePercent: Float64Array;
  /** RFC 3550's, the largest of the bucket. */
  jitterMs: Float64Array;
  /** By the loss of the bucket; all NaN where the stream is not rated. */
  r: Float64Array;
  mos: Float64Array;
  /** Of `r`: null where the stream is not rated. */
  model: StreamMos['model'] | null;
  /** What receivers reported, each at its time; in order of time. */
  reported: { time: Float64Array; lostPercent: Float64Array; jitterMs: Float64Array; roundTripMs: Float64Array };
}

/** What the decoded audio of one direction is like. Levels are dBov: 0 is a square wave of full scale. */
export interface AudioFigures {
  stream: string;
  durationSeconds: number;
  /** RMS over everything; -Infinity never: null for digital silence. */
  meanDbov: number | null;
  /** RMS while somebody speaks, after the manner of ITU-T P.56 method B; null where nobody does. */
  activeDbov: number | null;
  peakDbov: number | null;
  /** Share of the time without speech; of digital silence or nothing at all. */
  silentPercent: number;
  digitalSilencePercent: number;
  /** Runs of samples at full scale. */
  clipping: { count: number; places: { at: number; samples: number }[] };
}

export interface QuietSpan {
  /** The stream that is silent, null where that side has none; the one that is heard meanwhile. */
  silent: string | null;
  heard: string;
  /** Seconds from the start of the audio. */
  at: number;
  seconds: number;
}

export interface EchoLike {
  /** What is heard in `in` again that was said in `of`. */
  of: string;
  in: string;
  delayMs: number;
  /** How much softer, dB. */
  lossDb: number;
  /** Of the envelopes, 0 to 1. */
  correlation: number;
}

/** A finding that needs the decoded audio. */
export interface AudioFinding {
  code:
    | 'one-way-silence'
    | 'no-speech'
    | 'clipping'
    | 'echo-like'
    | 'level-low'
    | 'level-high'
    | 'payload-damaged'
    | 'loss-repaired';
  severity: 'error' | 'warning' | 'note';
  title: string;
  message: string;
  stream: string | null;
  packets: number[];
}

/** One or two directions together: what each is like, and what only both together show. */
export interface AudioQuality {
  startTime: number;
  sides: AudioFigures[];
  /** What could not be heard, and why. */
  leftOut: { stream: string; reason: string }[];
  /** Share of the time with speech in which both sides speak; null with one side. */
  doubleTalkPercent: number | null;
  oneWaySilence: QuietSpan[];
  echoes: EchoLike[];
  findings: AudioFinding[];
}

export interface AudioQualityProgress {
  secondsDone: number;
  secondsTotal: number;
}
