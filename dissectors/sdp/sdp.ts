/** SDP: session descriptions (RFC 8866) as offers and answers carry them (RFC 3264). */
import type { Dissector } from '../dissector.ts';
import { SDP_COLUMNS, type SdpColumns } from './columns.ts';
import { describeSdp } from './describe-sdp.ts';
import { dissectSdp } from './dissect-sdp.ts';
import { sdpFields } from './fields.ts';
import { summarizeSdp } from './summarize-sdp.ts';

export {
  SDP_COLUMNS,
  SDP_DIRECTIONS,
  SDP_SETUPS,
  type SdpColumns,
  SdpDirection,
  SdpFlag,
  SdpSetup,
} from './columns.ts';

export const sdp: Dissector<SdpColumns> = {
  id: 'sdp',
  label: 'SDP',
  specs: [
    'RFC 8866',
    'RFC 3264',
    'RFC 3551',
    'RFC 3605',
    'RFC 4145',
    'RFC 4568',
    'RFC 5576',
    'RFC 5761',
    'RFC 8122',
    'RFC 8839',
    'RFC 9143',
  ],
  claims: [{ kind: 'media-type', type: 'application/sdp' }],
  columns: SDP_COLUMNS,
  fields: sdpFields,
  dissect: dissectSdp,
  summarize: summarizeSdp,
  describe: describeSdp,
};
