/** The payload in the detail tree: text as text, a report's values one by one, the rest as octets. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { describeJson, parseJson } from './json-tree.ts';
import { isText } from './payload-text.ts';
import { isReport, protocolTypeName } from './protocol-types.ts';
import type { HepMessage } from './read-message.ts';

/** Where the payload is a packet, its messages are shown on their own, and here stands how long it is. */
export function describePayload(data: Octets, message: HepMessage, tree: TreeBuilder, truncated: boolean): void {
  const { payloadAt: at, payloadLength: length, protocolType } = message;
  const type = protocolTypeName(protocolType);
  if (message.isCompressed) {
    tree.field('hep.compressed_payload', 'Compressed payload', at, length, `${length} octets`, type);
    return;
  }
  if (!isText(data, at, length)) {
    tree.field('hep.payload', 'Payload', at, length, data.hex(at, length), type);
    return;
  }
  const text = data.text(at, length);
  const report = parseJson(data, at, length);
  if (report === null && !isReport(protocolType)) {
    tree.field('hep.payload', 'Payload', at, length, `${length} octets`, type);
    return;
  }
  tree.field('hep.payload', 'Payload', at, length, text, type);
  if (report === null) {
    if (!truncated && text.startsWith('{')) tree.fault('hep-report', 'The report is no JSON', at, length);
    return;
  }
  tree.group('hep.report', 'Report', report.at, report.length, report.text, () => describeJson(report, tree));
}
