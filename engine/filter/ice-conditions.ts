import type { Capture } from '../capture.ts';
import { iceListsOf } from '../query/ice/ice-lists.ts';
import { IceMembers } from '../query/ice/ice-members.ts';
import type { Leaf } from './check.ts';
import { type Block, rowBlock } from './conditions.ts';
import type { FieldSource } from './field.ts';
import { Failed, No, Yes } from './ternary.ts';

/** A condition on the number of the ICE session or TURN allocation that a packet belongs to. */
export function iceBlock(capture: Capture, leaf: Leaf, { of }: Extract<FieldSource, { kind: 'ice' }>): Block {
  const members = new IceMembers(capture, iceListsOf(capture));
  const { stun, dtls } = members;
  const refused = leaf.mode === 'all' ? Failed : No;
  const state = (number: number): number => {
    if (number === 0) return No;
    return leaf.test === null || leaf.test(number) ? Yes : refused;
  };
  const blocks: Block[] = [];
  if (stun !== null) {
    const numberOf = (row: number): number =>
      of === 'session' ? members.sessionOfStun(row) : members.allocationOfStun(row);
    blocks.push(rowBlock(capture, stun, leaf.mode, (row) => state(numberOf(row))));
  }
  if (dtls !== null && of === 'session') {
    blocks.push(rowBlock(capture, dtls, leaf.mode, (row) => state(members.sessionOfDtls(row))));
  }
  return (from, to, out) => {
    for (const block of blocks) block(from, to, out);
  };
}
