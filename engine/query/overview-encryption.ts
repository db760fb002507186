import type { Overview } from '../../shared/engine-api.ts';
import type { Stream } from '../trackers/streams/stream.ts';

type Row = Overview['encryption'][number];

/** How streams are encrypted, a row for each way, then those that are not. */
export function encryptionRows(streams: readonly Stream[]): Row[] {
  const groups = new Map<string, Row & { count: number }>();
  let clear = 0;
  for (const { encryption } of streams) {
    if (encryption === null) {
      clear++;
      continue;
    }
    const { keySource, suite, evidence } = encryption;
    const label =
      keySource === 'sdes'
        ? `SRTP, keys in the SDP${suite === null ? '' : `, ${suite}`}`
        : keySource === 'dtls'
          ? 'DTLS-SRTP, no secret'
          : evidence === 'payload'
            ? 'Payload looks encrypted, nothing announces it'
            : 'SRTP, nothing says how keys are agreed';
    const group = groups.get(label);
    if (group !== undefined) group.count++;
    else groups.set(label, { kind: 'locked', label, detail: '', severity: 'warning', filter: null, count: 1 });
  }
  const rows: Row[] = [...groups.values()].map(({ count, ...row }) => ({
    ...row,
    detail: `${streamsText(count)}, not decrypted by this version`,
  }));
  if (clear > 0) {
    const detail = streamsText(clear);
    rows.push({ kind: 'clear', label: 'RTP in clear', detail, severity: null, filter: null });
  }
  return rows;
}

function streamsText(count: number): string {
  return count === 1 ? '1 stream' : `${count} streams`;
}
