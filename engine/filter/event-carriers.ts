import type { Capture } from '../capture.ts';

/** Encodings of RTP payloads that other dissectors read further (RFC 4733). */
const READ_FURTHER = new Set(['telephone-event', 'tone']);

/** Tells RTP rows whose payload may be a telephone-event or a tone. */
export function eventCarriers({ streams }: Capture): (row: number) => boolean {
  const { rtp, streamOfRow, candidates } = streams;
  const { payloadType } = rtp.rows.columns;
  const types = candidates.map((stream) => {
    if (stream.isSealed) return null;
    const carried = stream.payloadTypes.filter((type) => {
      const name = stream.payloads.encodings[type]?.name.toLowerCase() ?? '';
      return READ_FURTHER.has(name) || stream.guessedEvents.includes(type);
    });
    return carried.length === 0 ? null : carried;
  });
  return (row) => types[streamOfRow.get(row) - 1]?.includes(payloadType.get(row) & 0x7f) ?? false;
}
