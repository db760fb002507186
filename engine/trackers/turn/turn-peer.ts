import type { TurnTransaction } from './turn-transaction.ts';

/** RFC 8656 sections 9 and 12. */
export const PERMISSION_SECONDS = 300;
export const CHANNEL_SECONDS = 600;
/** What clocks and ways may differ by before something counts as too late. */
export const GRACE_SECONDS = 2;

/** Packets of one kind. Frames are 0-based, -1 for none. */
export class Tally {
  count = 0;
  bytes = 0;
  firstFrame = -1;
  lastFrame = -1;

  add(frame: number, bytes: number): void {
    if (this.count === 0) this.firstFrame = frame;
    this.count++;
    this.bytes += bytes;
    this.lastFrame = frame;
  }
}

/** What lets the packets of an address in and out: a CreatePermission or ChannelBind for it, good for five minutes. */
export class TurnPermission {
  /** IP address of the peer. */
  readonly address: string;
  /** CreatePermission and ChannelBind requests that name it. */
  readonly requests: TurnTransaction[] = [];
  /** Times in seconds since the epoch, -1 where it was never granted. */
  grantedTime = -1;
  expiresTime = -1;
  /** When it ran out before it was granted again, the first time. */
  lapsedTime = -1;

  constructor(address: string) {
    this.address = address;
  }

  grant(time: number): void {
    if (this.grantedTime < 0) this.grantedTime = time;
    else if (this.lapsedTime < 0 && time > this.expiresTime + GRACE_SECONDS) this.lapsedTime = this.expiresTime;
    this.expiresTime = Math.max(this.expiresTime, time + PERMISSION_SECONDS);
  }
}

/** An address and port that data go to and come from. */
export class TurnPeer {
  /** `10.0.0.1:4000`; `unknown` where a channel was bound before the capture began. */
  readonly endpoint: string;
  readonly permission: TurnPermission;
  /** The newest channel, 0 for none. */
  channel = 0;
  channelExpiresTime = -1;
  readonly sent = new Tally();
  readonly received = new Tally();
  /** Sent though no permission had been asked for. */
  readonly unasked = new Tally();
  /** Sent and received after the permission had ended. */
  readonly sentLate = new Tally();
  readonly receivedLate = new Tally();
  /** Sent and received by the channel after it had ended. */
  readonly channelSentLate = new Tally();
  readonly channelReceivedLate = new Tally();
  /** Connectivity checks inside: requests of the client and answers to them; requests of the peer and answers to them. */
  readonly checksSent = new Tally();
  readonly checksAnswered = new Tally();
  readonly checksReceived = new Tally();
  readonly checksReplied = new Tally();
  /** Answers with an error to the client's checks, and the code of the last. */
  readonly checksRefused = new Tally();
  /** STUN inside, of any kind. */
  stunSent = 0;
  stunReceived = 0;
  checkCode = 0;
  checkRoundTripMs: number | null = null;

  constructor(endpoint: string, permission: TurnPermission) {
    this.endpoint = endpoint;
    this.permission = permission;
  }

  /** Packets that are no STUN. */
  get mediaSent(): number {
    return this.sent.count - this.stunSent;
  }

  get mediaReceived(): number {
    return this.received.count - this.stunReceived;
  }
}
