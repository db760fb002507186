export type ViewName = 'overview' | 'calls' | 'streams' | 'problems' | 'packets' | 'keys';

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
  /** The tab of the lower pane of the calls view. */
  lower: 'ladder' | 'packets' | 'streams';
  /** The tab of the detail pane. */
  detail: 'packet' | 'message' | 'stream';
}

export const START_PLACE: Place = {
  view: 'overview',
  filter: '',
  call: null,
  stream: null,
  packet: null,
  problem: null,
  lower: 'ladder',
  detail: 'packet',
};
