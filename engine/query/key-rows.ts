import { SDP_COLUMNS } from '../../dissectors/sdp/columns.ts';
import { parseCrypto } from '../../dissectors/sdp/parse-crypto.ts';
import type { KeyRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { formatEndpoint } from '../store/addresses.ts';
import { callId } from './call-rows.ts';

/**
 * SRTP keys that SDP carries (RFC 4568), one row for each crypto line, in order of the packets. A key encrypts what
 * its author sends.
 */
export function keyRows(capture: Capture): KeyRow[] {
  const { store, calls } = capture;
  const sdp = store.layer('sdp', SDP_COLUMNS);
  if (sdp === null) return [];
  const { crypto, address, port } = sdp.rows.columns;
  const rows: KeyRow[] = [];
  for (let row = 0; row < sdp.count; row++) {
    const lines = store.strings.text(crypto.get(row));
    if (lines === '') continue;
    const sipRow = sdp.parent.get(row) - 1;
    const call = sipRow < 0 ? -1 : calls.callOfRow.get(sipRow) - 1;
    if (call < 0) continue;
    const side = calls.sideOf(calls.entries[call], sipRow) === 'caller' ? 'offer' : 'answer';
    for (const line of lines.split('\n')) {
      const parsed = parseCrypto(line);
      if (parsed === null) continue;
      rows.push({
        source: 'sdes',
        call: callId(calls.entries[call]),
        side,
        role: null,
        packet: sdp.frame.get(row) + 1,
        mediaAddress: formatEndpoint(store.strings.text(address.get(row)), port.get(row)),
        tag: parsed.tag,
        suite: parsed.suite,
        key: parsed.key,
        lifetime: parsed.lifetime,
        mki: parsed.mki,
        selected: false,
        streams: [],
        authenticated: 0,
      });
    }
  }
  return rows;
}
