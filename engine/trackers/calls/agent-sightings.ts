import type { LayerTable } from '../../store/layer-table.ts';

/** Of one message: how often each agent (0 is the capture itself) reported it and in which row last, and the most. */
interface Sightings {
  readonly byAgent: Map<number, { count: number; row: number }>;
  most: number;
}

/**
 * Tells what several capture agents saw of one message from what was sent again. Whoever saw a message less often than
 * another is behind, and reports what is known already, however late its report comes and whatever its clock says.
 */
export class AgentSightings {
  private readonly layer: Pick<LayerTable, 'agent'>;
  /** By the row of the message's first appearance, where it appeared again in captures with agents. */
  private readonly seen = new Map<number, Sightings>();

  constructor(layer: Pick<LayerTable, 'agent'>) {
    this.layer = layer;
  }

  /**
   * Takes a `row` with the same message as `first`. Gives the row in which the same agent reported the message before,
   * where it is the first to report it that often; -1 where it repeats what another agent reported; `before` where no
   * agent reported anything.
   */
  take(first: number, row: number, before: number): number {
    const { agent } = this.layer;
    if (agent.lengthBytes === 0) return before;
    let sightings = this.seen.get(first);
    if (sightings === undefined) {
      this.seen.set(first, (sightings = { byAgent: new Map([[agent.get(first), { count: 1, row: first }]]), most: 1 }));
    }
    const known = sightings.byAgent.get(agent.get(row)) ?? { count: 0, row: -1 };
    sightings.byAgent.set(agent.get(row), { count: known.count + 1, row });
    if (known.count < sightings.most) return -1;
    sightings.most = known.count + 1;
    return known.row;
  }
}
