/** What the display filter can ask of TLS and DTLS. Both have the same fields under their own name. */
import { ABSENT, fieldLines, type FilterField, UNKNOWN } from '../../base/filter-field.ts';
import { type RecordColumns, RecordFlag } from './columns.ts';
import { ContentType } from './records.ts';

type RecordField = FilterField<RecordColumns>;

/** What every record has in its columns. */
function recordFields(protocol: 'tls' | 'dtls'): RecordField[] {
  return [
    {
      id: `${protocol}.record.content_type`,
      label: 'Content type',
      type: 'number',
      column: (c, row) => c.contentType.get(row) || ABSENT,
    },
    {
      id: `${protocol}.record.version`,
      label: 'Version',
      type: 'number',
      column: (c, row) => c.version.get(row) || ABSENT,
    },
    { id: `${protocol}.handshake.type`, label: 'Handshake type', type: 'number', column: handshakeType },
    {
      id: `${protocol}.alert_message.level`,
      label: 'Level',
      type: 'number',
      column: (c, row) => (isPlain(c, row, ContentType.Alert) ? c.alertLevel.get(row) : ABSENT),
    },
    {
      id: `${protocol}.alert_message.desc`,
      label: 'Description',
      type: 'number',
      column: (c, row) => (isPlain(c, row, ContentType.Alert) ? c.alertDescription.get(row) : ABSENT),
    },
  ];
}

type Reading = Parameters<NonNullable<RecordField['column']>>[0];

function isPlain(c: Reading, row: number, contentType: number): boolean {
  return c.contentType.get(row) === contentType && (c.flags.get(row) & RecordFlag.Encrypted) === 0;
}

/** The column has the first message's type only. */
function handshakeType(c: Reading, row: number): number {
  if (!isPlain(c, row, ContentType.Handshake)) return ABSENT;
  return (c.flags.get(row) & RecordFlag.SeveralMessages) === 0 ? c.handshakeType.get(row) : UNKNOWN;
}

/** Of both protocols, without their name. */
const TREE_FIELDS = `
  node alert_message Alert
  text app_data Application data
  text change_cipher_spec Change Cipher Spec
  text connection_id Connection ID
  number connection_id_length Connection ID length
  text data Data
  number early_data.max_early_data_size Maximum early data size
  text enc_content Encrypted content
  number extension.psk_ke_mode PSK key exchange mode
  number extension.psk_ke_modes_length Modes length
  node handshake Handshake
  text handshake.body Body
  number handshake.cert_type Certificate type
  number handshake.cert_types_count Certificate types count
  octets handshake.certificate Certificate
  text handshake.certificate.der Certificate in DER
  number handshake.certificate_length Certificate length
  text handshake.certificate_request_context Certificate request context
  number handshake.certificate_request_context_length Context length
  number handshake.certificates_length Certificates length
  number handshake.cipher_suites_length Cipher suites length
  number handshake.ciphersuite Cipher suite
  node handshake.ciphersuites Cipher suites
  text handshake.client_key_exchange Key exchange
  text handshake.client_cert_vrfy.sig Signature
  number handshake.client_cert_vrfy.sig_len Signature length
  text handshake.client_point Client's public key
  number handshake.client_point_len Public key length
  number handshake.comp_method Compression method
  number handshake.comp_methods_length Compression methods length
  text handshake.cookie Cookie
  number handshake.cookie_length Cookie length
  text handshake.dname Distinguished name
  number handshake.dname_len Distinguished name length
  number handshake.dnames_len Distinguished names length
  text handshake.epms Encrypted premaster secret, public key or PSK identity
  number handshake.epms_len Length
  node handshake.extension Extension
  text handshake.extension.data Data
  number handshake.extension.len Length
  number handshake.extension.type Type
  text handshake.extensions.cookie Cookie
  number handshake.extensions.cookie_len Cookie length
  text handshake.extensions.psk.binders Binders
  number handshake.extensions.psk.binders_len Binders length
  number handshake.extensions.psk.identities.length Identities length
  text handshake.extensions.psk.identity.identity Identity
  number handshake.extensions.psk.identity.identity_length Identity length
  number handshake.extensions.psk.identity.obfuscated_ticket_age Obfuscated ticket age
  number handshake.extensions.psk.identity.selected Selected identity
  number handshake.extensions.supported_version Supported version
  number handshake.extensions.supported_versions_len Versions length
  number handshake.extensions_alpn_len List length
  text handshake.extensions_alpn_str Protocol
  number handshake.extensions_alpn_str_len Length
  number handshake.extensions_ec_point_format EC point format
  number handshake.extensions_ec_point_formats_length Formats length
  node handshake.extensions_key_share Key share
  number handshake.extensions_key_share_client_length Shares length
  number handshake.extensions_key_share_group Group
  text handshake.extensions_key_share_key_exchange Key exchange
  number handshake.extensions_key_share_key_exchange_length Length
  number handshake.extensions_key_share_selected_group Selected group
  number handshake.extensions_length Extensions length
  text handshake.extensions_padding_data Padding
  text handshake.extensions_reneg_info Renegotiation info
  number handshake.extensions_reneg_info_len Length
  text handshake.extensions_server_name Server name
  number handshake.extensions_server_name_len Length
  number handshake.extensions_server_name_list_len List length
  number handshake.extensions_server_name_type Type
  number handshake.extensions_status_request_type Status type
  number handshake.extensions_supported_group Group
  number handshake.extensions_supported_groups_length Groups length
  text handshake.fragment Fragment
  text handshake.g g
  number handshake.g_len g length
  text handshake.hint PSK hint
  number handshake.hint_len PSK hint length
  number handshake.key_update.request_update Request update
  number handshake.length Length
  text handshake.ocsp_response OCSP response
  number handshake.ocsp_response_len OCSP response length
  text handshake.p p
  number handshake.p_len p length
  text handshake.random Random
  number handshake.server_curve_type Curve type
  text handshake.server_key_exchange Key exchange
  number handshake.server_named_curve Named curve
  text handshake.server_point Server's public key
  number handshake.server_point_len Public key length
  text handshake.session_id Session ID
  number handshake.session_id_length Session ID length
  text handshake.session_ticket Ticket
  number handshake.session_ticket_age_add Age add
  number handshake.session_ticket_length Ticket length
  number handshake.session_ticket_lifetime_hint Lifetime
  text handshake.session_ticket_nonce Nonce
  number handshake.session_ticket_nonce_length Nonce length
  text handshake.sig Signature
  number handshake.sig_hash_alg Signature algorithm
  number handshake.sig_hash_alg_len Algorithms length
  number handshake.sig_len Signature length
  text handshake.verify_data Verify data
  number handshake.version Version
  text handshake.ys Public key
  number handshake.ys_len Public key length
  node record Record
  number record.length Length
  number record_size_limit Record size limit
  text trailing Not a record
  text use_srtp.mki MKI
  number use_srtp.mki_length MKI length
  number use_srtp.protection_profile SRTP protection profile
  number use_srtp.protection_profiles_length Profiles length
`;

const CERTIFICATE_FIELDS = fieldLines(`
  text x509af.issuer Issuer
  text x509af.notAfter Valid until
  text x509af.notBefore Valid from
  boolean x509af.self_signed Subject is issuer
  text x509af.serialNumber Serial number
  text x509af.signature Signature algorithm
  text x509af.subject Subject
  text x509af.subjectPublicKey Public key
  text x509ce.dNSName DNS name
  text x509ce.iPAddress IP address
`);

const DTLS_ONLY = fieldLines(`
  number dtls.ack.length Record numbers length
  text dtls.ack.record_number Record
  number dtls.handshake.fragment_length Fragment length
  number dtls.handshake.fragment_offset Fragment offset
  text dtls.record.connection_id Connection ID
  number dtls.record.sequence_suffix Sequence number, encrypted
  number dtls.unified_header Unified header
  boolean dtls.unified_header.cid Connection ID present
  boolean dtls.unified_header.length Length present
  boolean dtls.unified_header.seq Sequence number of 16 bits
`);

function treeFields(protocol: 'tls' | 'dtls'): readonly FilterField[] {
  return fieldLines(TREE_FIELDS).map((field) => ({ ...field, id: `${protocol}.${field.id}` }));
}

export const tlsFields: readonly RecordField[] = [...recordFields('tls'), ...treeFields('tls'), ...CERTIFICATE_FIELDS];

export const dtlsFields: readonly RecordField[] = [
  ...recordFields('dtls'),
  { id: 'dtls.record.epoch', label: 'Epoch', type: 'number', column: (c, row) => c.epoch.get(row) },
  {
    id: 'dtls.record.sequence_number',
    label: 'Sequence number',
    type: 'number',
    column: (c, row) => ((c.flags.get(row) & RecordFlag.Unified) !== 0 ? ABSENT : c.sequence.get(row)),
  },
  {
    id: 'dtls.handshake.message_seq',
    label: 'Message sequence',
    type: 'number',
    column: (c, row) => (handshakeType(c, row) >= 0 ? c.messageSequence.get(row) : handshakeType(c, row)),
  },
  ...treeFields('dtls'),
  ...DTLS_ONLY,
  ...CERTIFICATE_FIELDS,
];
