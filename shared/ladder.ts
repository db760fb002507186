/** Who spoke to whom in a call: what a ladder diagram draws, as the command prints it and the window asks for it. */

/** One m= section of a message's session description. */
export interface LadderSection {
  /** `audio` */
  media: string;
  /** `ip:port`; port 0 where the section is refused. */
  address: string;
  /** Encoding names in the order of the m= line. */
  codecs: string[];
  /** `sendrecv`, `sendonly`, `recvonly`, `inactive`, `refused`. */
  direction: string;
  /** The section asks for SRTP. */
  encrypted: boolean;
}

/** What is known of an endpoint. */
export interface LadderHost {
  /** '' where the capture does not say. */
  ip: string;
  /** Ports it spoke from or was spoken to in this call, ascending. */
  ports: number[];
  /** User part of the caller's or the callee's address, at their own side only. */
  name: string | null;
  /** What it says it is (User-Agent or Server), at the caller's and the callee's side only. */
  agent: string | null;
}

export interface LadderPlace {
  packet: number;
  time: number;
  sinceStartSeconds: number;
  /** Places in `endpoints`. */
  from: number;
  to: number;
  /** `ip:port` of both ends; of media, the stream's. */
  src: string | null;
  dst: string | null;
  /** What stands on the arrow. */
  label: string;
}

export interface LadderMessage extends LadderPlace {
  kind: 'message';
  /** A ladder may hold several Call-IDs. */
  callId: string;
  transport: string;
  retransmission: boolean;
  capturedTwice: boolean;
  /** The packet that this one repeats, whether sent again or captured twice. */
  repeats: number | null;
  /** The capture agent that reported it: `edge (2001)`; only where one did. */
  agent?: string;
  /** Messages with the same branch, CSeq number and method have the same number, from 1; an ACK to a 2xx its own. */
  transaction: number;
  method: string | null;
  status: number | null;
  cseq: string;
  sections: LadderSection[];
  /** What is left of the label where it has no room; where it does not say, the method, or the number of the status. */
  short?: string;
  /** What stands behind the label: `12 packets, until 31.2 s`. */
  hint?: string;
}

/** A stream where it starts. */
export interface LadderMedia extends LadderPlace {
  kind: 'media';
  stream: string;
  ssrc: string;
  /** A: what the caller says. B: what the callee says. */
  side: 'A' | 'B' | null;
  codec: string | null;
  ptimeMs: number | null;
  packets: number;
  lostPercent: number;
  /** Mean, RFC 3550. */
  jitterMs: number | null;
  durationSeconds: number;
  encrypted: boolean;
  /** Where packets are missing: part of the stream's time (0..1), ascending, and how many. */
  losses: { at: number; packets: number }[];
}

/** A digit where its first packet is. */
export interface LadderDigit extends LadderPlace {
  kind: 'digit';
  stream: string;
  side: 'A' | 'B' | null;
  payloadType: number | null;
  digit: string | null;
  durationMs: number;
}

/** What the receiver of a stream reported about it by RTCP, where the first report is. */
export interface LadderRtcp extends LadderPlace {
  kind: 'rtcp';
  /** The stream reported on. */
  stream: string;
  side: 'A' | 'B' | null;
  reports: number;
  /** Time of the last report. */
  lastTime: number;
  /** Largest loss of one interval. */
  maxLostPercent: number;
  /** Packets lost as the last report counts; duplicates can make it negative. */
  lost: number;
  /** Largest; null where the stream's clock is not known. */
  maxJitterMs: number | null;
}

/** What a capture agent logged or reported of the call: across the whole drawing, and nothing that was measured here. */
export interface LadderNote extends LadderPlace {
  kind: 'note';
  /** `log`: a line of text. `rtcp`: RTCP written as JSON. `quality`: figures of a stream. `report`: something else. */
  about: 'log' | 'rtcp' | 'quality' | 'report';
  /** Who reported it: `edge (2001)`. */
  agent: string | null;
  /** In a line. */
  text: string;
}

export type LadderRow = LadderMessage | LadderMedia | LadderDigit | LadderRtcp | LadderNote;

/** Who spoke to whom in a call, in order of time: what a ladder diagram draws. */
export interface Ladder {
  call: string;
  callId: string;
  startTime: number;
  /** IP addresses in order of appearance; `ip:port` where an address speaks with itself. */
  endpoints: string[];
  /** What is known of each endpoint, in the same order. */
  hosts: LadderHost[];
  rows: LadderRow[];
}
