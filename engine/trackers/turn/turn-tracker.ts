import { U32Column } from '../../../base/columns.ts';
import { StunClass, type StunColumns, stunColumns, StunFlag, StunKind } from '../../../dissectors/stun/columns.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { Capture } from '../../capture.ts';
import { Turns } from '../../filter/turns.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import { TurnAllocation } from './turn-allocation.ts';
import { TurnLink } from './turn-link.ts';
import { isOfClient, Kind, kindOf, methodOf } from './turn-message-kind.ts';
import { findUnreachable } from './unreachable.ts';
import { type TurnTransaction, TurnTransactions } from './turn-transaction.ts';

const MAX_LINKS = 100_000;
const MAX_ALLOCATIONS = 100_000;
const ROWS_BETWEEN_TURNS = 512;
/** A try that was given up this long ago is not gone on with. */
const TRY_AGAIN_SECONDS = 30;
/** ChannelData of a capture that shows nothing else of TURN: so few may be something else. */
const FEWEST_CHANNEL_DATA = 3;
const TURN_PORTS: ReadonlySet<number> = new Set([3478, 3479, 5349, 5350, 443]);

/** Finds the TURN allocations of a capture, once it was read (RFC 8656, RFC 6062, and the drafts before RFC 5766). */
export class TurnTracker {
  /** In order of their first packet. */
  allocations: readonly TurnAllocation[] = [];
  /** By row of the `stun` layer: the allocation's index + 1, 0 for none. What it carries counts as its own. */
  allocationOfRow = new U32Column();

  /** Reads the rows of the `stun` layer. Rejects with an AbortError when cancelled. */
  async finish(capture: Capture, signal?: AbortSignal): Promise<void> {
    const { store, pass } = capture;
    const layer = store.layer('stun', stunColumns);
    if (layer === null || layer.count === 0) return;
    const turns = new Turns(signal);
    const reading = new TurnReading(store, layer);
    for (let row = 0; row < layer.count; row++) {
      reading.findLink(row);
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
    }
    reading.findChannelLinks();
    if (!reading.hasLinks) return;
    for (let row = 0; row < layer.count; row++) {
      reading.take(row);
      if (row % ROWS_BETWEEN_TURNS === 0) await turns.wait();
    }
    reading.finish(pass.connectionEnds);
    await explainSilence(capture, reading.allocations, turns);
    this.allocations = reading.allocations;
    this.allocationOfRow = reading.allocationOfRow;
  }
}

/** Looks for ICMP about clients that nobody answered. */
async function explainSilence(capture: Capture, allocations: readonly TurnAllocation[], turns: Turns): Promise<void> {
  const silent = allocations.filter(
    ({ link, allocates }) => link.clientFlow !== 0 && allocates.some((t) => !t.isAnswered),
  );
  if (silent.length === 0) return;
  const flows = [...new Set(silent.map(({ link }) => link.clientFlow))];
  const found = await findUnreachable(capture, flows, turns);
  for (const allocation of silent) allocation.unreachable = found.get(allocation.link.clientFlow) ?? null;
}

class TurnReading {
  readonly allocations: TurnAllocation[] = [];
  readonly allocationOfRow = new U32Column();
  private readonly store: CaptureStore;
  private readonly layer: LayerTable<StunColumns>;
  private readonly links: TurnLink[] = [];
  /** Link + 1 by the client's flow, and by the server's. */
  private readonly byClient: Uint32Array;
  private readonly byServer: Uint32Array;
  private readonly channelCounts = new Map<number, number>();
  private readonly transactions: TurnTransactions;
  private readonly byConnectionId = new Map<number, TurnAllocation>();

  constructor(store: CaptureStore, layer: LayerTable<StunColumns>) {
    this.store = store;
    this.layer = layer;
    this.byClient = new Uint32Array(store.flows.count + 1);
    this.byServer = new Uint32Array(store.flows.count + 1);
    this.transactions = new TurnTransactions(layer, (from, to) => store.frames.secondsBetween(from, to));
  }

  get hasLinks(): boolean {
    return this.links.length > 0;
  }

  /** Takes note of the client and the server that a row of TURN shows. */
  findLink(row: number): void {
    const flow = this.store.flowOf(this.layer, row);
    const kind = kindOf(this.layer, row);
    if (kind === Kind.ChannelData) {
      const count = this.channelCounts.get(flow) ?? 0;
      if (count > 0 || this.channelCounts.size < MAX_LINKS) this.channelCounts.set(flow, count + 1);
      return;
    }
    // An answer alone may come from an address that was not asked: see `take`.
    if (kind === Kind.Other || kind === Kind.Answer || methodOf(this.layer, row) === StunMethod.Binding) return;
    const reverse = this.store.flows.reverse[flow];
    if (isOfClient(this.layer, row)) this.addLink(flow, reverse);
    else this.addLink(reverse, flow);
  }

  /** Where ChannelData is all that was captured, the side with a port of TURN is the server, else the one who spoke later. */
  findChannelLinks(): void {
    const { flows } = this.store;
    for (const [flow, count] of this.channelCounts) {
      const reverse = flows.reverse[flow];
      if (count < FEWEST_CHANNEL_DATA || this.linkOf(flow) !== null) continue;
      const isFromServer = TURN_PORTS.has(flows.sourcePort(flow)) && !TURN_PORTS.has(flows.destinationPort(flow));
      if (isFromServer) this.addLink(reverse, flow);
      else this.addLink(flow, reverse);
    }
  }

  take(row: number): void {
    const carried = this.layer.flow.get(row);
    const kind = kindOf(this.layer, row);
    if (carried !== 0 && this.takeCarried(row, carried)) return;
    const flow = this.store.flowOf(this.layer, row);
    if (kind === Kind.Answer && this.linkOf(flow) === null && !this.takeStray(row, flow)) {
      // The requests went another way than the capture's.
      if (methodOf(this.layer, row) !== StunMethod.Binding) this.addLink(this.store.flows.reverse[flow], flow);
    }
    const link = this.linkOf(flow);
    if (link === null) return;
    const isSent = flow === link.clientFlow;
    if (kind === Kind.Other || (methodOf(this.layer, row) === StunMethod.Binding && this.isCheck(row))) return;
    const allocation = this.allocationFor(link, row, kind, isSent);
    if (allocation === null) return;
    allocation.touch(this.layer.frame.get(row));
    this.allocationOfRow.set(row, allocation.index + 1);
    this.dispatch(allocation, kind, isSent, row, flow);
  }

  /** Draws the conclusions that need the end of the capture. */
  finish(connectionEnds: ReadonlyMap<number, number>): void {
    const { frames } = this.store;
    const endTime = frames.latest < 0 ? 0 : frames.time(frames.latest);
    for (const allocation of this.allocations) {
      const { link } = allocation;
      if (link.isTcp) {
        const ends = [link.clientFlow, link.serverFlow].map((flow) => connectionEnds.get(flow) ?? -1);
        const end = Math.max(...ends);
        if (end >= allocation.lastFrame) allocation.connectionEndFrame = end;
      }
      allocation.finish(endTime);
    }
  }

  private dispatch(allocation: TurnAllocation, kind: Kind, isSent: boolean, row: number, flow: number): void {
    const link = this.indexOf(flow);
    if (kind === Kind.ChannelData) allocation.takeChannelData(isSent, row);
    else if (kind === Kind.Data) allocation.takeIndication(isSent, row);
    else if (kind === Kind.Attempt) {
      allocation.connectionAttempts.add(this.layer.frame.get(row), 0);
      this.noteConnection(row, allocation);
    } else if (kind === Kind.Request && isSent) {
      const transaction = this.transactions.request(row, methodOf(this.layer, row), link);
      if (transaction !== null) allocation.takeRequest(transaction, row);
    } else if (kind === Kind.Answer && !isSent) {
      if (this.transactions.find(row, methodOf(this.layer, row), link) === null && this.takeStray(row, flow)) return;
      const transaction = this.transactions.answer(row, methodOf(this.layer, row), link);
      if (transaction !== null) this.takeAnswer(allocation, transaction, row);
      if (methodOf(this.layer, row) === StunMethod.Connect) this.noteConnection(row, allocation);
    }
  }

  private takeAnswer(allocation: TurnAllocation, transaction: TurnTransaction, row: number): void {
    const isAnother =
      transaction.answerRow === row &&
      transaction.isSuccess &&
      transaction.method === StunMethod.Allocate &&
      allocation.isGranted &&
      !allocation.isClassic &&
      this.layer.rows.columns.relayedAddress.get(row) !== allocation.relayed;
    const owner = isAnother ? this.begin(allocation.link, row, transaction.firstFrame) : null;
    if (owner !== null) {
      allocation.giveUp(transaction);
      owner.takeRequest(transaction, transaction.requestRow < 0 ? row : transaction.requestRow);
      owner.touch(transaction.answerFrame);
    }
    (owner ?? allocation).takeAnswer(transaction, row);
  }

  /** The life on a link that a row belongs to: the current one, or a new one; null where there are too many. */
  private allocationFor(link: TurnLink, row: number, kind: Kind, isSent: boolean): TurnAllocation | null {
    const { current } = link;
    const frame = this.layer.frame.get(row);
    const method = methodOf(this.layer, row);
    if (current === null && method === StunMethod.ConnectionBind) {
      const owner = this.byConnectionId.get(this.layer.rows.columns.connectionId.get(row));
      if (owner !== undefined) {
        link.current = owner;
        link.isDataConnection = true;
        return owner;
      }
    }
    if (current === null && kind === Kind.Request && method === StunMethod.Refresh) {
      const moved = this.movedFrom(link, row);
      if (moved !== null) {
        link.current = moved;
        moved.movedTo = link;
        return moved;
      }
    }
    const isNewTry = kind === Kind.Request && isSent && method === StunMethod.Allocate && !this.isRepeat(row, link);
    const begins = current === null || (isNewTry && !link.isDataConnection && this.isPast(current, frame));
    return begins ? this.begin(link, row, frame) : current;
  }

  private begin(link: TurnLink, row: number, frame: number): TurnAllocation | null {
    if (this.allocations.length >= MAX_ALLOCATIONS) return null;
    const allocation = new TurnAllocation(this.allocations.length, link, this.store, this.layer, frame);
    allocation.isClassic = this.layer.rows.columns.kind.get(row) === StunKind.Classic;
    allocation.isTls = this.layer.pieces.get(row)?.[0].record !== undefined;
    this.allocations.push(allocation);
    link.current = allocation;
    return allocation;
  }

  /** The allocation whose client shows its ticket from another address (RFC 8016 section 3.2). */
  private movedFrom(link: TurnLink, row: number): TurnAllocation | null {
    const c = this.layer.rows.columns;
    if ((c.flags.get(row) & StunFlag.MobilityTicket) === 0) return null;
    const { flows } = this.store;
    const server = flows.destinationEndpoint(link.clientFlow);
    const isIt = ({ hasTicket, movedTo, username, link: old }: TurnAllocation): boolean =>
      hasTicket &&
      movedTo === null &&
      username === c.username.get(row) &&
      old.clientFlow !== 0 &&
      flows.destinationEndpoint(old.clientFlow) === server;
    return this.allocations.findLast(isIt) ?? null;
  }

  private isRepeat(row: number, link: TurnLink): boolean {
    return this.transactions.find(row, StunMethod.Allocate, this.indexOf(link.clientFlow)) !== null;
  }

  /** Whether an Allocate request at `frame` begins another life. */
  private isPast(allocation: TurnAllocation, frame: number): boolean {
    if (allocation.isGranted) return allocation.isOverAt(frame);
    if (allocation.allocates.length === 0) return false;
    return this.store.frames.secondsBetween(allocation.lastFrame, frame) > TRY_AGAIN_SECONDS;
  }

  /** STUN inside what a relay carries, whose own row stands before. False where it is no relay's. */
  private takeCarried(row: number, flow: number): boolean {
    const { flows, frames } = this.store;
    const outer = flows.carrier(flow)?.flow || frames.flow.get(this.layer.frame.get(row));
    const allocation = this.linkOf(outer)?.current ?? null;
    if (allocation === null || this.linkOf(flow) !== null) return false;
    this.allocationOfRow.set(row, allocation.index + 1);
    allocation.takeCheck(row, this.carriedRoundTripMs(row, flow, allocation.isDataSent));
    return true;
  }

  /** Of the answer to a check that the client sent. */
  private carriedRoundTripMs(row: number, flow: number, isSent: boolean): number | null {
    const messageClass = this.layer.rows.columns.class.get(row);
    const method = methodOf(this.layer, row);
    // Links count from 1: what is carried has the numbers below 0.
    if (isSent && messageClass === StunClass.Request) this.transactions.request(row, method, -flow);
    if (isSent || messageClass !== StunClass.Success) return null;
    const asked = this.transactions.find(row, method, -this.store.flows.reverse[flow]);
    if (asked === null || asked.isAnswered) return null;
    asked.takeAnswer(this.layer, row);
    return this.store.frames.secondsBetween(asked.lastRequestFrame, asked.answerFrame) * 1000;
  }

  /** An answer from an address that was not asked, to the address that did. */
  private takeStray(row: number, flow: number): boolean {
    const { flows } = this.store;
    const client = flows.destinationEndpoint(flow);
    const asked = this.transactions.findWhere(
      row,
      methodOf(this.layer, row),
      (link) => link > 0 && flows.sourceEndpoint(this.links[link - 1].clientFlow) === client,
    );
    if (asked === null || asked.strayFlow !== 0) return asked !== null;
    asked.strayFlow = flow;
    asked.strayFrame = this.layer.frame.get(row);
    const allocation = this.links[asked.link - 1].current;
    if (allocation !== null) {
      allocation.touch(asked.strayFrame);
      this.allocationOfRow.set(row, allocation.index + 1);
    }
    return true;
  }

  private noteConnection(row: number, allocation: TurnAllocation): void {
    const id = this.layer.rows.columns.connectionId.get(row);
    if (id !== 0 && this.byConnectionId.size < MAX_LINKS) this.byConnectionId.set(id, allocation);
  }

  /** The link of a flow, counted from 1; 0 for none. */
  private indexOf(flow: number): number {
    return this.byClient[flow] || this.byServer[flow];
  }

  private linkOf(flow: number): TurnLink | null {
    const link = this.indexOf(flow);
    return link === 0 ? null : this.links[link - 1];
  }

  private addLink(clientFlow: number, serverFlow: number): void {
    if (this.linkOf(clientFlow) !== null || this.linkOf(serverFlow) !== null || this.links.length >= MAX_LINKS) return;
    this.links.push(new TurnLink(clientFlow, serverFlow, this.store.flows.isTcp(clientFlow || serverFlow)));
    if (clientFlow !== 0) this.byClient[clientFlow] = this.links.length;
    if (serverFlow !== 0) this.byServer[serverFlow] = this.links.length;
  }

  /** A Binding with a user name is a connectivity check of ICE, not a question to a server. */
  private isCheck(row: number): boolean {
    const c = this.layer.rows.columns;
    if (c.class.get(row) === StunClass.Request) return c.username.get(row) !== 0;
    const link = this.linkOf(this.store.flowOf(this.layer, row));
    if (link === null) return true;
    return this.transactions.find(row, StunMethod.Binding, this.indexOf(link.serverFlow)) === null;
  }
}
