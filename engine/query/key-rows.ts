import { base64Of } from '../../base/octet-text.ts';
import { SDP_COLUMNS } from '../../dissectors/sdp/columns.ts';
import type { KeyRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { type SdesKey, sdesKeys } from '../keys/sdes-keys.ts';
import { formatEndpoint } from '../store/addresses.ts';
import { callId } from './call-rows.ts';
import { streamId } from './stream-rows.ts';

/**
 * SRTP keys: those that SDP carries (RFC 4568), one row for each key of a crypto line in order of the packets, those that
 * DTLS agreed on (RFC 5764), and those entered by hand. A key opens what its own side sends.
 */
export function keyRows(capture: Capture): KeyRow[] {
  const keys = capture.opened.ring?.all ?? sdesKeys(capture.store, capture.calls);
  const streams = new Map<MediaKey, string[]>();
  for (const stream of capture.streams.streams) {
    for (const key of stream.encryption?.opening?.keys ?? []) {
      const list = streams.get(key);
      if (list === undefined) streams.set(key, [streamId(stream)]);
      else list.push(streamId(stream));
    }
  }
  return keys.map((key) => keyRow(capture, key, streams.get(key) ?? []));
}

function keyRow(capture: Capture, key: MediaKey, streams: string[]): KeyRow {
  const { policy, call, side, tag } = key;
  const octets = new Uint8Array(policy.masterKey.length + policy.masterSalt.length);
  octets.set(policy.masterKey);
  octets.set(policy.masterSalt, policy.masterKey.length);
  const authenticated = capture.opened.authenticated.get(key) ?? 0;
  return {
    source: key.source,
    call: call < 0 ? null : callId(capture.calls.entries[call]),
    side: side === 'offer' || side === 'answer' ? side : null,
    role: side === 'client' || side === 'server' ? side : null,
    packet: key.frame < 0 ? null : key.frame + 1,
    mediaAddress: mediaAddress(capture, key),
    tag: tag < 0 ? null : tag,
    suite: policy.suite.name,
    key: base64Of(octets),
    lifetime: key.lifetime,
    mki: policy.mki.length === 0 ? null : String(policy.mki.reduce((value, octet) => value * 256n + BigInt(octet), 0n)),
    selected: authenticated > 0 || streams.length > 0 || (isSdes(key) && key.isAgreed),
    streams,
    authenticated,
  };
}

function isSdes(key: MediaKey): key is SdesKey {
  return key.source === 'sdes';
}

/** Where the side whose packets the key opens has its media; of a key entered by hand, what it was entered for. */
function mediaAddress({ store }: Capture, key: MediaKey): string | null {
  if (key.flow !== 0) return store.flows.sourceEndpoint(key.flow);
  if (key.sdpRow < 0) return key.scope?.endpoint ?? null;
  const sdp = store.layer('sdp', SDP_COLUMNS);
  if (sdp === null) return null;
  const { address, port } = sdp.rows.columns;
  return formatEndpoint(store.strings.text(address.get(key.sdpRow)), port.get(key.sdpRow));
}
