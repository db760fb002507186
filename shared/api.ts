/**
 * What Earshot says of a capture: the rows that the command prints as JSON and the window shows. Names and meanings
 * are a contract with scripts (README, "JSON"): they are added to, never changed. Times are seconds since the epoch,
 * durations are in the unit named, packet numbers count from 1, unknown is null.
 */

export interface CaptureInfo {
  file: string;
  format: string;
  bytes: number;
  packets: number;
  /** The file is cut off or damaged: what came before is shown. */
  truncated: boolean;
  linkTypes: string[];
  firstTime: number | null;
  lastTime: number | null;
  durationSeconds: number;
  /** Packets by topmost protocol. */
  protocols: Record<string, number>;
}

export interface Warning {
  code: string;
  message: string;
  packet?: number;
}

export interface PacketRow {
  packet: number;
  time: number;
  src: string | null;
  dst: string | null;
  protocol: string;
  /** Octets on the wire. */
  length: number;
  info: string;
}

export interface Party {
  uri: string | null;
  display: string | null;
  tag: string | null;
}

export interface CallMessage {
  packet: number;
  time: number;
  src: string | null;
  dst: string | null;
  transport: string;
  /** Requests. */
  method?: string;
  /** Responses. */
  status?: number;
  reason?: string;
  cseq: string;
  retransmission: boolean;
  /** The capture holds this packet a second time; nobody sent it again. */
  capturedTwice?: boolean;
  callId?: string;
}

export interface DialogRow {
  toTag: string;
  state: 'early' | 'confirmed' | 'terminated' | 'rejected';
}

export interface TransactionRow {
  method: string;
  /** Number of the CSeq. */
  cseq: number;
  /** The request; null where the capture has only answers. */
  packet: number | null;
  provisional: number[];
  finalStatus: number | null;
  finalPacket: number | null;
  answeredAfterMs: number | null;
  /** Requests and responses sent again. */
  retransmissions: number;
  /** The ACK of a refused INVITE. */
  acknowledgedBy: number | null;
}

export interface CallRow {
  id: string;
  callId: string;
  callIds: string[];
  from: Party;
  to: Party;
  method: string;
  state: string;
  finalStatus: number | null;
  reason: string | null;
  startTime: number;
  ringTime: number | null;
  answerTime: number | null;
  endTime: number | null;
  durationSeconds: number | null;
  setupSeconds: number | null;
  endedBy: 'caller' | 'callee' | null;
  dialogs: DialogRow[];
  transactions: TransactionRow[];
  messageCount: number;
  messages: CallMessage[];
  streams: string[];
  problems: string[];
}

export interface StreamRow {
  id: string;
  ssrc: string;
  src: string;
  dst: string;
  payloadTypes: number[];
  codec: string | null;
  clockRate: number | null;
  channels: number | null;
  packets: number;
  /** Octets of payload. */
  bytes: number;
  expected: number;
  lost: number;
  lostPercent: number;
  duplicates: number;
  outOfOrder: number;
  jitterMs: { mean: number | null; max: number | null };
  maxDeltaMs: number;
  skewMs: number;
  wireshark: { lost: number; maxDeltaMs: number; meanJitterMs: number; maxJitterMs: number };
  startTime: number;
  durationSeconds: number;
  carriedIn: string;
  setupPacket: number | null;
  call: string | null;
  direction: 'caller-to-callee' | 'callee-to-caller' | null;
  encryption: {
    suite: string | null;
    keySource: string | null;
    decrypted: number;
    authenticated: number;
    failed: number;
  } | null;
  mos: null;
  digits: string | null;
  /** How it was recognised. */
  recognisedBy: 'signalling' | 'decode-as' | 'consistency';
  /** Every packet is in the capture twice. */
  capturedTwice: boolean;
}

export interface DigitRow {
  time: number;
  digit: string | null;
  event: number;
  durationMs: number;
  volume: number;
  source: 'rtp-event';
  stream: string;
  call: string | null;
  packets: number[];
  /** The payload type was recognised by its shape alone. */
  guessed: boolean;
}

export interface KeyRow {
  source: 'sdes';
  call: string;
  side: 'offer' | 'answer';
  packet: number;
  mediaAddress: string;
  tag: number;
  suite: string;
  key: string;
  lifetime: string | null;
  mki: string | null;
}
