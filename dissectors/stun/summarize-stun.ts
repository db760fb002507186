/** The packet list's line for STUN: the attributes that tell messages apart, in the order they are in. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext } from '../dissector.ts';
import { addressLength, AddressText } from './address-text.ts';
import { attributeName, StunAttribute as A } from './attributes.ts';
import { StunKind } from './columns.ts';
import {
  ATTRIBUTE_HEADER,
  CHANNEL_HEADER,
  FRAME_HEADER,
  HeaderResult,
  MessageHeader,
  readHeader,
  STUN_HEADER,
} from './message-header.ts';
import { className, errorName, methodName } from './methods.ts';

/** Names and reasons longer than this say nothing more in a line. */
const MOST_CHARACTERS = 64;
const MOST_ADDRESSES = 8;
const ADDRESSES: readonly number[] = [
  A.MappedAddress,
  A.XorMappedAddress,
  A.OldXorMappedAddress,
  A.XorRelayedAddress,
  A.XorPeerAddress,
  A.AlternateServer,
];
const XORED: readonly number[] = [A.XorMappedAddress, A.OldXorMappedAddress, A.XorRelayedAddress, A.XorPeerAddress];
const TRANSPORTS: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP' };

/** `Binding Request user: abcd:efgh`, `Allocate Error Response 401 Unauthorized realm: example.org`, `ChannelData 0x4001, 172 octets`. */
export function summarizeStun(data: Octets, ctx: DescribeContext): string {
  const header = new MessageHeader();
  if (readHeader(data, ctx.transport, ctx.truncated, header) !== HeaderResult.Found) return 'STUN';
  if (header.kind === StunKind.ChannelData) {
    return `ChannelData ${formatChannel(data.u16(0))}, ${header.end - CHANNEL_HEADER} octets`;
  }
  if (header.kind === StunKind.Frame) return `Frame of an ICE candidate pair, ${header.end - FRAME_HEADER} octets`;
  const isClassic = header.kind === StunKind.Classic;
  const title = `${methodName(header.method, isClassic)} ${className(header.class)}`;
  return [title, ...attributeWords(data, header, isClassic)].join(' ');
}

/** `0x4001` */
export function formatChannel(channel: number): string {
  return `0x${channel.toString(16).padStart(4, '0')}`;
}

function attributeWords(data: Octets, header: MessageHeader, isClassic: boolean): string[] {
  const words: string[] = [];
  const held = Math.min(header.end, data.length);
  let addresses = 0;
  for (let at = header.at + STUN_HEADER; at + ATTRIBUTE_HEADER <= held; ) {
    const type = data.u16(at);
    const length = data.u16(at + 2);
    const end = at + ATTRIBUTE_HEADER + length;
    if (end > held) break;
    if (!ADDRESSES.includes(type) || addresses++ < MOST_ADDRESSES) {
      const text = wordsOf(data, header, type, at + ATTRIBUTE_HEADER, length, isClassic);
      if (text !== '') words.push(text);
    }
    if (type === A.MessageIntegrity || type === A.MessageIntegritySha256) break;
    at = isClassic ? end : header.at + ((end - header.at + 3) & ~3);
  }
  return words;
}

/** What the line says of an attribute, '' for nothing. */
function wordsOf(
  data: Octets,
  header: MessageHeader,
  type: number,
  at: number,
  length: number,
  isClassic: boolean,
): string {
  if (ADDRESSES.includes(type)) {
    const isXored = XORED.includes(type) && !(isClassic && type === A.XorPeerAddress);
    const text = formatAddress(data, at, length, isXored ? header.at + 4 : -1);
    return text === '' ? '' : `${attributeName(type, isClassic)}: ${text}`;
  }
  // REALM and NONCE changed places after the drafts that lack the cookie.
  if (type === (isClassic ? A.Nonce : A.Realm)) return `realm: ${clipped(data, at, length)}`;
  if (type === A.Username) return `user: ${clipped(data, at, length)}`;
  if (type === A.UseCandidate) return 'use-candidate';
  if (length < 4) return '';
  if (type === A.ErrorCode) return errorText(data, at, length);
  if (type === A.RequestedTransport) return TRANSPORTS[data.u8(at)] ?? `transport ${data.u8(at)}`;
  if (type === A.Lifetime) return `lifetime: ${data.u32(at)}`;
  if (type === A.ChannelNumber && !isClassic) return `channel: ${formatChannel(data.u16(at))}`;
  if (type === A.ConnectionId && !isClassic) return `connection: 0x${data.hex(at, 4)}`;
  return '';
}

/** `401 Unauthorized`: code and reason of an ERROR-CODE value, the registered reason where the message has none. */
export function errorText(data: Octets, at: number, length: number): string {
  const code = (data.u8(at + 2) & 7) * 100 + data.u8(at + 3);
  const reason = clipped(data, at + 4, length - 4).trim() || errorName(code);
  return reason === '' ? `${code}` : `${code} ${reason}`;
}

/** The address of an attribute value, '' where it is none. `xorAt` as `AddressText.append` has it. */
export function formatAddress(data: Octets, at: number, length: number, xorAt: number): string {
  const needed = length < 8 ? 0 : addressLength(data.u8(at + 1));
  if (needed === 0 || length < needed || at + needed > data.length) return '';
  const text = new AddressText();
  text.append(data, at, xorAt);
  return text.toString();
}

/** The octets as text, without the zeros that some senders count at the end. */
export function textWithoutZeros(data: Octets, at: number, length: number): string {
  let end = length;
  while (end > 0 && data.u8(at + end - 1) === 0) end--;
  return data.text(at, end);
}

function clipped(data: Octets, at: number, length: number): string {
  const text = textWithoutZeros(data, at, length);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
