/** Which reports and logs belong to a call. */
import { hepColumns } from '../../dissectors/hep/columns.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { HepAgent } from './agents.ts';

const ROWS_BETWEEN_TURNS = 4096;

/** Reads the rows of HEP, once the capture was read. */
export class HepTracker {
  /** In order of their first message. */
  agents: readonly HepAgent[] = [];
  /** Rows of reports, logs and media with the correlation ID of a call, ascending, by the call's index. */
  private related: ReadonlyMap<number, readonly number[]> = new Map();
  private frameOf: (row: number) => number = () => 0;

  /** Rejects with an AbortError when cancelled. */
  async finish({ store, calls, pass }: Capture, signal?: AbortSignal): Promise<void> {
    const layer = store.layer('hep', hepColumns);
    if (layer === null || layer.count === 0) return;
    const turns = new Turns(signal);
    const c = layer.rows.columns;
    const { sipRow, agents } = pass.hep;
    this.agents = agents.list;
    this.frameOf = (row) => layer.frame.get(row);
    // A sender that says nothing else uses the Call-ID itself.
    const callOf = new Map(calls.entries.map(({ callId, index }) => [callId, index]));
    for (let row = 0; row < layer.count; row++) {
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
      // A report within a report is not unwrapped, and yet somebody's.
      if (c.agentNumber.get(row) === 0) agents.take(layer, row);
      const correlation = c.correlation.get(row);
      const call = sipRow.get(row) === 0 ? 0 : calls.callOfRow.get(sipRow.get(row) - 1);
      if (correlation !== 0 && call !== 0 && !callOf.has(correlation)) callOf.set(correlation, call - 1);
    }
    const related = new Map<number, number[]>();
    for (let row = 0; row < layer.count; row++) {
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
      const call = sipRow.get(row) === 0 ? callOf.get(c.correlation.get(row)) : undefined;
      if (call === undefined) continue;
      const list = related.get(call);
      if (list === undefined) related.set(call, [row]);
      else list.push(row);
    }
    this.related = related;
  }

  /** Rows (ascending) of what agents reported of a call beside its SIP: they bear its correlation ID. */
  rowsOf({ index }: Call): readonly number[] {
    return this.related.get(index) ?? [];
  }

  /** Their frames (0-based, ascending). */
  framesOf(call: Call): readonly number[] {
    return this.rowsOf(call).map(this.frameOf);
  }
}
