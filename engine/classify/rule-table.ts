import { FIRST_ROOM } from '../../base/first-room.ts';
import type { Dissector, Encapsulation } from '../../dissectors/dissector.ts';
import type { FoundEncapsulation } from '../encap/found-encapsulation.ts';
import type { FlowTable } from '../store/flow-table.ts';
import type { DecodeAsRule } from './decode-as.ts';
import { type SelectorFlow, selects } from './selector.ts';

/** What is to be done with the payloads of a flow. */
export interface FlowRule {
  /** Dissector index + 1; 0 for nobody. */
  readonly dissector: number;
  /** The user said it: it is believed whatever the payloads look like. */
  readonly isFixed: boolean;
  readonly encapsulation: Encapsulation | null;
  /** After skipped octets: dissector index + 1 of what follows, 0 where that is to be found out. */
  readonly inside: number;
}

const UNASKED = 0;
const NO_RULE = 1;
const FIRST_RULE = 2;

/** The dissector of what is wrapped: it has no claim of its own. */
export const ENCAPSULATION_ID = 'udp-encap';

/** The rules of the user, the later ones first, then those that were found; asked once for each flow. */
export class RuleTable {
  private readonly flows: FlowTable;
  private readonly rules: readonly DecodeAsRule[];
  private readonly outcomes: readonly FlowRule[];
  private readonly transports: readonly { readonly udp: boolean; readonly tcp: boolean }[];
  private readonly found = new Map<string, FlowRule>();
  /** By flow: place in `kept`, plus 2. */
  private ofFlow = new Uint16Array(FIRST_ROOM);
  private readonly kept: FlowRule[] = [];

  constructor(
    rules: readonly DecodeAsRule[],
    found: readonly FoundEncapsulation[],
    dissectors: readonly Dissector[],
    flows: FlowTable,
  ) {
    this.flows = flows;
    this.rules = rules;
    const indexOf = (id: string): number => dissectors.findIndex((one) => one.id === id) + 1;
    const skipping = (skipBytes: number, as: string, isFixed: boolean): FlowRule => ({
      dissector: indexOf(ENCAPSULATION_ID),
      isFixed,
      encapsulation: { skipBytes, as: as === 'ip' || as === 'udp' ? as : 'payload' },
      inside: indexOf(as),
    });
    this.outcomes = rules.map(({ skipBytes, as }) =>
      skipBytes >= 0
        ? skipping(skipBytes, as, true)
        : { dissector: indexOf(as), isFixed: true, encapsulation: null, inside: 0 },
    );
    this.transports = rules.map(({ skipBytes, as }) =>
      as === 'none' ? { udp: true, tcp: true } : transportsOf(skipBytes >= 0 ? undefined : dissectors[indexOf(as) - 1]),
    );
    for (const { source, destination, skipBytes, as } of found) {
      this.found.set(`${source} ${destination}`, skipping(skipBytes, as, false));
    }
  }

  get isEmpty(): boolean {
    return this.rules.length === 0 && this.found.size === 0;
  }

  /** The rule of a flow, null for none. */
  of(flow: number): FlowRule | null {
    if (this.isEmpty) return null;
    if (flow >= this.ofFlow.length) {
      const next = new Uint16Array(Math.max(flow + 1, this.ofFlow.length * 2));
      next.set(this.ofFlow);
      this.ofFlow = next;
    }
    let place = this.ofFlow[flow];
    if (place === UNASKED) this.ofFlow[flow] = place = this.placeOf(flow);
    return place === NO_RULE ? null : this.kept[place - FIRST_RULE];
  }

  private placeOf(flow: number): number {
    const rule = this.find(flow);
    if (rule === null) return NO_RULE;
    let index = this.kept.indexOf(rule);
    // More kinds of rules than these nobody has.
    if (index < 0) index = this.kept.length < 0xff00 ? this.kept.push(rule) - 1 : -1;
    return index < 0 ? NO_RULE : index + FIRST_RULE;
  }

  private find(flow: number): FlowRule | null {
    const { flows } = this;
    const isTcp = flows.isTcp(flow);
    const about: SelectorFlow = {
      transport: isTcp ? 'tcp' : 'udp',
      source: { address: flows.sourceAddress(flow), port: flows.sourcePort(flow) },
      destination: { address: flows.destinationAddress(flow), port: flows.destinationPort(flow) },
    };
    // What was taken out is not wrapped once more.
    const isInside = flows.carrier(flow)?.protocol === ENCAPSULATION_ID;
    for (let i = this.rules.length - 1; i >= 0; i--) {
      if (isInside && this.rules[i].skipBytes >= 0) continue;
      if (this.rules[i].selector.transport === null && !this.transports[i][about.transport]) continue;
      if (selects(this.rules[i].selector, about)) return this.outcomes[i];
    }
    if (isTcp || isInside || this.found.size === 0) return null;
    return this.found.get(`${flows.sourceEndpoint(flow)} ${flows.destinationEndpoint(flow)}`) ?? null;
  }
}

/** What an address alone may mean: the transports that a dissector claims something of; octets are skipped in datagrams. */
function transportsOf(dissector: Dissector | undefined): { udp: boolean; tcp: boolean } {
  if (dissector === undefined) return { udp: true, tcp: false };
  const claimed = dissector.claims.flatMap((claim) =>
    claim.kind === 'port' ? claim.transport : claim.kind === 'heuristic' ? claim.over : [],
  );
  const isAny = claimed.length === 0;
  return { udp: isAny || claimed.includes('udp'), tcp: isAny || claimed.includes('tcp') };
}
