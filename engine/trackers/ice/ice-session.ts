import type { CandidateType, IceStateChange, Verdict } from '../../../shared/ice.ts';
import type { DtlsOutcome } from './dtls-outcome.ts';
import type { BySide, Generation, IcePair, SideIndex } from './ice-pair.ts';
import type { IceDescription } from './descriptions.ts';
import type { Leg } from './legs.ts';

export interface IceCandidate {
  readonly side: SideIndex;
  readonly type: CandidateType;
  /** `ip:port` or `name:port`. */
  readonly address: string;
  readonly transport: 'udp' | 'tcp';
  readonly component: number;
  readonly section: number;
  /** Place of its ufrag's generation in the session, −1 where that is not known. */
  readonly generation: number;
  readonly priority: number | null;
  readonly foundation: string | null;
  /** Of a name, the address it turned out to stand for. */
  related: string | null;
  readonly from: 'sdp' | 'trickle' | 'check' | 'turn';
  readonly frame: number;
}

/** A component of a media section: what has a state of its own (W3C RTCIceTransport). */
export interface IceTransport {
  readonly index: number;
  readonly section: number;
  readonly component: number;
  pairs: IcePair[];
  /** Nominated and used in the end. */
  selected: IcePair | null;
  readonly dtls: DtlsOutcome[];
}

/** A verdict, and the code of the problem that it is; null where it is none. */
export interface IceConclusion extends Verdict {
  readonly code: string | null;
}

/** Pairs of ufrags that follow each other between the same two agents. Sides: 0 local, 1 remote. Frames are 0-based. */
export class IceSession {
  readonly index: number;
  /** In order of time; the newest last. */
  readonly generations: Generation[] = [];
  /** Call index, −1 for none. */
  call = -1;
  /** Descriptions of its ufrags, in order of time. */
  readonly descriptions: IceDescription[] = [];
  isLite: BySide<boolean> = [false, false];
  /** Whether the side that is called local is known to have offered. */
  isOffererKnown = false;
  pairs: IcePair[] = [];
  candidates: IceCandidate[] = [];
  transports: IceTransport[] = [];
  legs = new Map<Leg, IcePair>();
  /** Flows of the clients whose relays carry some of it. */
  readonly carrierFlows = new Set<number>();
  /** Pairs that could have been checked and were not: local and remote candidate. */
  waiting: { local: IceCandidate; remote: IceCandidate }[] = [];
  states: IceStateChange[] = [];
  /** Frame of the first check with new ufrags, or of what announced them. */
  restarts: { generation: Generation; frame: number }[] = [];
  checkTimes: number[] = [];
  /** Indexes of streams on its ways, and of its call elsewhere. */
  streams: number[] = [];
  roles: BySide<'controlling' | 'controlled' | null> = [null, null];
  /** The capture begins after the session did. */
  isFromMiddle = false;
  /** Consent was lost: the frame of the last answer before. */
  consentLostFrame = -1;
  hasReconnected = false;
  firstFrame = -1;
  lastFrame = -1;
  packetCount = 0;
  /** Of each generation and transport, nominated and used: what media may use in its time. */
  readonly selectedPairs = new Set<IcePair>();
  conclusion: IceConclusion | null = null;
  /** Checks whose MESSAGE-INTEGRITY the password of the SDP proves and disproves, by side of the sender; frame of the first wrong. */
  integrity: BySide<{ right: number; wrong: number; wrongFrame: number }> = [
    { right: 0, wrong: 0, wrongFrame: -1 },
    { right: 0, wrong: 0, wrongFrame: -1 },
  ];

  constructor(index: number) {
    this.index = index;
  }

  get first(): Generation {
    return this.generations[0];
  }

  /** The newest but for checks that mix one side's old ufrag with the other's new one. */
  get newest(): Generation {
    return this.generations.findLast(({ isMixed }) => !isMixed) ?? this.first;
  }

  get selected(): IcePair | null {
    return this.transports.find(({ selected }) => selected !== null)?.selected ?? null;
  }
}
