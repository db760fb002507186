import type { Capture } from '../../capture.ts';
import { encapsulatedFrames, encapsulationRows } from '../encapsulation-rows.ts';
import { countOf, type Finding, packetsOf } from './finding.ts';
import { MOST_EVIDENCE } from './thresholds.ts';

/** What was taken out of payloads without anybody saying so is told, with what it was told by. */
export function encapsulationFound(capture: Capture): Finding[] {
  const rows = encapsulationRows(capture);
  if (rows.length === 0) return [];
  const [first] = rows;
  const packets = rows.reduce((sum, row) => sum + row.packets, 0);
  const others = rows.length === 1 ? '' : ` So it is in ${countOf(rows.length - 1, 'more flow')}.`;
  return [
    {
      code: 'encapsulation-found',
      severity: 'note',
      title: 'Packets were found behind an unknown header',
      message: `${countOf(packets, 'packet')} were taken out of UDP: from ${first.src} to ${first.dst}, ${first.evidence}${others} The rule for it is ${first.rule}.`,
      call: null,
      stream: null,
      packets: packetsOf(encapsulatedFrames(capture, MOST_EVIDENCE)),
      spec: null,
    },
  ];
}
