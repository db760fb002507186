import type { Overview, Severity } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { mosOf } from '../quality/rating.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { streamId } from './stream-rows.ts';

type Quality = Overview['quality'];
type Class = { from: number; to: number | null; label: string; severity: Severity | 'ok' };

/** How many streams sounded how: by MOS where at least one can be rated, else by loss. */
export function qualityAtAGlance(capture: Capture, streams: readonly Stream[]): Quality {
  return byMos(capture, streams) ?? byLoss(streams);
}

/** ITU-T G.107 table B.1 (the categories of G.109), the worst first; each goes from `from` to less than `to`. */
const MOS_CLASSES: readonly Class[] = [
  { from: 1, to: 2.58, label: 'not recommended', severity: 'error' },
  { from: 2.58, to: 3.1, label: 'nearly all users dissatisfied', severity: 'error' },
  { from: 3.1, to: 3.6, label: 'many users dissatisfied', severity: 'warning' },
  { from: 3.6, to: 4.02, label: 'some users dissatisfied', severity: 'note' },
  { from: 4.02, to: 4.34, label: 'satisfied', severity: 'ok' },
  { from: 4.34, to: null, label: 'very satisfied', severity: 'ok' },
];

function byMos(capture: Capture, streams: readonly Stream[]): Quality | null {
  const buckets = MOS_CLASSES.map((bucket) => ({ ...bucket, count: 0 }));
  let rated = 0;
  let wideband = 0;
  let worst: { id: string; value: number } | null = null;
  for (const stream of streams) {
    const mos = mosOf(capture, stream);
    if (mos === null) continue;
    rated++;
    if (mos.model === 'G.107.1') wideband++;
    const bucket = buckets.findLast(({ from }) => mos.value >= from) ?? buckets[0];
    bucket.count++;
    if (worst === null || mos.value < worst.value) worst = { id: streamId(stream), value: mos.value };
  }
  if (worst === null) return null;
  const apart = wideband === 0 || wideband === rated ? '' : `, ${wideband} of them on the wideband scale`;
  const summary = `${rated} of ${countOf(streams.length, 'stream')} can be rated${apart}; the worst is ${worst.id} with MOS ${worst.value.toFixed(2)}. ${lossText(streams)}`;
  return { by: 'mos', buckets, summary };
}

/** Classes of loss, the worst first; each goes from more than `from` to `to` per cent. */
const LOSS_CLASSES: readonly Class[] = [
  { from: 5, to: null, label: 'more than 5 %', severity: 'error' },
  { from: 2, to: 5, label: '2 to 5 %', severity: 'warning' },
  { from: 1, to: 2, label: '1 to 2 %', severity: 'warning' },
  { from: 0.1, to: 1, label: '0.1 to 1 %', severity: 'note' },
  { from: 0, to: 0.1, label: 'up to 0.1 %', severity: 'ok' },
  { from: -1, to: 0, label: 'none', severity: 'ok' },
];

/** Lost of expected packets, percent. */
export function lossOf({ figures }: Stream): number {
  const gaps = figures?.gaps;
  return gaps === undefined || gaps.expected === 0 ? 0 : (gaps.lost * 100) / gaps.expected;
}

function byLoss(streams: readonly Stream[]): Quality {
  const buckets = LOSS_CLASSES.map((bucket) => ({ ...bucket, count: 0 }));
  for (const stream of streams) {
    const percent = lossOf(stream);
    const bucket = buckets.find(({ from }) => percent > from);
    if (bucket !== undefined) bucket.count++;
  }
  return { by: 'loss', buckets: buckets.map((b) => ({ ...b, from: Math.max(0, b.from) })), summary: lossText(streams) };
}

function lossText(streams: readonly Stream[]): string {
  if (streams.length === 0) return 'There are no RTP streams.';
  let expected = 0;
  let lost = 0;
  let worst = 0;
  for (const stream of streams) {
    expected += stream.figures?.gaps.expected ?? 0;
    lost += stream.figures?.gaps.lost ?? 0;
    worst = Math.max(worst, lossOf(stream));
  }
  if (lost === 0) return `No packet of ${countOf(streams.length, 'stream')} is missing.`;
  return `${lost} of ${expected} packets are missing, ${worst.toFixed(1)} % in the worst stream.`;
}

function countOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
