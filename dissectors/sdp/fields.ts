/** What the display filter can ask of SDP. */
import { fieldLines, type FilterField } from '../../base/filter-field.ts';
import type { SdpColumns } from './columns.ts';

const LINES = fieldLines(`
  text sdp.bandwidth Bandwidth (b)
  text sdp.bandwidth.modifier Modifier
  text sdp.bandwidth.value Value
  number sdp.channels Channels
  text sdp.connection_info Connection (c)
  text sdp.connection_info.address Address
  text sdp.connection_info.address_type Address type
  text sdp.connection_info.network_type Network type
  text sdp.connection_info.num_addr Number of addresses
  text sdp.connection_info.ttl TTL
  text sdp.crypto.crypto_suite Suite
  text sdp.crypto.lifetime Lifetime
  text sdp.crypto.master_key Master key
  text sdp.crypto.master_salt Master salt
  text sdp.crypto.mki-valu MKI
  text sdp.crypto.session_parameter Session parameter
  number sdp.crypto.tag Tag
  text sdp.email E-mail address (e)
  text sdp.empty_line Empty line
  text sdp.encryption_key Encryption key (k)
  text sdp.extmap.direction Header extension direction
  text sdp.extmap.id Header extension ID
  text sdp.extmap.uri Header extension
  text sdp.fingerprint.hash Hash function
  text sdp.fingerprint.value Fingerprint
  text sdp.fmtp.parameter Parameters
  text sdp.group.mid Grouped media section
  text sdp.group.semantics Group semantics
  text sdp.ice_candidate.address Candidate address
  text sdp.ice_candidate.componentid Candidate component
  text sdp.ice_candidate.extension Candidate extension
  text sdp.ice_candidate.foundation Candidate foundation
  text sdp.ice_candidate.port Candidate port
  text sdp.ice_candidate.priority Candidate priority
  text sdp.ice_candidate.transport Candidate transport
  text sdp.ice_candidate.typ Candidate keyword
  text sdp.ice_candidate.type Candidate type
  text sdp.invalid Invalid line
  node sdp.key_and_salt Key parameters
  text sdp.media Media (m)
  text sdp.media.format Format
  text sdp.media.media Media type
  number sdp.media.port Port
  text sdp.media.portcount Number of ports
  text sdp.media.proto Protocol
  text sdp.media_attr Media attribute (a)
  text sdp.media_attribute.field Name
  text sdp.media_attribute.value Value
  text sdp.media_title Media title (i)
  text sdp.mime.type Encoding
  text sdp.owner Origin (o)
  text sdp.owner.address Address
  text sdp.owner.address_type Address type
  text sdp.owner.network_type Network type
  text sdp.owner.sessionid Session ID
  text sdp.owner.username User name
  text sdp.owner.version Session version
  text sdp.phone Phone number (p)
  text sdp.repeat_time Repeat time (r)
  number sdp.rtcp.port RTCP port
  text sdp.sample_rate Clock rate, Hz
  text sdp.session_attr Session attribute (a)
  text sdp.session_attr.field Name
  text sdp.session_attr.value Value
  text sdp.session_info Session information (i)
  text sdp.session_name Session name (s)
  text sdp.ssrc.attribute Source attribute
  number sdp.ssrc.id SSRC
  text sdp.time Time (t)
  text sdp.time.start Start
  text sdp.time.stop Stop
  text sdp.timezone Time zones (z)
  text sdp.unknown Unknown
  text sdp.uri URI (u)
  text sdp.version Version (v)
`);

/** Shown in hexadecimal, or as numbers read anew. */
const DECODED_FIELDS = /^sdp\.(crypto|empty_line)/;

export const sdpFields: readonly FilterField<SdpColumns>[] = LINES.map((field) => ({
  ...field,
  isVerbatim: field.type === 'text' && !DECODED_FIELDS.test(field.id),
}));
