import type { RuleTable } from '../classify/rule-table.ts';
import type { FlowTable } from '../store/flow-table.ts';
import { findEncapsulation, type FoundShape } from './find-encapsulation.ts';
import type { FoundEncapsulation } from './found-encapsulation.ts';
import { rtpAgreement } from './rtp-agreement.ts';
import { type PayloadSample, PayloadSamples } from './payload-samples.ts';

/** Packets of the other direction that would have shown an encapsulation of its own, or none. */
const ENOUGH_TO_TELL = 4;
const MAX_FOUND = 4096;
const MAX_HINTS = 64;
const HINT_SHARE = 0.5;

/** A flow some of whose payloads agree: too few to go by. */
export interface EncapsulationHint {
  readonly flow: number;
  readonly shape: FoundShape;
}

/** Watches flows that nobody has claimed for packets inside their payloads. */
export class EncapsulationFinder {
  /** In the order found. */
  readonly found: FoundEncapsulation[] = [];
  readonly hints: EncapsulationHint[] = [];
  readonly samples: PayloadSamples;
  private readonly flows: FlowTable;
  private readonly rules: RuleTable;
  /** Flows that something was found of. */
  private readonly known = new Set<number>();

  constructor(flows: FlowTable, rules: RuleTable) {
    this.flows = flows;
    this.rules = rules;
    this.samples = new PayloadSamples((flow, samples) => this.look(flow, samples));
  }

  private look(flow: number, samples: readonly PayloadSample[]): boolean {
    // What a rule says of a flow is not doubted.
    if (this.found.length >= MAX_FOUND || this.rules.of(flow) !== null) return true;
    if (rtpAgreement(samples, 0) !== null) return true;
    const shape = findEncapsulation(samples);
    if (shape === null) return this.hint(flow, samples);
    this.add(flow, shape, samples.length);
    this.known.add(flow);
    // The other direction is wrapped likewise, unless it shows something else.
    const reverse = this.flows.reverse[flow];
    if (this.known.has(reverse) || this.samples.wasLookedAt(reverse)) return true;
    const others = this.samples.of(reverse);
    const own = findEncapsulation(others);
    if (own !== null) this.add(reverse, own, others.length);
    else if (others.length < ENOUGH_TO_TELL)
      this.found.push({ ...this.found[this.found.length - 1], ...this.reverseOf(flow) });
    else return true;
    if (reverse === 0) return true;
    this.known.add(reverse);
    this.samples.stop(reverse);
    return true;
  }

  /** Fewer packets are enough where the other direction has shown the same; true then. */
  private hint(flow: number, samples: readonly PayloadSample[]): boolean {
    if (this.hints.length >= MAX_HINTS || this.hints.some((one) => one.flow === flow)) return false;
    const shape = findEncapsulation(samples, HINT_SHARE);
    if (shape === null) return false;
    const reverse = this.flows.reverse[flow];
    const across = reverse === 0 ? null : this.rules.of(reverse)?.encapsulation;
    if (across?.skipBytes === shape.skipBytes && across.as === (shape.as === 'rtp' ? 'payload' : shape.as)) {
      this.add(flow, shape, samples.length);
      return true;
    }
    this.hints.push({ flow, shape });
    return false;
  }

  private add(flow: number, shape: FoundShape, sampled: number): void {
    const { flows } = this;
    const [source, destination] = [flows.sourceEndpoint(flow), flows.destinationEndpoint(flow)];
    this.found.push({ ...shape, source, destination, sampled });
  }

  private reverseOf(flow: number): Pick<FoundEncapsulation, 'source' | 'destination' | 'agreed' | 'sampled'> {
    const { flows } = this;
    return { source: flows.destinationEndpoint(flow), destination: flows.sourceEndpoint(flow), agreed: 0, sampled: 0 };
  }
}
