/** What the rows of a ladder are made from. */
import type { StreamRow } from '../../shared/api.ts';
import type { LadderPlace } from '../../shared/ladder.ts';
import type { Stream } from '../trackers/streams/stream.ts';

/** Packet and time of a row. */
export type When = Pick<LadderPlace, 'packet' | 'time' | 'sinceStartSeconds'>;

/** A stream of the call, as its rows need it. */
export interface LadderStream {
  readonly row: StreamRow;
  readonly stream: Stream;
  readonly side: 'A' | 'B' | null;
  readonly ends: { from: number; to: number };
}
