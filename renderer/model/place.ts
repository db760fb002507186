export type ViewName =
  | 'overview'
  | 'calls'
  | 'streams'
  | 'ice'
  | 'problems'
  | 'packets'
  | 'agents'
  | 'compare'
  | 'keys'
  | 'plugins';

/** Where a person is: what back and forward go through. */
export interface Place {
  view: ViewName;
  /** The display filter of the view's rows. */
  filter: string;
  /** The selected rows (row ids; a packet's number). */
  call: string | null;
  stream: string | null;
  packet: number | null;
  problem: string | null;
  /** An ICE session (`i2`) or a TURN allocation (`t1`). */
  ice: string | null;
  /** A stream at two capture points (`x1`). */
  pair: string | null;
  /** The tab of the lower pane of the calls view. */
  lower: 'ladder' | 'packets' | 'streams';
  /** The tab of the lower pane of the ICE/TURN view. */
  iceLower: 'session' | 'ladder';
  /** The tab of the detail pane. */
  detail: 'packet' | 'message' | 'stream' | 'candidates';
}

export const START_PLACE: Place = {
  view: 'overview',
  filter: '',
  call: null,
  stream: null,
  packet: null,
  problem: null,
  ice: null,
  pair: null,
  lower: 'ladder',
  iceLower: 'session',
  detail: 'packet',
};
