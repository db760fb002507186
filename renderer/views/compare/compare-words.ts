/** What the view of comparisons says, in words. */
import type {
  CompareDelay,
  CompareDifference,
  ComparePoint,
  CompareProgress,
  CompareRow,
  DifferenceKind,
} from '../../../shared/compare.ts';
import { countOf, formatBytes, formatCount, formatNumber, UNKNOWN } from '../../model/format/numbers.ts';
import type { CompareRequest } from '../../model/compare-state.ts';
import { lossTone } from '../../widgets/grid/figures.ts';
import type { Glyph } from '../../widgets/severity.tsx';

export const KINDS: Record<DifferenceKind, { readonly word: string; readonly glyph: Glyph }> = {
  lost: { word: 'lost', glyph: 'error' },
  missed: { word: 'missed at A', glyph: 'incomplete' },
  reordered: { word: 'overtaken', glyph: 'warning' },
  slow: { word: 'slow', glyph: 'warning' },
  changed: { word: 'changed', glyph: 'note' },
};

/** Lost between the points, of all that A saw and B could have. */
export function lostPercent({ lostBetween, both }: Pick<CompareRow, 'lostBetween' | 'both'>): number {
  const sent = lostBetween + both;
  return sent === 0 ? 0 : (lostBetween * 100) / sent;
}

/** How grave a comparison is. */
export function graveness(row: Pick<CompareRow, 'lostBetween' | 'both'>): 'ok' | 'note' | 'warning' | 'error' {
  if (row.lostBetween === 0) return 'ok';
  const tone = lossTone(lostPercent(row));
  return tone === 'err' ? 'error' : tone === 'warn' ? 'warning' : 'note';
}

/** `17.54`; `+14.41` counts from the fastest packet. */
export function delayText(delay: CompareDelay | null, which: 'minMs' | 'medianMs' | 'p95Ms' | 'maxMs'): string {
  if (delay === null) return UNKNOWN;
  return `${delay.kind === 'relative' ? '+' : ''}${formatNumber(delay[which], 2)}`;
}

/** What two clocks mean for delays; null where one clock saw both. */
export function clockWords({ delay, a, b }: Pick<CompareRow, 'delay' | 'a' | 'b'>): string | null {
  if (delay === null || delay.kind === 'absolute') return null;
  const { clockOffsetSeconds: offset, driftPpm: drift } = delay;
  const ahead =
    offset === null || Math.abs(offset) < 0.0005
      ? `The clock of B (${b.capture}) and that of A (${a.capture}) agree to the millisecond, the fastest way included`
      : `The clock of B (${b.capture}) is ${formatNumber(Math.abs(offset), 3)} s ${offset > 0 ? 'ahead of' : 'behind'} that of A (${a.capture}), the fastest way included`;
  const drifts =
    drift === null || Math.abs(drift) < 0.05
      ? ''
      : `, and ${drift > 0 ? 'gains' : 'loses'} ${formatNumber(Math.abs(drift), 1)} µs a second`;
  return `Two captures have two clocks: delays are what a packet took beyond the fastest. ${ahead}${drifts}.`;
}

/** Packets seen, and what of them is out of the ordinary. */
export function packetNotes({ duplicates, outOfOrder, outside }: ComparePoint): string {
  const notes = [
    duplicates > 0 ? `${formatCount(duplicates)} of them repeats` : '',
    outOfOrder > 0 ? `${formatCount(outOfOrder)} out of order` : '',
    outside > 0 ? `${formatCount(outside)} before or after the other` : '',
  ];
  return notes.filter(Boolean).join(', ');
}

export const ENCRYPTION: Record<ComparePoint['encrypted'], string> = {
  plain: 'none',
  opened: 'encrypted, opened here',
  sealed: 'encrypted, no key',
};

/** The packet of the open capture, at the point that has it first; null where only the other capture saw it. */
export function packetOf(
  { packetA, packetB }: Pick<CompareDifference, 'packetA' | 'packetB'>,
  { a, b }: Pick<CompareRow, 'a' | 'b'>,
): number | null {
  if (!a.isOther && packetA !== null) return packetA;
  return b.isOther ? null : packetB;
}

/** The point that the open capture saw, and how far its clock is ahead of A's. */
export function openPoint({ a, b, delay }: CompareRow): { point: ComparePoint; aheadSeconds: number } {
  return a.isOther ? { point: b, aheadSeconds: delay?.clockOffsetSeconds ?? 0 } : { point: a, aheadSeconds: 0 };
}

export function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** How far the search is, and its share from 0 to 1; null while unknown. */
export function progressWords(
  progress: CompareProgress | null,
  { other }: CompareRequest,
): { text: string; share: number | null } {
  if (progress === null) return { text: other === null ? 'Looking at the streams…' : 'Opening…', share: null };
  if (progress.stage === 'reading') {
    const { bytesRead, bytesTotal, packets } = progress;
    const share = bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null;
    return { text: `${countOf(packets, 'packet')}, ${formatBytes(bytesRead)} read`, share };
  }
  const { streams, of } = progress;
  return { text: `${formatCount(streams)} of ${countOf(of, 'stream')} looked at`, share: of > 0 ? streams / of : null };
}

/** Why nothing was found, and what may help. */
export function nothingWords({ other, streams }: CompareRequest, name: string): { title: string; text: string } {
  if (streams !== null) {
    return {
      title: 'These two streams are not the same.',
      text: 'They agree neither in SSRC and sequence numbers nor in their payloads. A device that transcodes makes another stream of one; what is encrypted is compared once a key opens it.',
    };
  }
  if (other !== null) {
    return {
      title: `No stream of ${name} is in ${fileNameOf(other)}.`,
      text: 'Both have to hold the same call. A device that transcodes makes another stream of one; what is encrypted is compared once a key opens it.',
    };
  }
  return {
    title: 'No stream is in this capture twice.',
    text: 'One is where a relay or SBC was captured on both its sides, or a packet passed several interfaces. Else compare with a second capture, taken elsewhere.',
  };
}
