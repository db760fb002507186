/**
 * ICE sessions and TURN allocations, as scripts and the window read them. Names and meanings are part of the command's
 * contract: added to, never changed. Times are seconds since the epoch, packet numbers count from 1, unknown is null.
 */

/** `missing`: it was asked and not answered. `not-tried`: nobody asked. */
export type StepOutcome = 'ok' | 'failed' | 'missing' | 'not-tried';

/** One thing that was asked, and what came of it. */
export interface StepPart {
  outcome: StepOutcome;
  /** Error code of the answer. */
  code: number | null;
  /** What happened, without a full stop: `401 again, same nonce: user name or password is wrong`. */
  text: string;
  roundTripMs: number | null;
  packets: number[];
}

export interface TurnStep extends StepPart {
  step: 'reachability' | 'allocate' | 'permission' | 'connectivity-check' | 'channel-bind' | 'media';
  /** Where it took several: `without credentials`, `with credentials`; a permission or channel for each peer. */
  parts: (StepPart & { name: string })[];
}

/** How a session or allocation ended up, for its glyph. `incomplete`: the capture does not show enough to say. */
export type IceOutcome = 'ok' | 'failed' | 'warning' | 'incomplete';

export interface Verdict {
  outcome: IceOutcome;
  /** Under eight words: `Allocate: credentials rejected`. */
  verdict: string;
  /** One to three sentences: what happened, cause before effect. */
  explanation: string;
  /** What to do next, a sentence; null where nothing is wrong. */
  advice: string | null;
  /** The packets that prove it. */
  evidence: number[];
}

export interface TurnAllocationRow extends Verdict {
  kind: 'turn-allocation';
  /** `t1`, in order of the first packet. */
  id: string;
  number: number;
  /** `ip:port` of the client as captured, and of the server. */
  client: string;
  server: string;
  transport: 'udp' | 'tcp' | 'tls';
  username: string | null;
  realm: string | null;
  software: string | null;
  mappedAddress: string | null;
  relayedAddress: string | null;
  startTime: number;
  endTime: number;
  /** Granted, of the newest answer. */
  lifetimeSeconds: number | null;
  refreshes: number;
  endedBy: 'released' | 'expired' | 'connection' | null;
  /** In the order of the steps of the contract. */
  steps: TurnStep[];
  peers: {
    peer: string;
    /** `0x4001`; null where none is bound. */
    channel: string | null;
    permittedTime: number | null;
    /** When the permission ended for want of a refresh; null where it did not. */
    expiredTime: number | null;
    packetsSent: number;
    bytesSent: number;
    packetsReceived: number;
    bytesReceived: number;
  }[];
  packetCount: number;
  /** ICE session that used it. */
  session: string | null;
}

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

export interface IceCandidateRow {
  side: 'local' | 'remote';
  type: CandidateType;
  /** `ip:port`, or what the SDP has where it is a name (mDNS). */
  address: string;
  transport: 'udp' | 'tcp';
  component: number;
  priority: number | null;
  foundation: string | null;
  /** Base or mapped address that it is related to. */
  related: string | null;
  /** How it is known. */
  from: 'sdp' | 'trickle' | 'check' | 'turn';
  packet: number | null;
}

export interface IcePairRow {
  local: string;
  remote: string;
  localType: CandidateType | null;
  remoteType: CandidateType | null;
  transport: 'udp' | 'tcp';
  component: number;
  state: 'waiting' | 'in-progress' | 'succeeded' | 'failed';
  nominated: boolean;
  /** Both sides' checks together; consent checks (RFC 7675) count too. */
  requests: number;
  responses: number;
  errors: number;
  /** Of the fastest check that was answered. */
  roundTripMs: number | null;
  /** Why it failed or waits, without a full stop; null where it succeeded. */
  why: string | null;
  firstTime: number | null;
  lastTime: number | null;
  /** Its first packets, up to 20. */
  packets: number[];
  packetCount: number;
}

export type IceTransportState = 'new' | 'checking' | 'connected' | 'completed' | 'disconnected' | 'failed' | 'closed';
export type DtlsTransportState = 'new' | 'connecting' | 'connected' | 'failed' | 'closed';

/** A change of state, derived from packets. */
export interface IceStateChange {
  time: number;
  /** `ice 0`, `dtls 0` (a transport each), `iceConnectionState`, `connectionState` (W3C webrtc-pc, the aggregates). */
  transport: string;
  from: string;
  to: string;
  /** The packet that shows it, null where its absence does. */
  packet: number | null;
  /** `second 401`, `no ClientHello seen`, `consent lost`; '' where the states say it all. */
  why: string;
}

export interface IceSessionRow extends Verdict {
  kind: 'ice-session';
  /** `i1`, in order of the first packet. */
  id: string;
  number: number;
  call: string | null;
  /** Local is the side that offered, or where that is not known the side of the first check's sender. */
  local: { ufrag: string | null; address: string | null; isLite: boolean };
  remote: { ufrag: string | null; address: string | null; isLite: boolean };
  roles: { local: 'controlling' | 'controlled' | null; remote: 'controlling' | 'controlled' | null };
  candidates: IceCandidateRow[];
  pairs: IcePairRow[];
  /** The nominated pair that both sides use in the end. */
  selected: {
    local: string;
    remote: string;
    localType: CandidateType | null;
    remoteType: CandidateType | null;
    packet: number;
  } | null;
  /** Seconds from the first check to the selected pair. */
  connectedAfterSeconds: number | null;
  /** Where media really went: ids of streams, and whether that is the selected pair's way. */
  media: { local: string; remote: string; streams: string[]; isSelectedPair: boolean }[];
  /** In order of time. */
  states: IceStateChange[];
  /** New ufrags within the session (RFC 8445 section 9). */
  restarts: { time: number; localUfrag: string | null; remoteUfrag: string | null; packet: number }[];
  /** Times of checks sent, at most 500 evenly chosen: for the timeline. */
  checkTimes: number[];
  startTime: number;
  endTime: number;
  packetCount: number;
  /** Ids of the allocations it used. */
  allocations: string[];
}

export type IceRow = TurnAllocationRow | IceSessionRow;
