import type { CompareDifference, DifferenceKind } from '../../shared/compare.ts';
import { payloadKey, stateOf } from './changes.ts';
import { delayOf } from './compare-row.ts';
import type { Comparison } from './comparison.ts';

/** A field of a packet that need not be the same at both points. */
interface Field {
  readonly differs: (comparison: Comparison, atA: number, atB: number) => boolean;
  readonly words: (comparison: Comparison, atA: number, atB: number) => string;
}

const FIELDS: readonly Field[] = [
  {
    differs: ({ a, b }, atA, atB) => a.payloadType[atA] !== b.payloadType[atB],
    words: ({ a, b }, atA, atB) => `payload type ${a.payloadType[atA]} → ${b.payloadType[atB]}`,
  },
  { differs: ({ a, b }, atA, atB) => a.marker[atA] !== b.marker[atB], words: () => 'marker' },
  { differs: ({ a, b }, atA, atB) => a.hasExtension[atA] !== b.hasExtension[atB], words: () => 'header extension' },
  {
    // Where one side is sealed, its payload says nothing of the other's.
    differs: ({ a, b }, atA, atB) =>
      (stateOf(a) === 'sealed') === (stateOf(b) === 'sealed') && payloadKey(a, atA) !== payloadKey(b, atB),
    words: () => 'payload',
  },
];

/** What a packet is measured against. */
interface Usual {
  /** Milliseconds. */
  readonly slowFrom: number;
  /** Fields that are the same in some packets: what is rewritten in all is told once, not for each. */
  readonly fields: readonly Field[];
}

const known = new WeakMap<Comparison, Usual>();

function usualOf(comparison: Comparison): Usual {
  let usual = known.get(comparison);
  if (usual === undefined) {
    usual = { slowFrom: slowFrom(comparison), fields: FIELDS.filter((field) => isSameSomewhere(comparison, field)) };
    known.set(comparison, usual);
  }
  return usual;
}

function isSameSomewhere(comparison: Comparison, { differs }: Field): boolean {
  const { rowA, rowB } = comparison;
  return rowA.some((atA, i) => atA >= 0 && rowB[i] >= 0 && !differs(comparison, atA, rowB[i]));
}

/** A packet is slow beyond this: the delay that 95 of 100 stay under, and as much again over the middle. */
function slowFrom(comparison: Comparison): number {
  const delay = delayOf(comparison);
  return delay === null ? Infinity : delay.medianMs + Math.max(20, 2 * (delay.p95Ms - delay.medianMs));
}

/** Numbers (indices of the comparison) whose packets are not the same on both sides, by kind, in order of the sequence. */
export function differingPackets(comparison: Comparison): Record<DifferenceKind, number[]> {
  const found: Record<DifferenceKind, number[]> = { lost: [], missed: [], reordered: [], slow: [], changed: [] };
  const usual = usualOf(comparison);
  for (let i = 0; i < comparison.rowA.length; i++) {
    const kind = kindOf(comparison, i, usual);
    if (kind !== null) found[kind].push(i);
  }
  return found;
}

/** In words, of indices that `differingPackets` gave. */
export function differences(comparison: Comparison, indices: readonly number[]): CompareDifference[] {
  const usual = usualOf(comparison);
  const { a, b, rowA, rowB, sequence, delayMs } = comparison;
  return indices.flatMap((i) => {
    const [atA, atB] = [rowA[i], rowB[i]];
    const kind = kindOf(comparison, i, usual);
    if (kind === null) return [];
    return {
      sequence: sequence[i],
      kind,
      packetA: atA < 0 ? null : a.frame[atA] + 1,
      packetB: atB < 0 ? null : b.frame[atB] + 1,
      time: atA < 0 ? null : a.capture.store.frames.time(a.frame[atA]),
      delayMs: Number.isNaN(delayMs[i]) ? null : delayMs[i],
      text: kind === 'changed' ? changedText(comparison, atA, atB, usual) : TEXTS[kind],
    };
  });
}

const TEXTS: Record<Exclude<DifferenceKind, 'changed'>, string> = {
  lost: 'Seen at A, not at B',
  missed: 'Seen at B, not at A',
  reordered: 'Overtaken by later packets',
  slow: 'Slower than nearly all others',
};

/** The gravest of what is different; null where nothing is. */
function kindOf(comparison: Comparison, i: number, { slowFrom: from, fields }: Usual): DifferenceKind | null {
  const { rowA, rowB, delayMs, reordered } = comparison;
  const [atA, atB] = [rowA[i], rowB[i]];
  if (atB < 0) return 'lost';
  if (atA < 0) return 'missed';
  if (reordered[i] !== 0) return 'reordered';
  if (delayMs[i] > from) return 'slow';
  return fields.some(({ differs }) => differs(comparison, atA, atB)) ? 'changed' : null;
}

function changedText(comparison: Comparison, atA: number, atB: number, { fields }: Usual): string {
  const differing = fields.filter(({ differs }) => differs(comparison, atA, atB));
  return `Changed: ${differing.map(({ words }) => words(comparison, atA, atB)).join(', ')}`;
}
