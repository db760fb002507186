/** What the display filter can ask of RTP. */
import { fieldLines, type FilterField } from '../../base/filter-field.ts';
import type { RtpColumns } from './rtp.ts';

export const rtpFields: readonly FilterField<RtpColumns>[] = [
  { id: 'rtp.ssrc', label: 'Synchronization source', type: 'number', column: (c, row) => c.ssrc.get(row) },
  { id: 'rtp.timestamp', label: 'Timestamp', type: 'number', column: (c, row) => c.timestamp.get(row) },
  { id: 'rtp.seq', label: 'Sequence number', type: 'number', column: (c, row) => c.sequence.get(row) },
  { id: 'rtp.p_type', label: 'Payload type', type: 'number', column: (c, row) => c.payloadType.get(row) & 0x7f },
  { id: 'rtp.marker', label: 'Marker', type: 'boolean', column: (c, row) => c.payloadType.get(row) >> 7 },
  ...fieldLines(`
  number rtp.cc Contributing source count
  number rtp.csrc.item CSRC
  text rtp.csrc.items Contributing sources
  boolean rtp.ext Extension
  number rtp.ext.len Extension length
  text rtp.ext.padding Padding
  number rtp.ext.profile Defined by profile
  node rtp.ext.rfc5285 Element 2
  number rtp.ext.rfc5285.appbits Application bits
  text rtp.ext.rfc5285.data Data
  number rtp.ext.rfc5285.id Identifier
  number rtp.ext.rfc5285.len Length
  number rtp.hdr_ext Data
  node rtp.hdr_exts Header extension
  boolean rtp.padding Padding
  number rtp.padding.count Padding count
  text rtp.padding.data Padding data
  text rtp.payload Payload
  text srtp.auth_tag Authentication tag
  text srtp.enc_payload Encrypted payload
  text srtp.mki Master key identifier
  number rtp.version Version
`),
];
