/** What capture agents saw, and which reports and logs belong to a call. */
import { hepColumns } from '../../dissectors/hep/columns.ts';
import { protocolTypeName } from '../../dissectors/hep/protocol-types.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import type { Call } from '../trackers/calls/call.ts';

const MAX_AGENTS = 10_000;
const ROWS_BETWEEN_TURNS = 4096;

/** A capture agent: an ID and a node name, which most agents leave empty. Frames count from 0. */
export interface HepAgent {
  readonly id: number;
  readonly nodeName: string;
  /** Where its first message came from, `10.0.0.1:40000`. */
  readonly sender: string;
  /** Messages that it sent, in all and by what they say to be: `SIP`, `RTCP`, `log`. */
  packets: number;
  readonly byType: Map<string, number>;
  readonly firstFrame: number;
  lastFrame: number;
}

/** Reads the rows of HEP, once the capture was read. */
export class HepTracker {
  /** In order of their first message. */
  agents: readonly HepAgent[] = [];
  /** Frames of reports, logs and media with the correlation ID of a call, ascending, by the call's index. */
  private related: ReadonlyMap<number, readonly number[]> = new Map();

  /** Rejects with an AbortError when cancelled. */
  async finish({ store, calls, pass }: Capture, signal?: AbortSignal): Promise<void> {
    const layer = store.layer('hep', hepColumns);
    if (layer === null || layer.count === 0) return;
    const turns = new Turns(signal);
    const c = layer.rows.columns;
    const { sipRow } = pass.hep;
    const { frames, flows, strings } = store;
    const agents = new Map<string, HepAgent>();
    // A sender that says nothing else uses the Call-ID itself.
    const callOf = new Map(calls.entries.map(({ callId, index }) => [callId, index]));
    for (let row = 0; row < layer.count; row++) {
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
      const frame = layer.frame.get(row);
      const name = `${c.agent.get(row)} ${c.nodeName.get(row)}`;
      let agent = agents.get(name);
      if (agent === undefined && agents.size < MAX_AGENTS) {
        const nodeName = strings.text(c.nodeName.get(row));
        const sender = flows.sourceEndpoint(frames.flow.get(frame));
        const byType = new Map<string, number>();
        agent = { id: c.agent.get(row), nodeName, sender, packets: 0, byType, firstFrame: frame, lastFrame: frame };
        agents.set(name, agent);
      }
      if (agent !== undefined) {
        const type = protocolTypeName(c.protocolType.get(row));
        agent.packets++;
        agent.byType.set(type, (agent.byType.get(type) ?? 0) + 1);
        agent.lastFrame = frame;
      }
      const correlation = c.correlation.get(row);
      const call = sipRow.get(row) === 0 ? 0 : calls.callOfRow.get(sipRow.get(row) - 1);
      if (correlation !== 0 && call !== 0 && !callOf.has(correlation)) callOf.set(correlation, call - 1);
    }
    this.agents = [...agents.values()];
    const related = new Map<number, number[]>();
    for (let row = 0; row < layer.count; row++) {
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
      const call = sipRow.get(row) === 0 ? callOf.get(c.correlation.get(row)) : undefined;
      if (call === undefined) continue;
      const list = related.get(call);
      if (list === undefined) related.set(call, [layer.frame.get(row)]);
      else list.push(layer.frame.get(row));
    }
    this.related = related;
  }

  /** Frames (0-based, ascending) of what agents reported of a call beside its SIP: they bear its correlation ID. */
  framesOf({ index }: Call): readonly number[] {
    return this.related.get(index) ?? [];
  }
}
