import type { EncapsulationRow } from '../../../shared/decode-as.ts';
import type { FieldNode } from '../../../shared/engine-api.ts';
import type { RuleStart } from '../../model/rule-start.ts';
import { startOf } from './rule-form.ts';

const WHAT: Readonly<Record<EncapsulationRow['as'], string>> = {
  ip: 'IP packets',
  udp: 'UDP datagrams',
  rtp: 'RTP',
  payload: 'Payloads',
};
/** Of a header so many octets are shown. */
const MOST_OCTETS = 16;

/** `RTP behind 12 unknown octets`. */
export function whatText({ as, skip }: Pick<EncapsulationRow, 'as' | 'skip'>): string {
  if (skip === 0) return `${WHAT[as]} as the whole payload`;
  return `${WHAT[as]} behind ${skip} unknown ${skip === 1 ? 'octet' : 'octets'}`;
}

/** Both ways of one flow together, wrapped alike; in the order given. */
export function groupEncapsulations(rows: readonly EncapsulationRow[]): [EncapsulationRow, ...EncapsulationRow[]][] {
  const groups = new Map<string, [EncapsulationRow, ...EncapsulationRow[]]>();
  for (const row of rows) {
    const key = `${[row.src, row.dst].toSorted().join(' ')} ${row.skip} ${row.as}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** The headers of the first packets, each as its first octets: `00 a7 4e`. */
export function headerLines(headerSample: string): string[] {
  return headerSample
    .split(' ')
    .filter((header) => header !== '')
    .map((header) => (header.match(/../g) ?? []).slice(0, MOST_OCTETS).join(' '));
}

/** The ends of the datagram that carries what an unknown header stands before; null where a packet has none. */
export function carrierOf(nodes: readonly FieldNode[]): RuleStart | null {
  return nodes.some(({ name }) => name === 'udp-encap') ? startOf(nodes) : null;
}
