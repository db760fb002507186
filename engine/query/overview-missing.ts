import type { CaptureInfo } from '../../shared/api.ts';
import type { Overview } from '../../shared/engine-api.ts';
import type { CaptureIndex } from './capture-index.ts';

type Row = Overview['missing'][number];

/** Problems of the capture itself: what they say is about what cannot be known. */
const OF_THE_CAPTURE = new Set([
  'capture-cut',
  'capture-damaged',
  'gzip-cut',
  'gzip-damaged',
  'capture-snapped',
  'capture-dropped',
  'captured-twice',
  'container-addresses',
  'container-time',
  'container-encapsulation',
  'no-signalling',
  'ip-fragments-incomplete',
  'tcp-gap',
  'stream-limit',
  'issues-omitted',
  'telephone-event-guessed',
  'codec-guessed',
  'esp-not-opened',
]);

/** What the capture does not hold, or holds only in part. */
export function missingRows({ problems, streams, calls, capture }: CaptureIndex, info: CaptureInfo): Row[] {
  const rows: Row[] = [];
  const before = problems.filter(({ code }) => code === 'call-began-before');
  if (before.length > 0) {
    const [{ call }] = before;
    const one = 'One call was under way when the capture began; its set-up time and offer are not known.';
    const many = `${before.length} calls were under way when the capture began; their set-up times and offers are not known.`;
    const label = before.length === 1 ? `Call ${call?.slice(1) ?? ''}` : 'Calls';
    const numbers = before.slice(0, 50).map((problem) => problem.call?.slice(1) ?? '0');
    const filter = `call.id in {${numbers.join(', ')}}`;
    const isOne = before.length === 1;
    rows.push({
      severity: 'note',
      text: isOne ? one : many,
      link: { label, filter: isOne ? null : filter, call: isOne ? call : null, packet: null },
    });
  }
  for (const { code, severity, message, packets } of problems) {
    if (!OF_THE_CAPTURE.has(code)) continue;
    const packet = packets.length === 0 ? null : packets[0];
    const link = packet === null ? null : { label: `#${packet}`, filter: null, call: null, packet };
    rows.push({ severity, text: message, link });
  }
  if (calls.length > 0 && streams.length === 0) {
    rows.push({ severity: 'note', text: 'The capture has no RTP, so nothing can be said of audio.', link: null });
  }
  const closedEsp = capture.pass.esp === null ? (info.protocols['esp'] ?? 0) : 0;
  if (closedEsp > 0) {
    const packets = closedEsp === 1 ? '1 packet of ESP is' : `${closedEsp} packets of ESP are`;
    rows.push({ severity: 'note', text: `${packets} closed: the keys of the tunnel open them.`, link: null });
  }
  if (!info.truncated) rows.push({ severity: 'ok', text: 'The file is whole.', link: null });
  if (capture.reader.extras.droppedFrames === 0) {
    rows.push({ severity: 'ok', text: 'The capturing system dropped no packet.', link: null });
  }
  return rows;
}
