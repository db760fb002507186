import type { CompareChange } from '../../shared/compare.ts';
import { formatSsrc } from '../query/stream-rows.ts';
import type { Comparison } from './comparison.ts';
import type { ObservedStream } from './observed-stream.ts';

/** What devices between two points changed, from the packets that both saw. DSCP and TTL: see network-changes.ts. */
export function changesOf(comparison: Comparison): CompareChange[] {
  const { a, b, alignment } = comparison;
  const changes: CompareChange[] = [];
  const pairs = pairsOf(comparison);
  const total = pairs.length;
  if (total === 0) return changes;
  if (a.stream.ssrc !== b.stream.ssrc) {
    const [from, to] = [formatSsrc(a.stream.ssrc), formatSsrc(b.stream.ssrc)];
    changes.push({ field: 'ssrc', from, to, packets: total, message: `The SSRC ${from} became ${to}.` });
  }
  const step = ((alignment.shift % 65_536) + 65_536) % 65_536;
  if (step !== 0) {
    const message = `Sequence numbers were rewritten: ${step} more, modulo 65,536.`;
    changes.push({ field: 'sequence', from: '0', to: `+${step}`, packets: total, message });
  }
  changes.push(...timestampChange(a, b, pairs), ...payloadTypeChanges(a, b, pairs));
  changes.push(...countedChange(a, b, pairs, 'marker', (side, row) => side.marker[row], 'Marker bits differ'));
  changes.push(
    ...countedChange(
      a,
      b,
      pairs,
      'header-extension',
      (side, row) => side.hasExtension[row],
      'Header extensions come or go',
    ),
  );
  const isReadable = stateOf(a) !== 'sealed' && stateOf(b) !== 'sealed';
  if (stateOf(a) !== stateOf(b)) {
    const message = `${encryptionText(a, 'A')}, ${encryptionText(b, 'B')}.`;
    changes.push({ field: 'encryption', from: stateOf(a), to: stateOf(b), packets: total, message });
  }
  if (isReadable || stateOf(a) === stateOf(b)) {
    changes.push(...countedChange(a, b, pairs, 'payload', payloadKey, 'Payloads differ'));
  }
  return changes;
}

/** A payload for comparing: its hash, or nothing known where it was cut. */
export function payloadKey(side: ObservedStream, row: number): number {
  return side.hash[row];
}

/** Whether the payload of a stream is at hand as its sender made it. */
export function stateOf({ stream }: ObservedStream): 'plain' | 'opened' | 'sealed' {
  if (stream.encryption === null) return 'plain';
  return stream.isSealed ? 'sealed' : 'opened';
}

function encryptionText(side: ObservedStream, name: string): string {
  const words = { plain: 'not encrypted', opened: 'encrypted, and opened here', sealed: 'encrypted' };
  return `${name === 'A' ? 'At A it is' : 'at B'} ${words[stateOf(side)]}`;
}

type Pair = readonly [rowA: number, rowB: number];

function pairsOf({ rowA, rowB }: Comparison): Pair[] {
  const pairs: Pair[] = [];
  rowA.forEach((row, i) => {
    if (row >= 0 && rowB[i] >= 0) pairs.push([row, rowB[i]]);
  });
  return pairs;
}

function timestampChange(a: ObservedStream, b: ObservedStream, pairs: readonly Pair[]): CompareChange[] {
  const steps = new Map<number, number>();
  for (const [rowA, rowB] of pairs) {
    const step = (b.timestamp[rowB] - a.timestamp[rowA]) >>> 0;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  const changed = pairs.length - (steps.get(0) ?? 0);
  if (changed === 0) return [];
  const [[step, packets]] = [...steps].toSorted((x, y) => y[1] - x[1]);
  const isOne = packets === pairs.length;
  return [
    {
      field: 'timestamp',
      from: isOne ? '0' : '',
      to: isOne ? `+${step}` : '',
      packets: changed,
      message: isOne
        ? `Timestamps were rewritten: ${step} more, modulo 2³².`
        : `Timestamps differ by ${steps.size} different amounts: they were made anew.`,
    },
  ];
}

function payloadTypeChanges(a: ObservedStream, b: ObservedStream, pairs: readonly Pair[]): CompareChange[] {
  const changes = new Map<string, { from: number; to: number; packets: number }>();
  for (const [rowA, rowB] of pairs) {
    const [from, to] = [a.payloadType[rowA], b.payloadType[rowB]];
    if (from === to) continue;
    const change = changes.get(`${from} ${to}`);
    if (change === undefined) changes.set(`${from} ${to}`, { from, to, packets: 1 });
    else change.packets++;
  }
  return [...changes.values()].map(({ from, to, packets }) => ({
    field: 'payload-type',
    from: String(from),
    to: String(to),
    packets,
    message: `Payload type ${from} became ${to}.`,
  }));
}

function countedChange(
  a: ObservedStream,
  b: ObservedStream,
  pairs: readonly Pair[],
  field: CompareChange['field'],
  valueOf: (side: ObservedStream, row: number) => number,
  words: string,
): CompareChange[] {
  const packets = pairs.filter(([rowA, rowB]) => valueOf(a, rowA) !== valueOf(b, rowB)).length;
  if (packets === 0) return [];
  const share = packets === pairs.length ? 'all packets' : `${packets} of ${pairs.length} packets`;
  return [{ field, from: '', to: '', packets, message: `${words} in ${share}.` }];
}
