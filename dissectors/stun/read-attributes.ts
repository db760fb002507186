/** The hot pass over a message's attributes: one walk that fills the row. Nothing here allocates. */
import type { Octets } from '../../base/octets.ts';
import type { DissectContext, Rows } from '../dissector.ts';
import { AddressFamily, addressLength, AddressText } from './address-text.ts';
import { isUnknownRequired, StunAttribute as A } from './attributes.ts';
import { type StunColumns, StunFlag, StunKind } from './columns.ts';
import { ATTRIBUTE_HEADER, isFingerprintRight, type MessageHeader, STUN_HEADER } from './message-header.ts';

const CHANGE_IP = 4;
const CHANGE_PORT = 2;
const MOST_SECONDS = 0xffffffff;

const single = new AddressText();
const peers = new AddressText();

/**
 * Walks the attributes of one message after the other. What is known of the message at hand is in the fields, so that the
 * readers of single attributes need no more than where the value is.
 */
class AttributeReader {
  // Set anew for every message, like all that follows.
  private data!: Octets;
  private header!: MessageHeader;
  private c!: Rows<StunColumns>['columns'];
  private ctx!: DissectContext;
  private flags = 0;
  private sound = true;
  private row = 0;
  private xorAt = 0;
  /** Which of the attributes for the mapped address it is from: see `setMapped`. */
  private mapped = 0;
  /** A bit for each type below 64, and from 0x8000 to 0x803f, that the message has shown. */
  private readonly seen = new Int32Array(4);

  /** Fills `row` from the attributes of the message `header`. False where one is damaged, which `ctx.issue` was told. */
  read(data: Octets, header: MessageHeader, row: number, out: Rows<StunColumns>, ctx: DissectContext): boolean {
    const isClassic = header.kind === StunKind.Classic;
    const held = Math.min(header.end, header.total, data.length);
    this.data = data;
    this.header = header;
    this.c = out.columns;
    this.ctx = ctx;
    this.flags = out.columns.flags.get(row);
    this.sound = true;
    this.row = row;
    this.xorAt = header.at + 4;
    this.mapped = 0;
    this.seen.fill(0);
    peers.clear();
    let isOver = false;
    for (let at = header.at + STUN_HEADER; at < held; ) {
      if (at + ATTRIBUTE_HEADER > held) {
        if (held === header.end) this.fault('stun-attribute-length', at);
        break;
      }
      const type = data.u16(at);
      const length = data.u16(at + 2);
      const end = at + ATTRIBUTE_HEADER + length;
      if (end > header.end) {
        this.fault('stun-attribute-length', at + 2);
        break;
      }
      if (end > held) break;
      const counts = !isOver || type === A.MessageIntegritySha256 || type === A.Fingerprint;
      if (counts && !this.isRepeated(type)) {
        if (isClassic) this.classicAttribute(type, at, length);
        else this.attribute(type, at, length);
      }
      // Nothing but these two counts after the first integrity attribute (RFC 8489, section 14.5).
      isOver ||= type === A.MessageIntegrity || type === A.MessageIntegritySha256;
      // Words are counted from the message's start, which inside a frame is no word of the payload's.
      at = isClassic ? end : header.at + ((end - header.at + 3) & ~3);
    }
    const peer = peers.intern(ctx.strings);
    if (peer !== 0) out.columns.peerAddress.set(row, peer);
    if (this.flags !== 0) out.columns.flags.set(row, this.flags);
    return this.sound;
  }

  private attribute(type: number, at: number, length: number): void {
    const { c, data, row } = this;
    const valueAt = at + ATTRIBUTE_HEADER;
    switch (type) {
      case A.XorMappedAddress:
        this.setMapped(at, length, this.xorAt, 2);
        break;
      case A.OldXorMappedAddress:
        this.setMapped(at, length, this.xorAt, 1);
        break;
      case A.XorRelayedAddress:
        this.address(at, length, this.xorAt, c.relayedAddress);
        break;
      case A.XorPeerAddress:
        if (this.isAddress(at, length)) peers.append(data, valueAt, this.xorAt);
        break;
      case A.AlternateServer:
        this.address(at, length, -1, c.alternateServer);
        break;
      case A.Realm:
        this.flags |= StunFlag.HasRealm;
        this.text(valueAt, length, c.realm);
        break;
      case A.Nonce:
        this.flags |= StunFlag.HasNonce;
        this.text(valueAt, length, c.nonce);
        break;
      case A.ChannelNumber:
        if (this.holds(length, 4, at)) c.channel.set(row, data.u16(valueAt));
        break;
      case A.RequestedAddressFamily:
        if (this.holds(length, 4, at)) this.askFamily(data.u8(valueAt));
        break;
      case A.AdditionalAddressFamily:
        this.flags |= StunFlag.AdditionalAddressFamily;
        if (this.holds(length, 4, at)) this.askFamily(data.u8(valueAt));
        break;
      case A.EvenPort:
        if (this.holds(length, 1, at)) this.flags |= StunFlag.EvenPort;
        break;
      case A.DontFragment:
        this.flags |= StunFlag.DontFragment;
        break;
      case A.AccessToken:
        this.flags |= StunFlag.AccessToken;
        break;
      case A.MessageIntegritySha256:
        if (!this.holds(length, 16, at)) break;
        this.flags |= StunFlag.IntegritySha256;
        c.integritySha256At.set(row, at);
        break;
      case A.PasswordAlgorithm:
        if (this.holds(length, 4, at)) c.passwordAlgorithm.set(row, data.u16(valueAt));
        break;
      case A.UserHash:
        this.flags |= StunFlag.UserHash;
        break;
      case A.ReservationToken:
        this.flags |= StunFlag.ReservationToken;
        break;
      case A.MobilityTicket:
        this.flags |= StunFlag.MobilityTicket;
        break;
      case A.Priority:
        if (!this.holds(length, 4, at)) break;
        this.flags |= StunFlag.HasPriority;
        c.priority.set(row, data.u32(valueAt));
        break;
      case A.UseCandidate:
        this.flags |= StunFlag.UseCandidate;
        break;
      case A.Nomination:
        if (length === 4) this.flags |= StunFlag.Nomination;
        break;
      case A.IceControlling:
        this.role(at, length, StunFlag.Controlling);
        break;
      case A.IceControlled:
        this.role(at, length, StunFlag.Controlled);
        break;
      case A.ConnectionId:
        if (this.holds(length, 4, at)) c.connectionId.set(row, data.u32(valueAt));
        break;
      case A.Fingerprint:
        if (this.holds(length, 4, at)) this.fingerprint(at);
        break;
      default:
        this.common(type, at, length);
    }
  }

  /** What RFC 3489 and the drafts after it had under other numbers, or without XOR. */
  private classicAttribute(type: number, at: number, length: number): void {
    const { c, data } = this;
    const valueAt = at + ATTRIBUTE_HEADER;
    switch (type) {
      // NONCE and REALM changed places later.
      case A.Nonce:
        this.flags |= StunFlag.HasRealm;
        this.text(valueAt, length, c.realm);
        break;
      case A.Realm:
        this.flags |= StunFlag.HasNonce;
        this.text(valueAt, length, c.nonce);
        break;
      case A.XorPeerAddress:
        if (this.isAddress(at, length)) peers.append(data, valueAt, -1);
        break;
      case A.ClassicAlternateServer:
        this.address(at, length, -1, c.alternateServer);
        break;
      case A.OldXorMappedAddress:
        this.setMapped(at, length, this.xorAt, 1);
        break;
      default:
        this.common(type, at, length);
    }
  }

  /** What both have alike. */
  private common(type: number, at: number, length: number): void {
    const { c, data, row } = this;
    const valueAt = at + ATTRIBUTE_HEADER;
    switch (type) {
      case A.MappedAddress:
        this.setMapped(at, length, -1, 0);
        break;
      case A.Username:
        this.text(valueAt, length, c.username);
        break;
      case A.Software:
        this.text(valueAt, length, c.software);
        break;
      case A.ErrorCode: {
        if (!this.holds(length, 4, at)) break;
        c.errorCode.set(row, (data.u8(valueAt + 2) & 7) * 100 + data.u8(valueAt + 3));
        // Some servers count a zero octet at its end.
        let end = length;
        while (end > 4 && data.u8(valueAt + end - 1) === 0) end--;
        this.text(valueAt + 4, end - 4, c.reason);
        break;
      }
      case A.MessageIntegrity:
        if (!this.holds(length, 20, at)) break;
        this.flags |= StunFlag.Integrity;
        c.integrityAt.set(row, at);
        break;
      case A.Lifetime:
        if (this.holds(length, 4, at)) c.lifetime.set(row, Math.min(data.u32(valueAt) + 1, MOST_SECONDS));
        break;
      case A.Data:
        this.flags |= StunFlag.HasData;
        c.dataAt.set(row, valueAt);
        c.dataLength.set(row, length);
        break;
      case A.RequestedTransport:
        if (this.holds(length, 4, at)) c.requestedTransport.set(row, data.u8(valueAt));
        break;
      case A.ChangeRequest:
        if (!this.holds(length, 4, at)) break;
        if ((data.u8(valueAt + 3) & CHANGE_IP) !== 0) this.flags |= StunFlag.ChangeIp;
        if ((data.u8(valueAt + 3) & CHANGE_PORT) !== 0) this.flags |= StunFlag.ChangePort;
        break;
      case A.ResponseOrigin:
      case A.SourceAddress:
        this.address(at, length, -1, c.responseOrigin);
        break;
      case A.OtherAddress:
      case A.ChangedAddress:
        this.address(at, length, -1, c.otherAddress);
        break;
      default:
        if (isUnknownRequired(type)) this.flags |= StunFlag.HasUnknownRequired;
    }
  }

  /** Of several attributes for the mapped address, that of the highest `rank` counts. */
  private setMapped(at: number, length: number, xorAt: number, rank: number): void {
    if (!this.isAddress(at, length) || rank < this.mapped) return;
    this.mapped = rank;
    single.clear().append(this.data, at + ATTRIBUTE_HEADER, xorAt);
    this.c.mappedAddress.set(this.row, single.intern(this.ctx.strings));
  }

  private address(at: number, length: number, xorAt: number, column: TextColumn): void {
    if (!this.isAddress(at, length) || column.get(this.row) !== 0) return;
    single.clear().append(this.data, at + ATTRIBUTE_HEADER, xorAt);
    column.set(this.row, single.intern(this.ctx.strings));
  }

  private isAddress(at: number, length: number): boolean {
    if (!this.holds(length, 8, at)) return false;
    const needed = addressLength(this.data.u8(at + ATTRIBUTE_HEADER + 1));
    if (needed === 0) {
      this.fault('stun-address-family', at + ATTRIBUTE_HEADER + 1);
      return false;
    }
    return this.holds(length, needed, at);
  }

  /** Of an attribute that is there twice the first counts (RFC 8489, section 14); only peers may be several. */
  private isRepeated(type: number): boolean {
    const slot = type < 64 ? type >> 5 : type >= 0x8000 && type < 0x8040 ? 2 + ((type - 0x8000) >> 5) : -1;
    if (slot < 0) return false;
    const bit = 1 << (type & 31);
    const wasSeen = (this.seen[slot] & bit) !== 0;
    this.seen[slot] |= bit;
    return wasSeen && type !== A.XorPeerAddress;
  }

  private askFamily(family: number): void {
    if (family === AddressFamily.IPv6) this.flags |= StunFlag.RequestedAddressFamily6;
  }

  private role(at: number, length: number, flag: number): void {
    if (!this.holds(length, 8, at)) return;
    this.flags |= flag;
    this.c.tieBreaker0.set(this.row, this.data.u32(at + 4));
    this.c.tieBreaker1.set(this.row, this.data.u32(at + 8));
  }

  private fingerprint(at: number): void {
    if (at + 8 !== this.header.end) {
      this.flags |= StunFlag.FingerprintBad;
      this.ctx.issue('stun-fingerprint-not-last', at);
    } else if (isFingerprintRight(this.data, this.header.at, at)) {
      this.flags |= StunFlag.Fingerprint;
    } else {
      this.flags |= StunFlag.FingerprintBad;
      this.ctx.issue('stun-fingerprint', at + ATTRIBUTE_HEADER);
    }
  }

  private text(at: number, length: number, column: TextColumn): void {
    column.set(this.row, this.ctx.strings.intern(this.data.bytes, this.data.start + at, length));
  }

  private holds(length: number, needed: number, at: number): boolean {
    if (length >= needed) return true;
    this.fault('stun-attribute-short', at + 2);
    return false;
  }

  private fault(code: string, at: number): void {
    this.sound = false;
    this.ctx.issue(code, at);
  }
}

type TextColumn = Rows<StunColumns>['columns']['realm'];

/** One reader for all messages. */
const reader = new AttributeReader();

/** Fills `row` from the attributes of the message `header`. False where one is damaged, which `ctx.issue` was told. */
export function readAttributes(
  data: Octets,
  header: MessageHeader,
  row: number,
  out: Rows<StunColumns>,
  ctx: DissectContext,
): boolean {
  return reader.read(data, header, row, out, ctx);
}
