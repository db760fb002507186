import { StringTable } from '../../base/string-table.ts';
import type { ColumnSpec, Dissector } from '../../dissectors/dissector.ts';
import { FlowTable } from './flow-table.ts';
import { FrameTable } from './frame-table.ts';
import { IssueTable } from './issue-table.ts';
import { LayerTable } from './layer-table.ts';

/** Everything the hot pass writes: frames, flows, one table for each dissector, findings, strings. */
export class CaptureStore {
  readonly dissectors: readonly Dissector[];
  readonly dissectorIds: readonly string[];
  readonly frames = new FrameTable();
  readonly flows = new FlowTable();
  readonly issues = new IssueTable();
  readonly strings = new StringTable();
  /** One for each dissector, in the same order. */
  readonly layers: readonly LayerTable[];

  constructor(dissectors: readonly Dissector[]) {
    this.dissectors = dissectors;
    this.dissectorIds = dissectors.map((d) => d.id);
    this.layers = dissectors.map((d) => new LayerTable(d.columns));
  }

  /** The flow a row's message goes: its frame's, or that of a datagram which the frame carries. */
  flowOf(layer: LayerTable, row: number): number {
    return layer.flow.get(row) || this.frames.flow.get(layer.frame.get(row));
  }

  /** When the message of a row was captured, in seconds since the epoch. */
  timeOf(layer: Pick<LayerTable, 'frame' | 'later'>, row: number): number {
    return this.frames.time(layer.frame.get(row)) + layer.later.get(row);
  }

  /** Seconds from one message of a layer to another. */
  secondsBetween(layer: Pick<LayerTable, 'frame' | 'later'>, from: number, to: number): number {
    const frames = this.frames.secondsBetween(layer.frame.get(from), layer.frame.get(to));
    return frames + layer.later.get(to) - layer.later.get(from);
  }

  /**
   * The rows of a dissector, typed by the columns the caller expects of it; null where it is not loaded. Built-in
   * trackers pass the column spec their dissector exports.
   */
  layer<S extends ColumnSpec>(id: string, _columns: S): LayerTable<S> | null {
    const index = this.dissectorIds.indexOf(id);
    return index < 0 ? null : (this.layers[index] as unknown as LayerTable<S>);
  }
}
