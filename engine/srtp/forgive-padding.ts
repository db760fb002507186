import { rtpColumns } from '../../dissectors/rtp/rtp.ts';
import type { Capture } from '../capture.ts';

/** In SRTP the octet that would be the padding's count is encrypted (RFC 3711 section 3.1): that it fits nothing is no fault. */
export function forgivePadding({ store, streams }: Capture): void {
  if (streams.streams.every(({ encryption }) => encryption === null)) return;
  const rtp = store.layer('rtp', rtpColumns);
  if (rtp === null) return;
  store.issues.remove((code, frame) => {
    if (code !== 'rtp-bad-padding') return false;
    const row = rtp.firstRowOf(frame);
    if (row >= rtp.count || rtp.frame.get(row) !== frame) return false;
    const stream = streams.candidates[streams.streamOfRow.get(row) - 1];
    return stream !== undefined && stream.encryption !== null;
  });
}
