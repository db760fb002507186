/** What the display filter can ask of SIP. */
import { ABSENT, fieldLines, type FilterField, UNKNOWN } from '../../base/filter-field.ts';
import { type SipColumns, SipFlag, UNREADABLE_STATUS } from './columns.ts';
import { HEADER_NAMES, headerFieldName, NUMBER_FIELDS, PARTY_FIELDS } from './header-fields.ts';
import { SIP_METHODS } from './methods.ts';

/** What columns hold. A method that has no number is in the message only, and so is what could not be read. */
const COLUMN_FIELDS: readonly FilterField<SipColumns>[] = [
  {
    id: 'sip.Method',
    label: 'Method',
    type: 'text',
    names: SIP_METHODS,
    column: (c, row) => (c.status.get(row) !== 0 ? ABSENT : c.method.get(row) || UNKNOWN),
  },
  {
    id: 'sip.Status-Code',
    label: 'Status-Code',
    type: 'number',
    column: ({ status }, row) => {
      const code = status.get(row);
      return code === 0 ? ABSENT : code === UNREADABLE_STATUS ? UNKNOWN : code;
    },
  },
  {
    id: 'sip.Reason-Phrase',
    label: 'Reason-Phrase',
    type: 'text',
    column: (c, row) => (c.status.get(row) === 0 ? ABSENT : c.reason.get(row) || UNKNOWN),
  },
  {
    id: 'sip.r-uri',
    label: 'Request-URI',
    type: 'text',
    column: (c, row) => (c.status.get(row) !== 0 ? ABSENT : c.requestUri.get(row) || UNKNOWN),
  },
  { id: 'sip.Call-ID', label: 'Call-ID', type: 'text', column: (c, row) => c.callId.get(row) || UNKNOWN },
  { id: 'sip.CSeq.seq', label: 'CSeq sequence number', type: 'number', column: (c, row) => c.cseq.get(row) || UNKNOWN },
  {
    id: 'sip.CSeq.method',
    label: 'CSeq method',
    type: 'text',
    names: SIP_METHODS,
    column: (c, row) => c.cseqMethod.get(row) || UNKNOWN,
  },
  { id: 'sip.from.tag', label: 'From tag', type: 'text', column: (c, row) => c.fromTag.get(row) || ABSENT },
  { id: 'sip.to.tag', label: 'To tag', type: 'text', column: (c, row) => c.toTag.get(row) || ABSENT },
  {
    id: 'sdp',
    label: 'SDP',
    type: 'protocol',
    column: ({ flags }, row) => ((flags.get(row) & SipFlag.sdp) !== 0 ? 1 : ABSENT),
  },
];

const TREE_FIELDS = fieldLines(`
  text sip.RAck.CSeq.method CSeq method
  number sip.RAck.CSeq.seq CSeq sequence number
  number sip.RAck.RSeq.seq RSeq sequence number
  text sip.Request-Line Request-Line
  text sip.Status-Line Status-Line
  text sip.Via.branch branch
  text sip.Via.parameter Parameter
  text sip.Via.comp comp
  text sip.Via.maddr maddr
  text sip.Via.oc oc
  text sip.Via.received received
  text sip.Via.sigcomp-id sigcomp-id
  text sip.Via.ttl ttl
  text sip.Via.rport rport
  text sip.Via.sent-by.address Sent-by address
  number sip.Via.sent-by.port Sent-by port
  text sip.Via.transport Transport
  text sip.auth.algorithm algorithm
  text sip.auth.cnonce cnonce
  text sip.auth.digest.response response
  text sip.auth.nc nc
  text sip.auth.nonce nonce
  text sip.auth.opaque opaque
  text sip.auth.qop qop
  text sip.auth.realm realm
  text sip.auth.scheme Scheme
  text sip.auth.stale stale
  text sip.auth.uri uri
  text sip.auth.username username
  text sip.auth.domain domain
  text sip.auth.auts auts
  text sip.auth.rspauth rspauth
  text sip.auth.nextnonce nextnonce
  text sip.auth.ik ik
  text sip.auth.ck ck
  text sip.auth.parameter Parameter
  text sip.body_data Data
  text sip.continuation After the message
  text sip.data Not a SIP message
  text sip.empty_lines Empty lines
  text sip.header_no_colon Line without a header name
  text sip.keep_alive Keep-alive
  octets sip.msg_body Message body
  octets sip.msg_hdr Message header
  text sip.r-uri.headers Headers
  text sip.r-uri.host Host
  text sip.r-uri.param Parameter
  text sip.r-uri.password Password
  text sip.r-uri.port Port
  text sip.r-uri.user User
  number sip.reason_cause_q850 Cause
  number sip.reason_cause_sip Cause
  number sip.reason_cause_other Cause
  text sip.reason_parameter Parameter
  text sip.reason_protocols Protocol
  text sip.reason_text Text
  text sip.unrecognized_header Header field that is not known
  text mime_multipart.header Header
  text mime_multipart.boundary Boundary
  text mime_multipart.part Part
`);

const PARTY_PARTS: readonly (readonly [string, FilterField['type'], string])[] = [
  ['display.info', 'text', 'display name'],
  ['user', 'text', 'user'],
  ['password', 'text', 'password'],
  ['host', 'text', 'host'],
  ['port', 'number', 'port'],
  ['param', 'text', 'URI parameter'],
  ['headers', 'text', 'URI headers'],
  ['parameter', 'text', 'parameter'],
  ['tag', 'text', 'tag'],
];

function partyFields(): FilterField[] {
  return [...PARTY_FIELDS].flatMap(([header, { prefix, uri }]) => [
    { id: `${prefix}.${uri}`, label: `${header} URI`, type: 'text' as const },
    ...PARTY_PARTS.map(([part, type, label]) => ({ id: `${prefix}.${part}`, label: `${header} ${label}`, type })),
  ]);
}

function headerFields(): FilterField[] {
  return HEADER_NAMES.map((name) => ({
    id: headerFieldName(name),
    label: name,
    type: NUMBER_FIELDS.has(name) ? ('number' as const) : ('text' as const),
  }));
}

/** Shown in hexadecimal. */
const HEX_FIELDS = new Set(['sip.keep_alive', 'sip.empty_lines']);

const known = new Set(COLUMN_FIELDS.map(({ id }) => id));
export const sipFields: readonly FilterField<SipColumns>[] = [
  ...COLUMN_FIELDS,
  ...[...headerFields(), ...partyFields(), ...TREE_FIELDS]
    .filter(({ id }) => !known.has(id))
    .map((field) => ({
      ...field,
      isVerbatim: (field.type === 'text' || field.type === 'octets') && !HEX_FIELDS.has(field.id),
    })),
];
