import { udpEncapColumns } from '../../dissectors/udp-encap/udp-encap.ts';
import type { EncapsulationRow, SuggestionRow } from '../../shared/decode-as.ts';
import type { Capture } from '../capture.ts';
import { ENCAPSULATION_ID } from '../classify/rule-table.ts';
import type { FoundEncapsulation } from '../encap/found-encapsulation.ts';
import { Evidence } from '../trackers/streams/stream.ts';

const MOST_ROWS = 1000;
const MOST_SUGGESTIONS = 20;
/** Of a flow's packets that look like RTP: so many must, and this share of them count on. */
const LEAST_LIKE_RTP = 20;
const LEAST_SHARE = 0.5;

/** Encapsulations that were found, in the order found: those whose packets agreed, not the ones inferred from them. */
export function encapsulationRows(capture: Capture): EncapsulationRow[] {
  const own = capture.encapsulations.filter(({ agreed }) => agreed > 0);
  if (own.length === 0) return [];
  const packets = packetsByEnds(capture);
  return own.slice(0, MOST_ROWS).map((one) => ({
    src: one.source,
    dst: one.destination,
    skip: one.skipBytes,
    as: one.as,
    packets: packets.get(`${one.source} ${one.destination}`) ?? 0,
    sampled: one.sampled,
    agreed: one.agreed,
    headerSample: one.headerSample,
    evidence: one.evidence,
    rule: ruleOf(one, own),
  }));
}

/** Frames (0-based, ascending) of what was taken out of payloads because of what their packets gave away, a few. */
export function encapsulatedFrames(capture: Capture, most: number): number[] {
  const layer = capture.store.layer(ENCAPSULATION_ID, udpEncapColumns);
  if (layer === null) return [];
  return Array.from({ length: Math.min(layer.count, most) }, (_, row) => layer.frame.get(row));
}

/** What nobody claimed and could be something, the most packets first. */
export function suggestionRows(capture: Capture): SuggestionRow[] {
  const rows = [...likeRtp(capture), ...likeEncapsulation(capture)];
  return rows.toSorted((a, b) => b.packets - a.packets).slice(0, MOST_SUGGESTIONS);
}

/** By the ends of the flow that carries, source first. */
function packetsByEnds({ store }: Capture): Map<string, number> {
  const layer = store.layer(ENCAPSULATION_ID, udpEncapColumns);
  const byFlow = new Map<number, number>();
  if (layer === null) return new Map();
  for (let row = 0; row < layer.count; row++) {
    const flow = store.flowOf(layer, row);
    byFlow.set(flow, (byFlow.get(flow) ?? 0) + 1);
  }
  const { flows } = store;
  return new Map(
    [...byFlow].map(([flow, count]) => [`${flows.sourceEndpoint(flow)} ${flows.destinationEndpoint(flow)}`, count]),
  );
}

function likeRtp({ store, streams }: Capture): SuggestionRow[] {
  const { flows } = store;
  return streams.candidates.flatMap((stream) => {
    const { packets, repeats, consistentSteps, evidence } = stream;
    const distinct = packets - repeats;
    if (evidence !== Evidence.None || flows.carrier(stream.flow) !== null) return [];
    if (distinct < LEAST_LIKE_RTP || consistentSteps < distinct * LEAST_SHARE) return [];
    const [src, dst] = [flows.sourceEndpoint(stream.flow), flows.destinationEndpoint(stream.flow)];
    const ssrc = `0x${stream.ssrc.toString(16).padStart(8, '0')}`;
    const sentence = `${countText(packets)} from ${src} to ${dst} look like RTP (SSRC ${ssrc}, payload type ${stream.payloadTypes[0]}), but are not taken for it.`;
    return [{ kind: 'rtp' as const, rule: `udp.flow==${src}-${dst},rtp`, packets, src, dst, sentence }];
  });
}

function likeEncapsulation({ store, pass }: Capture): SuggestionRow[] {
  const { hints } = pass.encapsulations;
  if (hints.length === 0) return [];
  const { flows, frames } = store;
  const counts = new Map(hints.map(({ flow }) => [flow, 0]));
  for (let frame = 0; frame < frames.count; frame++) {
    const flow = frames.flow.get(frame);
    const count = counts.get(flow);
    if (count !== undefined) counts.set(flow, count + 1);
  }
  return hints.map(({ flow, shape }) => {
    const [src, dst] = [flows.sourceEndpoint(flow), flows.destinationEndpoint(flow)];
    const packets = counts.get(flow) ?? 0;
    const sentence = `${countText(packets)} from ${src} to ${dst} may hold something else: ${shape.evidence}`;
    const rule = `udp.flow==${src}-${dst},skip ${shape.skipBytes},${shape.as}`;
    return { kind: 'encapsulation' as const, rule, packets, src, dst, sentence };
  });
}

/** By the port that most flows wrapped alike share, of equals the lower one. */
function ruleOf(one: FoundEncapsulation, all: readonly FoundEncapsulation[]): string {
  const counts = new Map<number, number>();
  for (const { source, destination, skipBytes, as } of all) {
    if (skipBytes !== one.skipBytes || as !== one.as) continue;
    for (const port of new Set([portOf(source), portOf(destination)])) counts.set(port, (counts.get(port) ?? 0) + 1);
  }
  const [port] = [portOf(one.source), portOf(one.destination)].toSorted(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b,
  );
  return `udp.port==${port},skip ${one.skipBytes},${one.as}`;
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}

function countText(packets: number): string {
  return `${packets.toLocaleString('en-US')} ${packets === 1 ? 'packet' : 'packets'}`;
}
