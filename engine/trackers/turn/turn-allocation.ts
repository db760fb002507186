import { StunClass, type StunColumns, StunFlag } from '../../../dissectors/stun/columns.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import type { TurnLink } from './turn-link.ts';
import { CHANNEL_SECONDS, GRACE_SECONDS, Tally, TurnPeer, TurnPermission } from './turn-peer.ts';
import type { Unreachable } from './unreachable.ts';
import type { TurnTransaction } from './turn-transaction.ts';

/** Remembered of one allocation; past it only packets and octets are counted. */
const MOST_TRANSACTIONS = 4000;
const MOST_PEERS = 1000;
/** Where LIFETIME is missing (RFC 8656 section 3.2). */
const DEFAULT_LIFETIME_SECONDS = 600;

export type AllocationEnd = 'released' | 'expired' | 'connection';

/** One life of an allocation, or one try to get it. Frames are 0-based, -1 for none; times are seconds since the epoch. */
export class TurnAllocation {
  readonly index: number;
  readonly link: TurnLink;
  /** What its messages are read from, once they are needed. */
  readonly store: CaptureStore;
  readonly layer: LayerTable<StunColumns>;
  readonly bindings: TurnTransaction[] = [];
  readonly allocates: TurnTransaction[] = [];
  /** Refresh requests, those that release it included; the older TURN refreshes by Allocate. */
  readonly refreshes: TurnTransaction[] = [];
  readonly permissionRequests: TurnTransaction[] = [];
  readonly channelBinds: TurnTransaction[] = [];
  /** RFC 6062: Connect of the client, and ConnectionBind on any connection. */
  readonly connects: TurnTransaction[] = [];
  readonly connectionBinds: TurnTransaction[] = [];
  /** Each once, in the order of their first packet. */
  readonly peers: TurnPeer[] = [];
  readonly permissions = new Map<string, TurnPermission>();
  readonly sent = new Tally();
  readonly received = new Tally();
  readonly channelSent = new Tally();
  readonly channelReceived = new Tally();
  /** Sent and received after it had been released, or had run out. */
  readonly sentAfterEnd = new Tally();
  readonly receivedAfterEnd = new Tally();
  readonly connectionAttempts = new Tally();
  firstFrame: number;
  lastFrame: number;
  packetCount = 0;
  /** Of the answer that granted it. */
  grantedFrame = -1;
  expiresTime = -1;
  lifetimeSeconds: number | null = null;
  refreshed = 0;
  releasedFrame = -1;
  /** Last frame of the TCP connection, where its end was captured. */
  connectionEndFrame = -1;
  endedBy: AllocationEnd | null = null;
  /** Text ids, 0 for none. */
  username = 0;
  realm = 0;
  software = 0;
  mapped = 0;
  relayed = 0;
  /** Messages of the TURN that came before RFC 5766, which knows neither permissions nor refreshes of their own. */
  isClassic = false;
  isTls = false;
  /** RFC 8016: it was granted with a ticket, and the link on which the client went on with it. */
  hasTicket = false;
  movedTo: TurnLink | null = null;
  /** ICMP about a request of the client that nobody answered. */
  unreachable: Unreachable | null = null;
  /** Of the data that were taken last. */
  isDataSent = false;
  private dataPeer: TurnPeer | null = null;
  private readonly peerByText = new Map<number, TurnPeer>();
  private readonly peerByChannel = new Map<number, TurnPeer>();
  private readonly permissionsOfText = new Map<number, readonly TurnPermission[]>();

  constructor(index: number, link: TurnLink, store: CaptureStore, layer: LayerTable<StunColumns>, frame: number) {
    this.index = index;
    this.link = link;
    this.store = store;
    this.layer = layer;
    this.firstFrame = frame;
    this.lastFrame = frame;
  }

  /** Flow of the client's requests; 0 where they were not captured. */
  get clientFlow(): number {
    return this.link.clientFlow;
  }

  /** It was granted, as far as the capture shows. */
  get isGranted(): boolean {
    return this.grantedFrame >= 0;
  }

  /** Its life is over before `frame`. */
  isOverAt(frame: number): boolean {
    if (!this.isGranted) return false;
    return this.releasedFrame >= 0 || this.store.frames.time(frame) > this.expiresTime + GRACE_SECONDS;
  }

  /** Counts a packet of its own. */
  touch(frame: number): void {
    if (this.packetCount === 0 || frame !== this.lastFrame) this.packetCount++;
    if (frame > this.lastFrame) this.lastFrame = frame;
  }

  /** A request of the client, new or sent again. */
  takeRequest(transaction: TurnTransaction, row: number): void {
    const c = this.layer.rows.columns;
    if (c.username.get(row) !== 0 && transaction.method !== StunMethod.Binding) this.username = c.username.get(row);
    const list = this.listOf(transaction);
    // Sent again: it is known.
    if (transaction.requestRow !== row) return;
    if (list.length < MOST_TRANSACTIONS) list.push(transaction);
    if (transaction.method === StunMethod.CreatePermission || transaction.method === StunMethod.ChannelBind) {
      for (const permission of this.permissionsOf(c.peerAddress.get(row))) {
        if (permission.requests.length < MOST_TRANSACTIONS) permission.requests.push(transaction);
      }
    }
  }

  /** An Allocate that turned out to have begun another life. */
  giveUp(transaction: TurnTransaction): void {
    const at = this.allocates.indexOf(transaction);
    if (at >= 0) this.allocates.splice(at, 1);
  }

  /** The server's answer to a request, whether that was captured or not. */
  takeAnswer(transaction: TurnTransaction, row: number): void {
    if (transaction.answerRow !== row) return;
    const c = this.layer.rows.columns;
    if (c.realm.get(row) !== 0) this.realm = c.realm.get(row);
    if (c.software.get(row) !== 0) this.software = c.software.get(row);
    if (transaction.requestRow < 0) {
      const list = this.listOf(transaction);
      if (list.length < MOST_TRANSACTIONS) list.push(transaction);
    }
    if (!transaction.isSuccess) return;
    if (c.mappedAddress.get(row) !== 0) this.mapped = c.mappedAddress.get(row);
    const frame = transaction.answerFrame;
    const time = this.store.frames.time(frame);
    if (transaction.method === StunMethod.Allocate) this.grant(row, frame, time);
    else if (transaction.method === StunMethod.Refresh) this.refresh(transaction, row, frame, time);
    else if (transaction.method === StunMethod.CreatePermission) this.permit(transaction, time);
    else if (transaction.method === StunMethod.ChannelBind) this.bindChannel(transaction, time);
  }

  /** A Send or Data indication, or its like of the older TURN. */
  takeIndication(isSent: boolean, row: number): void {
    const c = this.layer.rows.columns;
    this.takeData(isSent, row, this.peerOf(c.peerAddress.get(row)), false);
  }

  takeChannelData(isSent: boolean, row: number): void {
    const channel = this.layer.rows.columns.channel.get(row);
    let peer = this.peerByChannel.get(channel) ?? null;
    if (peer === null) {
      peer = this.addPeer('unknown', this.permissionOf('unknown'));
      if (peer !== null) {
        peer.channel = channel;
        this.peerByChannel.set(channel, peer);
      }
    }
    (isSent ? this.channelSent : this.channelReceived).add(this.layer.frame.get(row), 0);
    this.takeData(isSent, row, peer, true);
  }

  /** STUN inside the data that were taken last. */
  takeCheck(row: number, roundTripMs: number | null): void {
    const { dataPeer: peer, isDataSent: isSent } = this;
    if (peer === null) return;
    if (isSent) peer.stunSent++;
    else peer.stunReceived++;
    const c = this.layer.rows.columns;
    const frame = this.layer.frame.get(row);
    const messageClass = c.class.get(row);
    if (messageClass === StunClass.Request) (isSent ? peer.checksSent : peer.checksReceived).add(frame, 0);
    else if (messageClass === StunClass.Success) (isSent ? peer.checksReplied : peer.checksAnswered).add(frame, 0);
    else if (messageClass === StunClass.Error && !isSent) {
      peer.checksRefused.add(frame, 0);
      peer.checkCode = c.errorCode.get(row);
    }
    if (roundTripMs !== null) peer.checkRoundTripMs = Math.min(peer.checkRoundTripMs ?? Infinity, roundTripMs);
  }

  /** Says how it ended. `captureEndTime` is when the capture did. */
  finish(captureEndTime: number): void {
    if (this.connectionEndFrame >= 0) this.endedBy = 'connection';
    if (this.releasedFrame >= 0) this.endedBy = 'released';
    if (this.endedBy !== null || !this.isGranted) return;
    // What comes through after its time shows that a refresh was not captured.
    const wentOn = this.receivedAfterEnd.count > 0;
    if (captureEndTime > this.expiresTime + GRACE_SECONDS && !wentOn) this.endedBy = 'expired';
  }

  private listOf({ method }: TurnTransaction): TurnTransaction[] {
    switch (method) {
      case StunMethod.Binding:
        return this.bindings;
      case StunMethod.Allocate:
        return this.isClassic && this.isGranted ? this.refreshes : this.allocates;
      case StunMethod.Refresh:
        return this.refreshes;
      case StunMethod.CreatePermission:
        return this.permissionRequests;
      case StunMethod.ChannelBind:
        return this.channelBinds;
      case StunMethod.Connect:
        return this.connects;
      default:
        return this.connectionBinds;
    }
  }

  private grant(row: number, frame: number, time: number): void {
    const c = this.layer.rows.columns;
    this.hasTicket ||= (c.flags.get(row) & StunFlag.MobilityTicket) !== 0;
    if (!this.isGranted) this.grantedFrame = frame;
    else this.refreshed++;
    if (c.relayedAddress.get(row) !== 0) this.relayed = c.relayedAddress.get(row);
    this.setLifetime(c.lifetime.get(row), time);
  }

  private refresh(transaction: TurnTransaction, row: number, frame: number, time: number): void {
    const { lifetime } = this.layer.rows.columns;
    const asked = transaction.requestRow < 0 ? 0 : lifetime.get(transaction.requestRow);
    // Kept as seconds and one: 1 says zero seconds, which releases (RFC 8656 section 8).
    if (asked === 1 || lifetime.get(row) === 1) {
      this.releasedFrame = frame;
      return;
    }
    this.refreshed++;
    this.setLifetime(lifetime.get(row), time);
  }

  private setLifetime(lifetime: number, time: number): void {
    this.lifetimeSeconds = lifetime === 0 ? DEFAULT_LIFETIME_SECONDS : lifetime - 1;
    this.expiresTime = time + this.lifetimeSeconds;
  }

  private permit({ requestRow }: TurnTransaction, time: number): void {
    if (requestRow < 0) return;
    for (const permission of this.permissionsOf(this.layer.rows.columns.peerAddress.get(requestRow))) {
      permission.grant(time);
    }
  }

  private bindChannel(transaction: TurnTransaction, time: number): void {
    this.permit(transaction, time);
    if (transaction.requestRow < 0) return;
    const c = this.layer.rows.columns;
    const peer = this.peerOf(c.peerAddress.get(transaction.requestRow));
    if (peer === null) return;
    peer.channel = c.channel.get(transaction.requestRow);
    peer.channelExpiresTime = time + CHANNEL_SECONDS;
    this.peerByChannel.set(peer.channel, peer);
  }

  private takeData(isSent: boolean, row: number, peer: TurnPeer | null, isChannel: boolean): void {
    this.isDataSent = isSent;
    this.dataPeer = peer;
    const frame = this.layer.frame.get(row);
    const bytes = this.layer.rows.columns.dataLength.get(row);
    (isSent ? this.sent : this.received).add(frame, bytes);
    const time = this.store.frames.time(frame);
    if (this.isGranted && (this.releasedFrame >= 0 || time > this.expiresTime + GRACE_SECONDS)) {
      (isSent ? this.sentAfterEnd : this.receivedAfterEnd).add(frame, bytes);
    }
    if (peer === null) return;
    (isSent ? peer.sent : peer.received).add(frame, bytes);
    const { expiresTime, requests } = peer.permission;
    if (isSent && requests.length === 0) peer.unasked.add(frame, bytes);
    if (expiresTime >= 0 && time > expiresTime + GRACE_SECONDS) {
      (isSent ? peer.sentLate : peer.receivedLate).add(frame, bytes);
    }
    if (isChannel && peer.channelExpiresTime >= 0 && time > peer.channelExpiresTime + GRACE_SECONDS) {
      (isSent ? peer.channelSentLate : peer.channelReceivedLate).add(frame, bytes);
    }
  }

  /** The peer with an address as text id; null where it has none or there are too many. */
  private peerOf(text: number): TurnPeer | null {
    if (text === 0) return null;
    const known = this.peerByText.get(text);
    if (known !== undefined) return known;
    const endpoint = this.store.strings.text(text).split(' ')[0];
    const peer = this.addPeer(endpoint, this.permissionOf(addressOf(endpoint)));
    if (peer !== null) this.peerByText.set(text, peer);
    return peer;
  }

  private addPeer(endpoint: string, permission: TurnPermission | null): TurnPeer | null {
    if (permission === null || this.peers.length >= MOST_PEERS) return null;
    const peer = new TurnPeer(endpoint, permission);
    this.peers.push(peer);
    return peer;
  }

  /** The permissions of the peers that a request names; they are by address, whatever the port (RFC 8656 section 9). */
  private permissionsOf(text: number): readonly TurnPermission[] {
    const known = this.permissionsOfText.get(text);
    if (known !== undefined) return known;
    const endpoints = text === 0 ? [] : this.store.strings.text(text).split(' ');
    const addresses = new Set(endpoints.map(addressOf));
    const found = [...addresses].map((a) => this.permissionOf(a)).filter((p) => p !== null);
    if (this.permissionsOfText.size < MOST_PEERS) this.permissionsOfText.set(text, found);
    // So that a peer is listed though nothing is ever sent to it.
    for (const endpoint of endpoints) this.peerOf(this.store.strings.internText(endpoint));
    return found;
  }

  private permissionOf(address: string): TurnPermission | null {
    const known = this.permissions.get(address);
    if (known !== undefined) return known;
    if (this.permissions.size >= MOST_PEERS) return null;
    const permission = new TurnPermission(address);
    this.permissions.set(address, permission);
    return permission;
  }
}

/** `10.0.0.1` of `10.0.0.1:4000`, `2001:db8::1` of `[2001:db8::1]:4000`. */
export function addressOf(endpoint: string): string {
  const address = endpoint.slice(0, endpoint.lastIndexOf(':'));
  return address.startsWith('[') ? address.slice(1, -1) : address;
}

/** Whether a request carries the nonce of a challenge. */
export function hasNonce({ layer }: TurnAllocation, { requestRow }: TurnTransaction): boolean {
  return requestRow >= 0 && (layer.rows.columns.flags.get(requestRow) & StunFlag.HasNonce) !== 0;
}
