import type { Capture } from '../../capture.ts';
import type { TurnAllocation } from '../../trackers/turn/turn-allocation.ts';

/** What one allocation has to know of the others, looked up once for a capture. */
export class TurnNeighbours {
  /** `ip:port` of servers that answered somebody's Allocate. */
  readonly answering = new Set<string>();
  /** By the address of the client and `ip:port` of the server: the latest allocation that was asked for. */
  readonly latest = new Map<string, TurnAllocation>();
  /** `flow address`: flows between client and server, and the relayed address from which packets went on to peers. */
  readonly passedOn = new Set<string>();
  private static readonly known = new WeakMap<readonly TurnAllocation[], TurnNeighbours>();

  private constructor(capture: Capture) {
    const { flows } = capture.store;
    for (const allocation of capture.turn.allocations) {
      const { clientFlow } = allocation.link;
      if (clientFlow === 0 || allocation.allocates.length === 0) continue;
      const server = flows.destinationEndpoint(clientFlow);
      if (allocation.allocates.some((t) => t.isAnswered)) this.answering.add(server);
      this.latest.set(`${flows.sourceAddress(clientFlow)} ${server}`, allocation);
    }
    const onTheWire = new Set<string>();
    if (capture.pass.relays.counts.size === 0) return;
    for (let flow = 1; flow <= flows.count; flow++) {
      if (flows.carrier(flow) === null) onTheWire.add(flows.endsKey(flow));
    }
    for (const flow of capture.pass.relays.counts.keys()) {
      if (!onTheWire.has(flows.endsKey(flow))) continue;
      this.passedOn.add(`${flows.carrier(flow)?.flow ?? 0} ${flows.sourceEndpoint(flow)}`);
    }
  }

  static of(capture: Capture): TurnNeighbours {
    const { allocations } = capture.turn;
    let neighbours = TurnNeighbours.known.get(allocations);
    if (neighbours === undefined) TurnNeighbours.known.set(allocations, (neighbours = new TurnNeighbours(capture)));
    return neighbours;
  }
}
