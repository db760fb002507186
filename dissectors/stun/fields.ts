/** What the display filter can ask of STUN. */
import { ABSENT, fieldLines, type FilterField, UNKNOWN } from '../../base/filter-field.ts';
import { type StunColumns, StunFlag, StunKind } from './columns.ts';
import { messageType } from './methods.ts';

type Field = FilterField<StunColumns>;
type Reading = Parameters<NonNullable<Field['column']>>[0];
type Text = 'reason' | 'username' | 'realm' | 'nonce' | 'software';

function isMessage(c: Reading, row: number): boolean {
  const kind = c.kind.get(row);
  return kind === StunKind.Message || kind === StunKind.Classic;
}

/** What a message without the attribute says: of one that the capture cut, the part that is there may be shown. */
function otherwise(c: Reading, row: number): number {
  return (c.flags.get(row) & StunFlag.Truncated) !== 0 ? UNKNOWN : ABSENT;
}

function text(id: string, label: string, column: Text): Field {
  return { id, label, type: 'text', column: (c, row) => c[column].get(row) || otherwise(c, row) };
}

export const stunFields: readonly Field[] = [
  {
    id: 'stun.type',
    label: 'Message type',
    type: 'number',
    column: (c, row) => {
      if (!isMessage(c, row)) return ABSENT;
      // The Data Indication of the old drafts has a class of its own.
      return c.kind.get(row) === StunKind.Classic ? UNKNOWN : messageType(c.class.get(row), c.method.get(row));
    },
  },
  {
    id: 'stun.type.class',
    label: 'Class',
    type: 'number',
    // As Wireshark numbers it: the two bits of the type with those between them left out in part.
    column: (c, row) => {
      if (!isMessage(c, row)) return ABSENT;
      return c.kind.get(row) === StunKind.Classic ? UNKNOWN : messageType(c.class.get(row), 0) >> 4;
    },
  },
  {
    id: 'stun.type.method',
    label: 'Method',
    type: 'number',
    column: (c, row) => (isMessage(c, row) ? c.method.get(row) : ABSENT),
  },
  {
    id: 'stun.channel',
    label: 'Channel number',
    type: 'number',
    column: (c, row) => (c.kind.get(row) === StunKind.ChannelData ? c.channel.get(row) : ABSENT),
  },
  {
    id: 'stun.att.error.code',
    label: 'Error code',
    type: 'number',
    column: (c, row) => c.errorCode.get(row) || otherwise(c, row),
  },
  {
    id: 'stun.att.lifetime',
    label: 'Lifetime',
    type: 'number',
    column: (c, row) => (c.lifetime.get(row) === 0 ? otherwise(c, row) : c.lifetime.get(row) - 1),
  },
  {
    id: 'stun.att.priority',
    label: 'Priority',
    type: 'number',
    column: (c, row) => ((c.flags.get(row) & StunFlag.HasPriority) !== 0 ? c.priority.get(row) : otherwise(c, row)),
  },
  text('stun.att.error.reason', 'Reason phrase', 'reason'),
  text('stun.att.username', 'Username', 'username'),
  text('stun.att.realm', 'Realm', 'realm'),
  text('stun.att.nonce', 'Nonce', 'nonce'),
  text('stun.att.software', 'Software', 'software'),
  ...fieldLines(`
  text stun.att.access_token Token
  number stun.att.address_rp.marb Maximum receive bandwidth
  number stun.att.address_rp.masb Maximum send bandwidth
  number stun.att.address_rp.reserved Flags
  text stun.att.alternate_domain Domain
  number stun.att.bandwidth Bandwidth
  number stun.att.bandwidth_acm.type Message type
  number stun.att.bandwidth_rsv_amount.marb Maximum receive bandwidth
  number stun.att.bandwidth_rsv_amount.masb Maximum send bandwidth
  number stun.att.bandwidth_rsv_amount.mirb Minimum receive bandwidth
  number stun.att.bandwidth_rsv_amount.misb Minimum send bandwidth
  text stun.att.bandwidth_rsv_id Reservation ID
  number stun.att.cache-timeout Cache timeout
  number stun.att.change-request Flags
  number stun.att.channelnum Channel number
  number stun.att.connection_id Connection ID
  number stun.att.crc32 CRC-32
  number stun.att.error Number
  number stun.att.error.class Class
  number stun.att.even-port.reserve-next Reserve next
  number stun.att.family Protocol family
  text stun.att.google.last_check Transaction of the last check received
  number stun.att.google.misc_info Entry
  number stun.att.google.network_cost Network cost
  number stun.att.google.network_id Network ID
  text stun.att.hmac HMAC
  number stun.att.icmp.code ICMP code
  text stun.att.icmp.data Error data
  number stun.att.icmp.type ICMP type
  ipv4 stun.att.ipv4 IP
  ipv6 stun.att.ipv6 IP
  number stun.att.length Length
  number stun.att.lp.federation Federation
  number stun.att.lp.peer_location Peer location
  number stun.att.lp.seft_location Own location
  number stun.att.magic_cookie Magic cookie
  text stun.att.mobility_ticket Ticket
  text stun.att.ms.alternate_host Host name
  text stun.att.ms.connection_id Connection ID
  text stun.att.ms.foundation Foundation
  text stun.att.ms.multiplexed_turn_session_id Session ID
  number stun.att.ms.sequence_number Sequence number
  number stun.att.ms.service_quality Service quality
  number stun.att.ms.stream_type Stream type
  number stun.att.ms.version Version
  number stun.att.ms.version.ice Implementation
  number stun.att.nomination Nomination
  text stun.att.origin Origin
  text stun.att.padding Padding
  text stun.att.padding-value Padding
  text stun.att.password Password
  number stun.att.port Port
  number stun.att.pw_alg Algorithm
  text stun.att.pw_alg_data Parameters
  number stun.att.pw_alg_len Parameter length
  text stun.att.reserved Reserved
  number stun.att.retransmit_count Retransmissions
  text stun.att.sip_call_id SIP Call-ID
  text stun.att.sip_dialog_id SIP dialog ID
  text stun.att.third_party Authorization server
  text stun.att.tie-breaker Tie breaker
  number stun.att.timer_val Timer
  text stun.att.token Token
  number stun.att.transmit_counter.request Requests
  number stun.att.transmit_counter.response Responses
  number stun.att.transp Transport
  number stun.att.type Type
  number stun.att.unknown Attribute
  text stun.att.userhash SHA-256 of user name and realm
  node stun.attribute Attribute
  node stun.attributes Attributes
  text stun.channel.data Application data
  text stun.channel.padding Padding
  text stun.cookie Magic cookie
  text stun.data Data
  text stun.frame.data RTP, RTCP or DTLS
  text stun.id Transaction ID
  number stun.length Message length
  number stun.tcp_frame_length Frame length
  text stun.trailing After the message
  text stun.value Value
`),
];
