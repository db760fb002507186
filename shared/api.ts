/**
 * What Earshot says of a capture: the rows that the command prints as JSON and the window shows. Names and meanings
 * are a contract with scripts (README, "JSON"): they are added to, never changed. Times are seconds since the epoch,
 * durations are in the unit named, packet numbers count from 1, unknown is null.
 */

import type { EncapsulationRow } from './decode-as.ts';

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
  /** Packets found behind unknown headers; only where there are some. */
  encapsulations?: EncapsulationRow[];
  /** Who reported what they captured (HEP); only where somebody did. */
  agents?: AgentRow[];
}

/** A capture agent: an ID, a node name and an address that it sends from. */
export interface AgentRow {
  /** Its place in the list, from 1: `hep.agent` of a display filter. */
  number: number;
  id: number;
  nodeName: string | null;
  /** How it is called elsewhere: `edge (2001)`. */
  name: string;
  /** `ip:port` that its first message came from. */
  sender: string;
  /** Messages that it sent. */
  packets: number;
  /** By what they say to be: `SIP`, `RTCP`, `log`. */
  byType: Record<string, number>;
  /** When its first and last message arrived. */
  firstTime: number;
  lastTime: number;
  /** How far its clock is ahead of the one that took the capture, delays on the way deducted as far as known; null where it tells no time. */
  clockOffsetSeconds: number | null;
  /**
   * What its times are used for. `as-is`: they are the times of its packets. `corrected`: the same, less the offset.
   * `ignored`: they are off by more than an hour, and packets have the time they arrived. `none`: it tells none.
   */
  clock: 'as-is' | 'corrected' | 'ignored' | 'none';
  /** The key itself is never shown. */
  authKey: 'present' | 'absent';
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
  /** When the frame was captured, where `time` is that of the agent that reported what is in it. */
  arrivalTime?: number;
}

/** A call that FreeSWITCH's Verto (JSON-RPC over WebSocket) set up. */
export interface VertoCallRow {
  callId: string;
  /** Numbers as the caller's end says them. */
  from: string | null;
  fromName: string | null;
  to: string | null;
  state: string;
  /** Why it ended: `NORMAL_CLEARING`. */
  cause: string | null;
  startTime: number;
  answerTime: number | null;
  endTime: number | null;
  durationSeconds: number | null;
  endedBy: 'caller' | 'callee' | null;
  /** Those that hold its messages. */
  packets: number[];
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
  /** The capture agent that reported it: `edge (2001)`; only where one did. */
  agent?: string;
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

export interface StreamEncryption {
  suite: string | null;
  keySource: 'sdes' | 'dtls' | 'manual' | null;
  /** Packets that were made plain. */
  decrypted: number;
  /** Packets whose tag is right for a key at hand, repetitions included. */
  authenticated: number;
  /** Packets that no key at hand authenticates, though one authenticates others; of `failed` streams, the packets tried. */
  failed: number;
  /** Authenticated packets that repeat an index (RFC 3711 section 3.3.2): replayed, or captured twice. */
  replayed: number;
  /**
   * `opened`: it can be heard. `failed`: keys were tried and none authenticates. `no-key`: nothing to try.
   * `suspected`: nothing announces encryption, and the payload looks like it.
   */
  state: 'opened' | 'failed' | 'no-key' | 'suspected';
  /** What to provide, or what was in vain: a sentence; null where it is opened. */
  advice: string | null;
}

/** What a packet can be inside of. */
export type TunnelName =
  | 'ipip'
  | '6in4'
  | '4in6'
  | '6in6'
  | 'gre'
  | 'nvgre'
  | 'pptp'
  | 'erspan'
  | 'vxlan'
  | 'vxlan-gpe'
  | 'geneve'
  | 'gtp-u'
  | 'l2tp'
  | 'pppoe'
  | 'mpls'
  | 'teredo'
  | 'ah'
  | 'esp'
  | 'nsh'
  | 'etherip';

/** How a stream sounded, by the E-model. `value` is MOS-CQE; `r` the transmission rating it comes from. */
export interface StreamMos {
  value: number;
  r: number;
  /** `G.107`: narrowband; `G.107.1`: wideband, a scale of its own. */
  model: 'G.107' | 'G.107.1';
}

export interface StreamRow {
  id: string;
  ssrc: string;
  src: string;
  dst: string;
  payloadTypes: number[];
  codec: string | null;
  /** Nothing says what the payload type means: its packets are, one by one, what this codec's would be. */
  codecGuessed?: true;
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
  /** `udp`: on the wire itself; of nested tunnels the innermost; where a plugin took the packets out of its own, its id. */
  carriedIn:
    | 'udp'
    | 'turn-channel'
    | 'turn-indication'
    | 'ice-tcp'
    | 'hep'
    | 'udp-encap'
    | TunnelName
    | (string & Record<never, never>);
  /** The stream with the same addresses on the wire, where this one is carried and both are in the capture; and the reverse. */
  sameAs: string | null;
  setupPacket: number | null;
  call: string | null;
  direction: 'caller-to-callee' | 'callee-to-caller' | null;
  /** The call that set it up; only where that is one of Verto, which is not among the calls. */
  verto?: VertoCallRow;
  encryption: StreamEncryption | null;
  mos: StreamMos | null;
  digits: string | null;
  /** How it was recognised. */
  recognisedBy: 'signalling' | 'decode-as' | 'consistency';
  /** Every packet is in the capture twice. */
  capturedTwice: boolean;
}

/** By which road a digit came: telephone-event (RFC 4733), a SIP INFO request, or tones in the audio. */
export type DigitSource = 'rtp-event' | 'sip-info' | 'inband';

export interface DigitRow {
  time: number;
  digit: string | null;
  event: number;
  /** null where it was not said, as SIP INFO need not. */
  durationMs: number | null;
  /** dBm0 without its sign; null of SIP INFO. */
  volume: number | null;
  source: DigitSource;
  /** null of SIP INFO. */
  stream: string | null;
  call: string | null;
  packets: number[];
  /** The payload type was recognised by its shape alone. */
  guessed: boolean;
  /** It came by another road as well: a receiver that listens to both counts it twice. */
  doubled: boolean;
  /** The other roads, where it is doubled. */
  alsoBy?: {
    source: DigitSource;
    time: number;
    durationMs: number | null;
    stream: string | null;
    packets: number[];
  }[];
}

/** A key for SRTP. It opens what its own side sends. */
export interface KeyRow {
  source: 'sdes' | 'dtls' | 'manual';
  call: string | null;
  /** Of SDES: who wrote it into its SDP. null where that is not how it came. */
  side: 'offer' | 'answer' | null;
  /** Of DTLS: whose write key it is. */
  role: 'client' | 'server' | null;
  /** Where it came from: the SDP, or the end of the handshake. */
  packet: number | null;
  mediaAddress: string | null;
  tag: number | null;
  suite: string;
  /** Master key and salt, concatenated, in base64. */
  key: string;
  lifetime: string | null;
  mki: string | null;
  /** Offer and answer agreed on it, or packets proved it; false for a line that was offered and not taken. */
  selected: boolean;
  /** Ids of the streams it opens. */
  streams: string[];
  /** Packets of RTP and RTCP that it authenticates. */
  authenticated: number;
}
