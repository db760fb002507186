import type { FoundShape } from './find-encapsulation.ts';

/** An encapsulation that the packets of a flow, one way, gave away by themselves. */
export interface FoundEncapsulation extends FoundShape {
  /** Ends of the flow as flows write them, `10.0.0.1:4500`. */
  readonly source: string;
  readonly destination: string;
  /** Packets that were looked at; 0 where the other direction's tell of this one. */
  readonly sampled: number;
}
