/**
 * What the values of attributes are made of, where it is a row of numbers, text and octets. Field names follow Wireshark's
 * where it has the field, without their `stun.att.`.
 */
import { StunAttribute as A } from './attributes.ts';

/** One part of a value: `length` octets, or with 0 all that are left. */
export interface Part {
  readonly name: string;
  readonly label: string;
  readonly length: number;
  readonly as: 'number' | 'text' | 'octets';
  readonly meaning?: (value: number) => string;
}

type Names = Readonly<Record<number, string>>;

const u8 = (name: string, label: string, meaning?: Part['meaning']) => number(1, name, label, meaning);
const u16 = (name: string, label: string, meaning?: Part['meaning']) => number(2, name, label, meaning);
const u32 = (name: string, label: string, meaning?: Part['meaning']) => number(4, name, label, meaning);
const octets = (length: number, name: string, label: string): Part => ({ name, label, length, as: 'octets' });
const text = (name: string, label: string): Part => ({ name, label, length: 0, as: 'text' });
const reserved = (length: number): Part => octets(length, 'reserved', 'Reserved');
const rest = octets(0, 'value', 'Value');

function number(length: number, name: string, label: string, meaning: Part['meaning']): Part {
  return { name, label, length, as: 'number', ...(meaning === undefined ? {} : { meaning }) };
}

function named(names: Names): (value: number) => string {
  return (value) => names[value] ?? '';
}

const FAMILIES: Names = { 1: 'IPv4', 2: 'IPv6' };
/** Values of REQUESTED-TRANSPORT: IP protocol numbers. */
const TRANSPORTS: Names = { 6: 'TCP', 17: 'UDP' };
const STREAM_TYPES: Names = { 1: 'audio', 2: 'video', 3: 'supplemental video', 4: 'data' };
const LOCATIONS: Names = { 0: 'unknown', 1: 'Internet', 2: 'intranet' };
const FEDERATIONS: Names = { 0: 'none', 1: 'enterprise', 2: 'public cloud' };
const SERVICE_QUALITIES: Names = { 0: 'best effort', 1: 'reliable' };
const ADMISSIONS: Names = { 0: 'check', 1: 'commit', 2: 'update' };
const MS_VERSIONS: Names = {
  1: 'ICE',
  2: 'MS-ICE2',
  3: 'MS-ICE2, SHA-256',
  4: 'MS-ICE2, SHA-256, IPv6',
  5: 'multiplexed TURN over UDP',
  6: 'multiplexed TURN over UDP and TCP',
};

/** The type preference of RFC 8445, section 5.1.2.2, for the kinds of candidates that have the recommended one. */
const TYPE_PREFERENCES: Names = { 0: 'relayed', 100: 'server reflexive', 110: 'peer reflexive', 126: 'host' };

/** The parts of a candidate's priority (RFC 8445, section 5.1.2.1). */
export function formatPriority(priority: number): string {
  const preference = priority >>> 24;
  const kind = TYPE_PREFERENCES[preference];
  const type = kind === undefined ? `${preference}` : `${preference} (${kind})`;
  return `type ${type}, local ${(priority >>> 8) & 0xffff}, component ${256 - (priority & 0xff)}`;
}

const seconds = (value: number): string => (value === 1 ? 'second' : value === 0 ? 'seconds: released' : 'seconds');
const address16 = [octets(16, 'bandwidth_rsv_id', 'Reservation ID')];
const familyParts = [u8('family', 'Protocol family', named(FAMILIES)), reserved(3)];
const tieBreaker = [octets(8, 'tie-breaker', 'Tie breaker')];
const hmac = [octets(0, 'hmac', 'HMAC')];
const rates = [
  u32('address_rp.masb', 'Maximum send bandwidth', () => 'kbit/s'),
  u32('address_rp.marb', 'Maximum receive bandwidth', () => 'kbit/s'),
];
const sitePolicy = [u32('address_rp.reserved', 'Flags'), ...rates];

const LAYOUTS: Readonly<Record<number, readonly Part[]>> = {
  0x0003: [u32('change-request', 'Flags', (flags) => changeText(flags))],
  0x0006: [text('username', 'Username')],
  0x0007: [octets(0, 'password', 'Password')],
  0x0008: hmac,
  0x000c: [u16('channelnum', 'Channel number', (value) => `0x${value.toString(16)}`), reserved(2)],
  0x000d: [u32('lifetime', 'Lifetime', seconds)],
  0x000f: [u32('magic_cookie', 'Magic cookie', (value) => `0x${value.toString(16)}`)],
  0x0010: [u32('bandwidth', 'Bandwidth', () => 'kbit/s')],
  0x0013: [rest],
  0x0014: [text('realm', 'Realm')],
  0x0015: [text('nonce', 'Nonce')],
  0x0017: familyParts,
  0x0018: [u8('even-port.reserve-next', 'Reserve next', (value) => (value >= 128 ? 'the next port as well' : 'no'))],
  0x0019: [u8('transp', 'Transport', named(TRANSPORTS)), reserved(3)],
  0x001b: [octets(0, 'access_token', 'Token')],
  0x001c: hmac,
  0x001e: [octets(32, 'userhash', 'SHA-256 of user name and realm')],
  0x0021: [u32('timer_val', 'Timer', () => 'seconds')],
  0x0022: [octets(8, 'token', 'Token')],
  0x0024: [u32('priority', 'Priority', formatPriority)],
  0x0026: [octets(0, 'padding-value', 'Padding')],
  0x0027: [u16('port', 'Port'), reserved(2)],
  0x002a: [u32('connection_id', 'Connection ID', (value) => `0x${value.toString(16).padStart(8, '0')}`)],
  0x0030: [u8('icmp.type', 'ICMP type'), u8('icmp.code', 'ICMP code'), reserved(2)],
  0x8000: familyParts,
  0x8003: [text('alternate_domain', 'Domain')],
  0x8004: [
    reserved(2),
    u8('icmp.type', 'ICMP type'),
    u8('icmp.code', 'ICMP code'),
    octets(4, 'icmp.data', 'Error data'),
  ],
  0x8008: [u32('ms.version', 'Version', named(MS_VERSIONS))],
  0x8022: [text('software', 'Software')],
  0x8025: [reserved(2), u8('transmit_counter.request', 'Requests'), u8('transmit_counter.response', 'Responses')],
  0x8027: [u32('cache-timeout', 'Cache timeout', () => 'seconds')],
  0x8029: tieBreaker,
  0x802a: tieBreaker,
  0x802e: [text('third_party', 'Authorization server')],
  0x802f: [text('origin', 'Origin')],
  0x8030: [octets(0, 'mobility_ticket', 'Ticket')],
  0x8032: [text('ms.alternate_host', 'Host name')],
  0x8050: [octets(20, 'ms.connection_id', 'Connection ID'), u32('ms.sequence_number', 'Sequence number')],
  0x8054: [text('ms.foundation', 'Foundation')],
  0x8055: [
    u16('ms.stream_type', 'Stream type', named(STREAM_TYPES)),
    u16('ms.service_quality', 'Service quality', named(SERVICE_QUALITIES)),
  ],
  0x8056: [reserved(2), u16('bandwidth_acm.type', 'Message type', named(ADMISSIONS))],
  0x8057: address16,
  0x8058: [
    u32('bandwidth_rsv_amount.masb', 'Maximum send bandwidth', () => 'kbit/s'),
    u32('bandwidth_rsv_amount.misb', 'Minimum send bandwidth', () => 'kbit/s'),
    u32('bandwidth_rsv_amount.marb', 'Maximum receive bandwidth', () => 'kbit/s'),
    u32('bandwidth_rsv_amount.mirb', 'Minimum receive bandwidth', () => 'kbit/s'),
  ],
  0x805d: sitePolicy,
  0x805e: sitePolicy,
  0x805f: sitePolicy,
  0x8060: sitePolicy,
  0x8061: [octets(0, 'sip_dialog_id', 'SIP dialog ID')],
  0x8062: [octets(0, 'sip_call_id', 'SIP Call-ID')],
  0x8068: [
    u8('lp.peer_location', 'Peer location', named(LOCATIONS)),
    u8('lp.seft_location', 'Own location', named(LOCATIONS)),
    u8('lp.federation', 'Federation', named(FEDERATIONS)),
    reserved(1),
  ],
  0x8070: [
    u32('ms.version.ice', 'Implementation', (value) => (value < 3 ? 'formats of RFC 3489bis' : 'formats of RFC 5389')),
  ],
  0x8095: [octets(8, 'ms.multiplexed_turn_session_id', 'Session ID')],
  0xc057: [u16('google.network_id', 'Network ID'), u16('google.network_cost', 'Network cost', costText)],
  0xc058: [octets(12, 'google.last_check', 'Transaction of the last check received')],
  0xc060: [octets(4, 'hmac', 'HMAC, its first 32 bits')],
  0xff00: [u32('retransmit_count', 'Retransmissions')],
};

/** What differs before RFC 5389. */
const CLASSIC_LAYOUTS: Readonly<Record<number, readonly Part[]>> = {
  0x0014: [text('nonce', 'Nonce')],
  0x0015: [text('realm', 'Realm')],
  0x0021: [],
};

/** The parts of an attribute's value; one part of octets where nothing else is known of it. */
export function attributeLayout(type: number, length: number, isClassic: boolean): readonly Part[] {
  if (type === A.Nomination && length === 4 && !isClassic) return [u32('nomination', 'Nomination')];
  return (isClassic ? CLASSIC_LAYOUTS[type] : undefined) ?? LAYOUTS[type] ?? [rest];
}

function changeText(flags: number): string {
  const what = [...((flags & 4) !== 0 ? ['address'] : []), ...((flags & 2) !== 0 ? ['port'] : [])];
  return what.length === 0 ? 'answer from the same address and port' : `answer from another ${what.join(' and ')}`;
}

/** The costs that browsers give to kinds of networks. */
function costText(cost: number): string {
  const kinds: Names = { 0: 'lowest', 10: 'low', 50: 'unknown', 900: 'mobile', 910: '5G', 980: '4G', 999: 'highest' };
  return kinds[cost] ?? '';
}
