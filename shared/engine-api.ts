/**
 * What a window asks of the engine. Everything crosses a process boundary: plain data and typed arrays only. Pages and
 * peaks are small; nothing here grows with the capture. Every method but `capture.open`, `capture.failure` and
 * `secrets.*` (and what says so) fails with the code `no-capture` while none is open.
 */
import type {
  DecodeAsChoices,
  EncapsulationRow,
  RulesOutcome,
  RuleTrial,
  SavedRule,
  SuggestionRow,
} from './decode-as.ts';
import type {
  AgentRow,
  CallRow,
  CaptureInfo,
  DigitRow,
  KeyRow,
  PacketRow,
  StreamMos,
  StreamRow,
  Warning,
} from './api.ts';
import type { CompareProgress, CompareRow, CompareSeries, DifferenceKind, DifferencesPage } from './compare.ts';
import type { IceRow, IceSessionRow, TurnAllocationRow } from './ice.ts';
import type { Ladder } from './ladder.ts';
import type { PluginChange, PluginDraft, PluginList, PluginTemplate, PluginTrial } from './plugins.ts';
import type { AudioQuality, AudioQualityProgress, QualitySeries, StreamQuality } from './quality.ts';

/** A file of this machine, or one that only the window holds (dropped on a browser's window) and hands over by `blob.read`. */
export type CaptureSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'blob'; readonly name: string; readonly lengthBytes: number };

/** The engine calls these of the window. */
export type WindowApi = {
  /** Octets of the blob being opened; short only at its end. */
  'blob.read': { params: { offset: number; length: number }; result: Uint8Array };
};

export interface ReadProgress {
  bytesRead: number;
  /** -1 while unknown. */
  bytesTotal: number;
  packets: number;
  /** So far. */
  calls: number;
  elapsedMs: number;
  /** Everything was read, and encrypted packets are being opened: how many of them were. */
  decrypting?: { done: number; total: number };
}

export interface OpenResult {
  info: CaptureInfo;
  warnings: Warning[];
  elapsedMs: number;
  /** `capture.stop` ended the reading early. */
  isStopped: boolean;
  counts: TableCounts;
}

/** Why the last capture could not be opened, for a person: what it is, where that shows, what was expected. */
export interface OpenFailure {
  /** Of the file, without the folder. */
  name: string;
  /** -1 while unknown. */
  lengthBytes: number;
  /** `not-a-capture`, or the system's (`ENOENT`, `EACCES`). */
  code: string;
  /** One sentence. */
  message: string;
  /** `an HTML page`; null where it cannot be told. */
  what: string | null;
  /** The usual reason, and what to do: a sentence or two; null where there is none. */
  advice: string | null;
  /** Up to 16 octets. */
  firstBytes: Uint8Array;
  /** `d4 c3 b2 a1 (pcap) or 0a 0d 0d 0a (pcapng)`; '' where the system is at fault. */
  expected: string;
}

/** A key log of NSS's format, as text. */
export interface KeyLogText {
  /** Of the file, for a person. */
  name: string;
  text: string;
}

/** An SRTP key entered by hand, as it was typed. */
export interface SrtpKeyInput {
  /** Whose packets: `0x1234abcd` or decimal (an SSRC), `10.0.0.1:4000` (an end of the media), a call's id; '' for anybody's. */
  scope: string;
  /** As a=crypto writes it, e.g. `AES_CM_128_HMAC_SHA1_80`. */
  suite: string;
  /** Base64 or hexadecimal: key and salt together, or the key alone where `salt` has the salt. */
  key: string;
  /** '' where `key` holds it. */
  salt: string;
}

/** What a key does to the streams it may belong to. */
export interface KeyTrial {
  /** What is wrong with the input, a sentence; null where it was tried. */
  error: string | null;
  /** Which field is wrong. */
  field: 'scope' | 'suite' | 'key' | 'salt' | null;
  /** Of the streams tried: those that authenticate first. Up to 100. */
  streams: { stream: string; ssrc: string; src: string; dst: string; tried: number; authenticated: number }[];
  /** Sums over all streams tried. */
  tried: number;
  authenticated: number;
}

/** The secrets at hand. What they are is never shown again, only what they do. */
export interface SecretsView {
  keyLogs: {
    id: string;
    name: string;
    /** Secrets of connections, by the label of their line (`CLIENT_RANDOM`). */
    labels: { label: string; count: number }[];
    /** Lines that are no key log's. */
    badLines: number;
  }[];
  /** Key logs inside the capture (pcapng Decryption Secrets Blocks). */
  embedded: number;
  srtpKeys: { id: string; scope: string; suite: string; authenticated: number }[];
  /** Of ESP: what packets it is for and how they are closed, in words; packets of the open capture that it opened. */
  espSas: { id: string; packets: string; algorithms: string; opened: number }[];
}

/** A TLS or DTLS connection, and whether it could be opened. */
export interface SecureConnectionRow {
  id: string;
  protocol: 'TLS' | 'DTLS';
  version: string | null;
  client: string;
  server: string;
  cipherSuite: string | null;
  serverName: string | null;
  /** `opened`: decrypted, or its SRTP keys are known. */
  state: 'opened' | 'no-secret' | 'failed' | 'incomplete';
  /** What to provide, or what went wrong; a sentence, null where all is well. */
  advice: string | null;
  /** Of DTLS-SRTP: the profile agreed on. */
  srtpProfile: string | null;
  packet: number;
  /** First octets of the client random in hexadecimal: what a line of a key log begins with; null where it was not seen. */
  clientRandom: string | null;
}

export interface TableCounts {
  calls: number;
  /** Calls that FreeSWITCH's Verto set up; they are not among `calls`. */
  vertoCalls: number;
  registrations: number;
  streams: number;
  problems: number;
  packets: number;
  digits: number;
  keys: number;
  /** ICE sessions, and TURN allocations that none of them used; all TURN allocations. */
  sessions: number;
  allocations: number;
  /** Streams that are encrypted, and those of them that were opened. */
  encryptedStreams: number;
  openedStreams: number;
  /** TLS and DTLS connections that stay opaque; not those that only agree on SRTP keys, since their streams are counted. */
  opaqueConnections: number;
}

export type Severity = 'error' | 'warning' | 'note';

/** A finding about a call, a stream or the capture, with the packets that prove it. */
export interface ProblemRow {
  /** `p1`, in order of severity, then time. */
  id: string;
  code: string;
  severity: Severity;
  /** Under eight words. */
  title: string;
  /** One sentence with its full stop, cause before effect. */
  message: string;
  time: number | null;
  call: string | null;
  stream: string | null;
  packets: number[];
  /** `RFC 3261 §13.2.2.4` */
  spec: string | null;
}

export interface ProblemBrief {
  id: string;
  severity: Severity;
  title: string;
}

/** Figures of one direction of a call: A is what the caller says. */
export interface SideFigures {
  lostPercent: number | null;
  jitterMs: number | null;
  mos: number | null;
  /** What the MOS comes from; null where there is none, and then `notRatedBecause` says why (without its full stop). */
  rating: StreamMos | null;
  notRatedBecause: string | null;
}

/** A call, or with `registrations` any other exchange, as a grid shows it. */
export interface CallListRow extends Omit<CallRow, 'dialogs' | 'transactions' | 'messages' | 'problems'> {
  /** The number people say: 7 of `c7`. */
  number: number;
  /** User part or display name; null where the capture does not say. */
  fromName: string | null;
  toName: string | null;
  codec: string | null;
  isEncrypted: boolean;
  /** All of its encrypted streams were opened. */
  isOpened: boolean;
  a: SideFigures;
  b: SideFigures;
  problems: ProblemBrief[];
}

export interface StreamListRow extends StreamRow {
  number: number;
  /** A: what the caller says. B: what the callee says. */
  side: 'A' | 'B' | null;
  callNumber: number | null;
  fromName: string | null;
  toName: string | null;
  problems: ProblemBrief[];
  /** As `quality.stream` counts, null without a clock; why there is no MOS, a sentence without its full stop. */
  quality: { latePercent: number | null; bursts: number; notRatedBecause: string | null };
  /** Loss and jitter over the stream's time in 60 parts, for the sparkline. */
  sparks: { lossPercent: number[]; jitterMs: number[] };
}

export interface PacketListRow extends PacketRow {
  /** The worst finding that names it. */
  severity: Severity | null;
}

export interface KeyListRow extends KeyRow {
  id: string;
  callNumber: number | null;
}

/** An ICE session, or a TURN allocation that no session used (`kind` tells), as a grid shows it. */
export interface IceListRow extends Pick<IceRow, 'id' | 'number' | 'kind' | 'outcome' | 'verdict'> {
  /** `ip:port` of the local side, or of TURN's client. */
  client: string | null;
  /** Of the remote side, or of the TURN server. */
  peer: string | null;
  startTime: number;
  endTime: number;
  /** Of the local side; null where it is not known, and of an allocation. */
  role: 'controlling' | 'controlled' | null;
  /** null of an allocation. */
  pairs: number | null;
  /** All that `ice.id` and `turn.id` of a display filter let through. */
  packetCount: number;
  call: string | null;
  callNumber: number | null;
}

export interface AllocationListRow
  extends Omit<TurnAllocationRow, 'steps' | 'peers' | 'explanation' | 'advice' | 'evidence'> {
  /** How many. */
  peers: number;
  /** Both ways, to and from all peers. */
  packetsRelayed: number;
  bytesRelayed: number;
}

/** A session with the allocations that it used, or an allocation by itself. */
export interface IceDetail {
  id: string;
  session: IceSessionRow | null;
  allocations: TurnAllocationRow[];
  /** All that `ice.id` or `turn.id` of a display filter lets through. */
  packetCount: number;
}

export interface TableRows {
  calls: CallListRow;
  registrations: CallListRow;
  streams: StreamListRow;
  packets: PacketListRow;
  problems: ProblemRow;
  digits: DigitRow;
  keys: KeyListRow;
  sessions: IceListRow;
  allocations: AllocationListRow;
}
export type TableName = keyof TableRows;

/** What a grid shows of a table. The same query twice is worked out once. */
export interface RowsQuery {
  table: TableName;
  /** Display filter; '' for all. Problems and digits take one for packets: rows pass of which a packet does. */
  filter: string;
  /** Only what belongs to this call or stream (row ids). */
  call?: string | null;
  stream?: string | null;
  /** By a column id of the row type (`startTime`, `lostPercent`, `a.lostPercent`); null is the table's own order. */
  sort: { by: string; descending: boolean } | null;
}

export interface RowsPage {
  /** Rows of the query. */
  total: number;
  /** Rows of the table without filter. */
  unfiltered: number;
  from: number;
  rows: TableRows[TableName][];
  /** Still being read: there will be more. */
  isGrowing: boolean;
}

export interface FilterError {
  /** What is wrong, in words. */
  message: string;
  /** Where in the text, in UTF-16 units. */
  at: number;
  length: number;
}

export interface CompletionItem {
  text: string;
  kind: 'field' | 'operator' | 'value' | 'function';
  detail: string;
}

export interface Completion {
  /** What an item replaces. */
  from: number;
  to: number;
  items: CompletionItem[];
}

/** Octets that nodes of the tree point into. */
export interface ByteSourceView {
  id: number;
  name: string;
  bytes: Uint8Array;
}

export interface FieldNode {
  name: string;
  label: string;
  source: number;
  at: number;
  length: number;
  value: string | number | boolean | null;
  meaning?: string;
  text?: string;
  fault?: string;
  children?: FieldNode[];
}

export interface PacketView {
  packet: number;
  row: PacketListRow;
  sources: ByteSourceView[];
  nodes: FieldNode[];
  /** Calls and streams it belongs to (row ids). */
  call: string | null;
  stream: string | null;
  problems: ProblemRow[];
}

/** A SIP message as text. */
export interface MessageView {
  packet: number;
  time: number;
  src: string | null;
  dst: string | null;
  /** `INVITE` or `200 OK (INVITE)`. */
  label: string;
  text: string;
  /** Octets that are no UTF-8 were replaced. */
  isBinary: boolean;
}

/** Figures over a stream's time, one value a bucket; NaN where a bucket has no packet. */
export interface StreamSeries {
  stream: string;
  /** Seconds since the epoch of the first bucket's start; a bucket's length. */
  startTime: number;
  bucketSeconds: number;
  /** RFC 3550 jitter (the bucket's largest), ms. */
  jitterMs: Float64Array;
  /** Time since the packet before (largest), ms. */
  deltaMs: Float64Array;
  /** Lost of expected in the bucket, percent. */
  lostPercent: Float64Array;
  /** IP packet rate, kbit/s as Wireshark counts (IP and UDP header included). */
  bitrateKbps: Float64Array;
}

export interface StreamPacketRow {
  packet: number;
  time: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  marker: boolean;
  deltaMs: number | null;
  jitterMs: number | null;
  skewMs: number | null;
  lengthBytes: number;
  /** `lost 3 before`, `late`, `duplicate`, `out of order`, `silence`, `codec change`; '' where all is well. */
  status: string;
}

export interface ProtocolShare {
  protocol: string;
  packets: number;
  percent: number;
  note: string;
}

/** The first screen: what is in the capture, what went wrong, quality, encryption, what is missing. */
export interface Overview {
  info: CaptureInfo;
  counts: TableCounts;
  /** One sentence: the worst, or that nothing is wrong. */
  verdict: string;
  /** What the verdict leaves out. */
  verdictMore: string;
  callStates: { state: string; count: number }[];
  streamNotes: { inCalls: number; withoutSignalling: number; encrypted: number };
  /** Packets a bucket, by protocol, over the capture's time. */
  rate: {
    startTime: number;
    bucketSeconds: number;
    protocols: { protocol: string; packets: number[] }[];
    /** Of the problems above. */
    problems: { problem: string; severity: Severity; time: number }[];
  };
  /** The worst 500 problems; the grid of problems has the same rows, and all. */
  problems: ProblemRow[];
  severities: { error: number; warning: number; note: number };
  /** How many streams lie where: by MOS where at least one is rated, else by loss. */
  quality: {
    by: 'loss' | 'mos';
    buckets: { from: number; to: number | null; label: string; count: number; severity: Severity | 'ok' }[];
    summary: string;
  };
  encryption: {
    kind: 'locked' | 'unlocked' | 'clear';
    label: string;
    detail: string;
    severity: Severity | null;
    filter: string | null;
  }[];
  /** The gravest ICE sessions and TURN allocations, at most 5; `counts.sessions` are all. */
  ice: Pick<IceListRow, 'id' | 'kind' | 'number' | 'outcome' | 'verdict'>[];
  missing: {
    severity: Severity | 'ok';
    text: string;
    link: { label: string; filter: string | null; call: string | null; packet: number | null } | null;
  }[];
  protocols: ProtocolShare[];
  worstStreams: StreamListRow[];
}

/**
 * How a stream is played: `timestamp` where the RTP timestamps say, as the sender meant it; `file` as packets arrived; `jitter-buffer`
 * as out of a receiver's buffer of a fixed depth, `adaptive` as out of one that follows the jitter. Late packets are not heard then,
 * and what is missing is bridged.
 */
export type PlayoutMode = 'timestamp' | 'file' | 'jitter-buffer' | 'adaptive';

/** Milliseconds: what a fixed buffer has where nobody says, and the most that can be asked for. */
export const DEFAULT_DEPTH_MS = 60;
export const MOST_DEPTH_MS = 2000;

/** What can be heard together: a lane for each side of a call, or for each stream. */
export interface AudioSelection {
  /** Row ids. */
  calls?: string[];
  streams?: string[];
  /** `timestamp` where left out. The samples, peaks, marks and the WAV are those of the mode; so another mode is another plan. */
  mode?: PlayoutMode;
  /** Of `jitter-buffer`: 0 to MOST_DEPTH_MS; DEFAULT_DEPTH_MS where left out. */
  depthMs?: number;
}

/** What a simulated buffer made of a stream. */
export interface JitterCountsRow {
  stream: string;
  played: number;
  /** Came after the moment they should have been heard. */
  late: number;
  /** Never came. */
  lost: number;
  duplicates: number;
  /** Left out to shrink the delay (`adaptive`). */
  dropped: number;
  /** Packet lengths that were bridged. */
  concealed: number;
  /** Changes of the delay. */
  adaptations: number;
  /** How long the packets played waited in the buffer. */
  meanDelayMs: number;
  maxDelayMs: number;
}

/** What was noticed of a stream's payloads while they were decoded. */
export interface PayloadNotesRow {
  stream: string;
  /** Packets that are heard. */
  played: number;
  /** Of these, how many hold no payload of their codec, or one that its decoder refused; packet numbers of the first. */
  damaged: number;
  damagedPackets: number[];
  /** How many give back what was lost before them (in-band FEC of Opus, RED). */
  repeating: number;
  repeatingPackets: number[];
}

export interface AudioMark {
  /** `concealed`: bridged by a simulated buffer. */
  kind: 'loss' | 'late' | 'concealed' | 'reordered' | 'silence' | 'digit' | 'codec';
  /** Seconds from the start of the audio; 0 long where it is a moment. */
  at: number;
  seconds: number;
  /** Packets lost, the digit, the new codec. */
  label: string;
  /** Packets, where the mark is about packets; else 1. */
  count: number;
  packet: number | null;
}

export interface AudioLane {
  /** Place in the channels of `audio.wav`. */
  channel: number;
  side: 'A' | 'B' | null;
  name: string;
  codec: string;
  ptimeMs: number | null;
  ssrc: string;
  streams: string[];
  call: string | null;
  lostPercent: number;
  jitterMs: number | null;
  mos: number | null;
  /** In order of time; silences come from `audio.silences`. */
  marks: AudioMark[];
  /** Of each stream heard on it; only of a simulated buffer. */
  jitterBuffer?: JitterCountsRow[];
  /** Why nothing is heard on it, without full stop; only where that is so. */
  silentBecause?: string;
}

export interface AudioPlan {
  /** Names what `audio.*` and the URL `audio/<id>.wav` mean; good until the capture is closed. */
  id: string;
  sampleRate: number;
  durationSeconds: number;
  /** Of the first sample, seconds since the epoch. */
  startTime: number;
  lanes: AudioLane[];
  /** Asked for and not heard, and why. */
  leftOut: { stream: string; reason: string }[];
  /** Octets of the WAV that plays it. */
  wavBytes: number;
  mode: PlayoutMode;
  /** Of `jitter-buffer`; null for every other mode. */
  depthMs: number | null;
}

export interface Peaks {
  /** For each lane: the columns' smallest and largest sample and RMS, -1..1 (RMS 0..1). */
  lanes: { min: Float32Array; max: Float32Array; rms: Float32Array }[];
}

/** Levels by frequency, an octet each. */
export interface Spectrogram {
  /** Of a column: frequencies evenly from 0 to half the plan's sample rate. */
  rows: number;
  /** dB of an octet of 0, or softer; 255 is a sine of full scale. */
  floorDb: number;
  /** For each lane: column after column, each from its lowest frequency up. */
  lanes: Uint8Array[];
}

export type ExportRequest =
  | {
      kind: 'wav';
      selection: AudioSelection /** Seconds from the start of the audio. */;
      range: { from: number; to: number } | null;
    }
  | { kind: 'raw'; stream: string }
  | { kind: 'pcap'; call: string | null; filter: string }
  | { kind: 'text'; name: string; text: string }
  /** What an export of a plugin makes of the open capture (`PluginRow.exports`). */
  | { kind: 'plugin'; export: string; name: string }
  | { kind: 'bytes'; name: string; bytes: Uint8Array };

export interface Exported {
  /** Where it was written; with `path: null` a private temporary file that the shell hands out at `export/<id>`. */
  path: string;
  id: string;
  name: string;
  bytes: number;
}

type None = Record<string, never>;

export type EngineApi = {
  /**
   * Reads a capture; what was open before is closed and its reading cancelled. Settles when the reading ends; rows can be
   * asked for from the first progress on. Cancelling it leaves no capture.
   */
  'capture.open': { params: { source: CaptureSource }; result: OpenResult; progress: ReadProgress };
  /** Ends the reading and keeps what was read. */
  'capture.stop': { params: None; result: null };
  'capture.close': { params: None; result: null };
  /** About the last `capture.open` that failed; null where none did. Needs no open capture. */
  'capture.failure': { params: None; result: OpenFailure | null };
  /**
   * Adds secrets and reads the open capture again with them, from the same source; what the window has open keeps its ids
   * (streams always, calls unless TLS reveals more). What was read before answers until then, and stays, without the new
   * secrets, where the reading is cancelled or fails. null where none is open, or `reread` is false: then they wait for the
   * next capture. Secrets live as long as the window and are never written anywhere. Rejects with a sentence where a log is
   * none at all (code `no-key-log`), a key or ESP SA (a line, as `--esp-sa` takes it) is wrong (`bad-key`), or it is too much (`too-large`).
   */
  'secrets.add': {
    params: { keyLogs: KeyLogText[]; srtpKeys: SrtpKeyInput[]; espSas?: string[]; reread?: boolean };
    result: OpenResult | null;
    progress: ReadProgress;
  };
  /** Forgets a key log, an SRTP key or an ESP SA, and reads again; likewise. */
  'secrets.remove': { params: { id: string }; result: OpenResult | null; progress: ReadProgress };
  'secrets.get': { params: None; result: SecretsView };
  /** Tries a key on the open capture and keeps nothing; with none open it only says whether the input is a key. */
  'secrets.try': { params: { key: SrtpKeyInput }; result: KeyTrial };
  /** The rules and codecs in force, those for every capture first; the last one that fits counts. Needs no open capture. */
  'decodeAs.rules': { params: None; result: { rules: SavedRule[]; codecs: SavedRule[] } };
  /**
   * Puts these Decode As rules in the place of all and reads the open capture again with them, as `secrets.add` does. They
   * are kept: with the user, or with the capture wherever it lies.
   */
  'decodeAs.set': { params: { rules: SavedRule[] }; result: RulesOutcome; progress: ReadProgress };
  /** Likewise what payload types mean, `96=opus/48000/2`. */
  'codecs.set': { params: { codecs: SavedRule[] }; result: RulesOutcome; progress: ReadProgress };
  /** Whether texts are rules, and how many packets each is about: one answer for each, in order. Needs no open capture. */
  'decodeAs.try': { params: { of: 'rules' | 'codecs'; texts: string[] }; result: RuleTrial[] };
  /** Unclaimed traffic that looks like something, the most packets first. */
  'decodeAs.suggestions': { params: None; result: SuggestionRow[] };
  /** What was found behind unknown headers without a rule. */
  'decodeAs.encapsulations': { params: None; result: EncapsulationRow[] };
  /** What rules can be made of. Needs no open capture. */
  'decodeAs.choices': { params: None; result: DecodeAsChoices };
  'connections.get': { params: None; result: SecureConnectionRow[] };
  'overview.get': { params: None; result: Overview };
  'rows.page': { params: { query: RowsQuery; from: number; count: number }; result: RowsPage };
  /** The place of a row (row id, or packet number) in a query; -1 where it is not in it. `near`: the next one after it. */
  'rows.place': { params: { query: RowsQuery; id: string | number; near?: boolean }; result: number };
  'filter.check': { params: { filter: string; table: TableName }; result: { error: FilterError | null } };
  'filter.complete': { params: { filter: string; cursor: number; table: TableName }; result: Completion };
  'call.get': { params: { call: string }; result: CallRow & { row: CallListRow } };
  'call.ladder': { params: { call: string }; result: Ladder };
  'stream.get': { params: { stream: string }; result: StreamListRow };
  'stream.series': { params: { stream: string; buckets: number }; result: StreamSeries };
  'stream.packets': {
    params: { stream: string; from: number; count: number };
    result: { total: number; rows: StreamPacketRow[] };
  };
  /** How a stream sounded, over all and over time; nothing is decoded. Once the capture is read. */
  'quality.stream': { params: { stream: string }; result: { figures: StreamQuality; series: QualitySeries } };
  /** What the audio of a call, or of a stream and the one that goes the other way, is like: all of it is decoded. */
  'quality.audio': { params: { id: string }; result: AudioQuality; progress: AudioQualityProgress };
  /**
   * Finds streams that were seen at two points: in the open capture, or in it and in the file `other`, which is read beside
   * it with the same keys and rules. Or compares the two `streams`, the second one of `other` where that is given; none
   * where they are not the same. What is found is kept until the next search, and goes with the capture. Once the capture is read.
   */
  'compare.find': {
    params: { other: string | null; streams: [string, string] | null };
    result: CompareRow[];
    progress: CompareProgress;
  };
  /** By `CompareRow.id`. */
  'compare.series': { params: { id: string }; result: CompareSeries };
  /** In order of the sequence; of one kind, or with null of all. */
  'compare.differences': {
    params: { id: string; kind: DifferenceKind | null; from: number; count: number };
    result: DifferencesPage;
  };
  /** By row id: `i2` (a session with its allocations), `t1` (an allocation). */
  'ice.get': { params: { id: string }; result: IceDetail };
  /** The ladder of exactly its packets; what is relayed or repeated is counted. */
  'ice.ladder': { params: { id: string }; result: Ladder };
  /** Who reported what they captured (HEP), in order of their first message; empty where nobody did. */
  'agents.get': { params: None; result: AgentRow[] };
  'packet.get': { params: { packet: number }; result: PacketView };
  'packet.messages': { params: { packet: number }; result: MessageView[] };
  /** The packet captured at or after a time, in seconds since the epoch; null past the end. */
  'packet.at': { params: { time: number }; result: number | null };
  'audio.plan': { params: { selection: AudioSelection }; result: AudioPlan };
  /** `columns` columns over `from`..`to` seconds of the audio. */
  'audio.peaks': { params: { id: string; from: number; to: number; columns: number }; result: Peaks };
  /** Likewise, but no more than 2048 columns; decodes what is shown of it. */
  'audio.spectrogram': { params: { id: string; from: number; to: number; columns: number }; result: Spectrogram };
  /** By lane: where nobody is heard for a second or more. Found by decoding everything, so asked after the first peaks. */
  'audio.silences': { params: { id: string }; result: AudioMark[][] };
  /** For each lane: digits heard as tones in it (kind `digit`); decodes its streams, once. */
  'audio.tones': { params: { id: string }; result: AudioMark[][] };
  /** Octets of the WAV of a plan, every lane a channel; at most 1 MiB at a time. */
  'audio.wav': { params: { id: string; at: number; length: number }; result: Uint8Array };
  /** The plugins of the folder, those that fail or are switched off too. These methods need no open capture. */
  'plugins.list': { params: None; result: PluginList };
  /** By `PluginRow.file`, as are all below. They fail with `no-folder`, `bad-name`, or the system's code. */
  'plugins.source': { params: { file: string }; result: { text: string } };
  /** Writes a plugin, sound or not, and reads the open capture again with it, as `secrets.add` does. */
  'plugins.save': { params: { file: string; text: string }; result: PluginChange; progress: ReadProgress };
  'plugins.remove': { params: { file: string }; result: PluginChange; progress: ReadProgress };
  'plugins.enable': { params: { file: string; isOn: boolean }; result: PluginChange; progress: ReadProgress };
  /** A text to begin with; a dissector begins from the payload of a packet, or from `range` of its frame. Writes nothing. */
  'plugins.draft': {
    params: { template: PluginTemplate; packet: number | null; range?: { at: number; length: number } | null };
    result: PluginDraft;
  };
  /** What a text would do with a packet's payload and with the open capture. Writes nothing. */
  'plugins.try': {
    params: { file: string; text: string; packet: number | null; range?: { at: number; length: number } | null };
    result: PluginTrial;
  };
  'export.write': { params: { request: ExportRequest; path: string | null }; result: Exported };
};

export type EngineEvents = {
  /** Another program changed the plugins; where a capture is open, it was read again (`capture.changed` follows). */
  'plugins.changed': None;
  /** The engine found out something late (a key, a problem): rows may have changed. */
  'capture.changed': { revision: number };
};
