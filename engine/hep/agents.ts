import { type HepColumns, HepFlag } from '../../dissectors/hep/columns.ts';
import { protocolTypeName } from '../../dissectors/hep/protocol-types.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { LayerTable } from '../store/layer-table.ts';

const MAX_AGENTS = 10_000;
/** Ids of node names stay below this, and with a 32-bit agent ID below 2^53. */
const MAX_STRINGS = 0x200000;

/**
 * A clock further from the one that took the capture than this is wrong, or the agent replays what it has recorded. Delays
 * on the way, and what an agent kept while it had no connection, stay below.
 */
export const BELIEVED_SECONDS = 3600;
/** Nothing arrives before it was captured: a clock that says so by more than this is ahead. */
const AHEAD_SECONDS = 0.002;
/** Nor does everything take this long to arrive: a clock that says so is behind. */
const BEHIND_SECONDS = 2;

/**
 * A capture agent: an ID and a node name, which most agents leave empty, and the address that its reports come from. Many
 * have the ID that they were shipped with, so the address tells them apart. Frames count from 0.
 */
export interface HepAgent {
  /** From 1, in order of the first message: the display filter's `hep.agent`. */
  readonly number: number;
  readonly id: number;
  readonly nodeName: string;
  /** Where its first message came from, `10.0.0.1:40000`. */
  readonly sender: string;
  /** Messages that it sent, in all and by what they say to be: `SIP`, `RTCP`, `log`. */
  packets: number;
  readonly byType: Map<string, number>;
  readonly firstFrame: number;
  lastFrame: number;
  /** Messages whose time is not believed. */
  disbelieved: number;
  /** How far its clock is ahead of the one that took the capture, as the message with the least delay shows; null without times. */
  clockOffsetSeconds: number | null;
  /** Messages with an authentication key. */
  withKey: number;
}

/** Who the capture agents are, and whose clock is believed. Filled while the capture is read. */
export class HepAgents {
  /** In order of their first message. */
  readonly list: HepAgent[] = [];
  private readonly store: CaptureStore;
  private readonly byName = new Map<string, HepAgent>();
  /** Agents by ID and node name, for each flow that reports come on. */
  private readonly byFlow = new Map<number, Map<number, HepAgent>>();

  constructor(store: CaptureStore) {
    this.store = store;
  }

  /** Takes note of the message in `row`: says whose it is, and when its packet was captured where that can be believed. */
  take(layer: LayerTable<HepColumns>, row: number): void {
    const { frames } = this.store;
    const c = layer.rows.columns;
    const frame = layer.frame.get(row);
    const agent = this.agentOf(c.agent.get(row), c.nodeName.get(row), frame);
    if (agent !== null) {
      c.agentNumber.set(row, agent.number);
      const type = protocolTypeName(c.protocolType.get(row));
      agent.packets++;
      agent.byType.set(type, (agent.byType.get(type) ?? 0) + 1);
      agent.lastFrame = frame;
      if ((c.flags.get(row) & HepFlag.AuthKey) !== 0) agent.withKey++;
    }
    if ((c.flags.get(row) & HepFlag.HasTime) === 0) return;
    const seconds = c.seconds.get(row);
    const nanoseconds = c.micros.get(row) * 1000;
    const ahead = seconds - frames.seconds.get(frame) + (nanoseconds - frames.nanoseconds.get(frame)) / 1e9;
    const isBelieved = nanoseconds < 1e9 && Math.abs(ahead) <= BELIEVED_SECONDS;
    if (isBelieved && frames.hasAgentTime(frame)) {
      const since = (nanoseconds - frames.partNanoseconds(frame)) / 1e9;
      layer.later.set(row, seconds - frames.wholeSeconds(frame) + since);
    } else if (isBelieved) {
      frames.setAgentTime(frame, seconds, nanoseconds);
    }
    if (agent === null) return;
    if (!isBelieved) agent.disbelieved++;
    agent.clockOffsetSeconds = Math.max(agent.clockOffsetSeconds ?? ahead, ahead);
  }

  /** Everything was read, so that the clocks are known: those that are wrong for certain are set right. */
  finish(layer: LayerTable<HepColumns>): void {
    const { frames } = this.store;
    const corrections = this.list.map((agent) => correctionOf(agent));
    if (corrections.every((seconds) => seconds === 0)) return;
    const { agentNumber } = layer.rows.columns;
    let last = -1;
    for (let row = 0; row < layer.count; row++) {
      const frame = layer.frame.get(row);
      const correction = corrections[agentNumber.get(row) - 1] ?? 0;
      // Of several messages in a frame the first has set its time.
      if (frame !== last && correction !== 0) frames.shiftAgentTime(frame, correction);
      last = frame;
    }
  }

  /** The agent with this number; undefined for 0. */
  at(number: number): HepAgent | undefined {
    return this.list[number - 1];
  }

  /** null beyond the bound on agents. */
  private agentOf(id: number, nodeName: number, frame: number): HepAgent | null {
    const { flows, frames, strings } = this.store;
    const flow = frames.flow.get(frame);
    const key = id * MAX_STRINGS + Math.min(nodeName, MAX_STRINGS - 1);
    const known = this.byFlow.get(flow)?.get(key);
    if (known !== undefined) return known;
    const name = `${id} ${nodeName} ${flow === 0 ? '' : flows.sourceAddress(flow)}`;
    let agent = this.byName.get(name);
    if (agent === undefined) {
      if (this.list.length >= MAX_AGENTS) return null;
      agent = {
        number: this.list.length + 1,
        id,
        nodeName: strings.text(nodeName),
        sender: flow === 0 ? '' : flows.sourceEndpoint(flow),
        packets: 0,
        byType: new Map(),
        firstFrame: frame,
        lastFrame: frame,
        disbelieved: 0,
        clockOffsetSeconds: null,
        withKey: 0,
      };
      this.list.push(agent);
      this.byName.set(name, agent);
    }
    const ofFlow = this.byFlow.get(flow);
    if (ofFlow === undefined) this.byFlow.set(flow, new Map([[key, agent]]));
    else ofFlow.set(key, agent);
    return agent;
  }
}

/** `edge (2001)`, `2001`; of an agent that says neither, where it sends from. */
export function agentName({ id, nodeName, sender }: Pick<HepAgent, 'id' | 'nodeName' | 'sender'>): string {
  if (nodeName !== '') return id === 0 ? nodeName : `${nodeName} (${id})`;
  return id === 0 ? sender : String(id);
}

/**
 * Seconds to add to an agent's times. How late messages arrive cannot be told from how slow its clock is, so only what can
 * be nothing else is taken for a fault of the clock.
 */
export function correctionOf({ clockOffsetSeconds: offset, disbelieved }: HepAgent): number {
  if (offset === null || disbelieved > 0) return 0;
  return offset > AHEAD_SECONDS || offset < -BEHIND_SECONDS ? -offset : 0;
}
