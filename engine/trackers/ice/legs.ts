import type { FlowTable } from '../../store/flow-table.ts';
import { MOST_LEGS } from './ice-timing.ts';

/** A part of the way between two agents: two addresses, whichever direction and whatever carries it. */
export interface Leg {
  /** `ip:port` of both ends. */
  readonly ends: readonly [string, string];
}

/** Flows to legs. The same addresses inside a relay's packets and on the wire are one leg. */
export class Legs {
  private readonly flows: FlowTable;
  private readonly byFlow = new Map<number, Leg>();
  private readonly byEnds = new Map<string, Leg>();

  constructor(flows: FlowTable) {
    this.flows = flows;
  }

  /** null where there are too many. */
  of(flow: number): Leg | null {
    const known = this.byFlow.get(flow);
    if (known !== undefined) return known;
    if (this.byFlow.size >= MOST_LEGS) return null;
    const source = this.flows.sourceEndpoint(flow);
    const destination = this.flows.destinationEndpoint(flow);
    const ends = source < destination ? ([source, destination] as const) : ([destination, source] as const);
    const key = `${ends[0]} ${ends[1]}`;
    let leg = this.byEnds.get(key);
    if (leg === undefined) this.byEnds.set(key, (leg = { ends }));
    this.byFlow.set(flow, leg);
    return leg;
  }

  /** Whether two flows are the two directions of one leg. */
  isOpposite(a: number, b: number): boolean {
    if (this.flows.reverse[a] === b) return true;
    const leg = this.of(a);
    return leg !== null && leg === this.of(b) && this.flows.sourceEndpoint(a) !== this.flows.sourceEndpoint(b);
  }
}
