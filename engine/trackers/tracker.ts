/**
 * A tracker makes things out of rows: calls out of SIP messages, streams out of RTP packets. It owns what it makes and
 * reads what it depends on; the engine runs trackers in the order of their dependencies.
 */
export interface Tracker {
  readonly id: string;
  /** Takes the rows that were written since the last time. Called after every block of the capture. */
  advance(): void;
  /** Draws conclusions once all rows are there. May be called again when more rows have come. */
  finish(): void;
}
