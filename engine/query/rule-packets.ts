import type { Dissector } from '../../dissectors/dissector.ts';
import { udpEncapColumns } from '../../dissectors/udp-encap/udp-encap.ts';
import type { Capture } from '../capture.ts';
import type { CodecRule } from '../classify/codec-rule.ts';
import type { DecodeAsRule } from '../classify/decode-as.ts';
import { ENCAPSULATION_ID, RuleTable } from '../classify/rule-table.ts';
import { type Selector, type SelectorEnd, selects } from '../classify/selector.ts';
import { Turns } from '../filter/turns.ts';
import type { FlowTable } from '../store/flow-table.ts';
import { Evidence, type Stream } from '../trackers/streams/stream.ts';

/** Frames looked at between two looks at the clock. */
const CHUNK = 1 << 16;

/** How many packets a Decode As rule is about, whatever is in force; with an SSRC those that look like RTP with it. */
export async function packetsOfRule(
  { store, streams }: Capture,
  rule: DecodeAsRule,
  dissectors: readonly Dissector[],
  signal: AbortSignal,
): Promise<number> {
  const { ssrc } = rule.selector;
  if (ssrc !== null) {
    return sum(streams.candidates.filter((stream) => stream.ssrc === ssrc).map(({ packets }) => packets));
  }
  const { flows, frames } = store;
  const table = new RuleTable([rule], [], dissectors, flows);
  const turns = new Turns(signal);
  let packets = 0;
  for (let frame = 0; frame < frames.count; frame++) {
    const flow = frames.flow.get(frame);
    if (flow !== 0 && table.of(flow) !== null) packets++;
    if (frame % CHUNK === 0) await turns.wait();
  }
  // A frame has the flow of what was taken out of it; the one that carries that is with the row of its header.
  const layer = store.layer(ENCAPSULATION_ID, udpEncapColumns);
  if (layer === null) return packets;
  for (let row = 0; row < layer.count; row++) {
    const [flow, within] = [store.flowOf(layer, row), frames.flow.get(layer.frame.get(row))];
    if (flow !== within && table.of(flow) !== null && (within === 0 || table.of(within) === null)) packets++;
    if (row % CHUNK === 0) await turns.wait();
  }
  return packets;
}

/** How many packets of streams have the payload type that a codec rule is about. */
export function packetsOfCodec({ store, streams }: Capture, { selector, payloadType }: CodecRule): number {
  const meant = streams.candidates.filter(
    (stream) => stream.evidence !== Evidence.None && isMeant(store.flows, selector, stream),
  );
  return sum(meant.map((stream) => stream.payloadTypePackets[stream.payloadTypes.indexOf(payloadType)] ?? 0));
}

function isMeant(flows: FlowTable, selector: Selector, { flow, ssrc }: Stream): boolean {
  if (selector.ssrc !== null) return selector.ssrc === ssrc;
  const source: SelectorEnd = { address: flows.sourceAddress(flow), port: flows.sourcePort(flow) };
  const destination: SelectorEnd = { address: flows.destinationAddress(flow), port: flows.destinationPort(flow) };
  return selects(selector, { transport: flows.isTcp(flow) ? 'tcp' : 'udp', source, destination });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
