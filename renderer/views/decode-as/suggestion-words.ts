import type { SuggestionRow } from '../../../shared/decode-as.ts';
import { NARROW_SPACE } from '../../model/format/numbers.ts';

/** The engine's sentence with thousands as the window parts them. */
export function sentenceText({ sentence }: Pick<SuggestionRow, 'sentence'>): string {
  return sentence.replace(/\b\d{1,3}(?:,\d{3})+\b/g, (count) => count.replaceAll(',', NARROW_SPACE));
}

/** Its beginning, for a line: `1 520 packets from … to … look like RTP`. */
export function shortText(row: Pick<SuggestionRow, 'sentence'>): string {
  return sentenceText(row).split(/ \(|, but|: /)[0];
}

const NAMES: Readonly<Record<string, string>> = { ip: 'IP', udp: 'UDP', rtp: 'RTP', payload: 'what it is' };

/** `RTP`, `IP behind 44 octets`: what a suggestion's rule takes the packets for. */
export function takenForText({ rule }: Pick<SuggestionRow, 'rule'>): string {
  const parts = rule.split(',').map((part) => part.trim());
  const as = parts.at(-1) ?? '';
  const skip = /^skip\s+(\d+)$/.exec(parts[1] ?? '')?.[1];
  const name = NAMES[as] ?? as.toUpperCase();
  if (skip === undefined || skip === '0') return name;
  return `${name} behind ${skip} ${skip === '1' ? 'octet' : 'octets'}`;
}
