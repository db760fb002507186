/** What of STUN and TURN becomes an arrow of a ladder. */
import { type StunColumns, StunClass, StunFlag, StunKind } from '../../../dissectors/stun/columns.ts';
import { errorName, methodName, StunMethod } from '../../../dissectors/stun/methods.ts';
import type { Capture } from '../../capture.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import { Evidence } from '../../trackers/streams/stream.ts';
import type { IceKind, IceMembers } from './ice-members.ts';

/** A session or an allocation, by its number. */
export interface Entry {
  readonly kind: IceKind;
  readonly number: number;
}

/** What a row stands for beyond its own packet. */
export interface Counted {
  /** How many messages. */
  count: number;
  text: string;
  /** -1 where nothing is said of it. */
  lastFrame: number;
}

export interface Arrow {
  readonly frame: number;
  readonly label: string;
  /** The label where it has no room. */
  readonly short: string;
  readonly hint: string;
  /** 200 for a success, an error's code; null for what is no answer. */
  readonly status: number | null;
  /** Messages of one transaction share it. */
  readonly transaction: string;
  /** Frame of the message that this one repeats. */
  readonly repeats: number | null;
  readonly counted: Counted | null;
}

/** Checks one way, all answered or none, that have a row each; of more than a few the others are counted. */
const CHECKS_SHOWN = 2;
const FEW_CHECKS = 5;

/**
 * Arrows of an entry's STUN in order of capture. Checks that go on being answered (consent, RFC 7675), or not, and relayed data
 * are a row where they begin; `relayed` are the streams (indices) found inside. `clients` are the ends that speak to TURN servers.
 */
export function stunArrows(
  capture: Capture,
  members: IceMembers,
  entry: Entry,
  clients: ReadonlySet<string>,
): { arrows: Arrow[]; relayed: ReadonlySet<number> } {
  const { stun } = members;
  return stun === null
    ? { arrows: [], relayed: new Set() }
    : new StunArrows(capture, members, stun, entry, clients).draw();
}

class StunArrows {
  private readonly capture: Capture;
  private readonly members: IceMembers;
  private readonly stun: LayerTable<StunColumns>;
  private readonly entry: Entry;
  private readonly clients: ReadonlySet<string>;
  private readonly arrows: Arrow[] = [];
  private readonly relayed = new Set<number>();
  /** Frames of requests and answers seen, by what tells them apart. */
  private readonly firsts = new Map<string, number>();
  private readonly answered = new Set<string>();
  /** The last run of checks of each flow, and the run of each check by its transaction. */
  private readonly lastRuns = new Map<number, CheckRun>();
  private readonly runs = new Map<string, CheckRun>();
  private readonly hidden = new Set<string>();
  private readonly data = new Map<string, DataCount>();

  constructor(
    capture: Capture,
    members: IceMembers,
    stun: LayerTable<StunColumns>,
    entry: Entry,
    clients: ReadonlySet<string>,
  ) {
    this.capture = capture;
    this.members = members;
    this.stun = stun;
    this.entry = entry;
    this.clients = clients;
  }

  draw(): { arrows: Arrow[]; relayed: ReadonlySet<number> } {
    const rows = this.rows();
    const c = this.stun.rows.columns;
    for (const row of rows) {
      if (c.class.get(row) >= StunClass.Success) this.answered.add(this.transaction(row));
    }
    for (const row of rows) this.countCheck(row);
    rows.forEach((row, i) => this.take(row, this.carriesShown(row, rows[i + 1])));
    return { arrows: this.arrows, relayed: this.relayed };
  }

  private rows(): number[] {
    const { kind, number } = this.entry;
    const rows: number[] = [];
    for (let row = 0; row < this.stun.count; row++) {
      const own = kind === 'session' ? this.members.sessionOfStun(row) : this.members.allocationOfStun(row);
      if (own === number) rows.push(row);
    }
    return rows;
  }

  /** Whether what a row carries has an arrow of its own: the row that follows in the same frame. */
  private carriesShown(row: number, next: number | undefined): boolean {
    const { frame, flow } = this.stun;
    return next !== undefined && frame.get(next) === frame.get(row) && flow.get(next) !== 0 && flow.get(row) === 0;
  }

  private take(row: number, isCarrier: boolean): void {
    const c = this.stun.rows.columns;
    const kind = c.kind.get(row);
    const isData =
      kind === StunKind.ChannelData || kind === StunKind.Frame || c.class.get(row) === StunClass.Indication;
    if (isData && ((c.flags.get(row) & StunFlag.HasData) !== 0 || kind !== StunKind.Message)) {
      if (!isCarrier && !this.isShownOtherwise(row)) this.countData(row);
      return;
    }
    if (c.method.get(row) === StunMethod.Binding && this.isFolded(row)) return;
    this.message(row);
  }

  /** Media of a stream is a band, DTLS of a session has arrows of its own. */
  private isShownOtherwise(row: number): boolean {
    const { streams } = this.capture;
    const frame = this.stun.frame.get(row);
    const rtpRow = streams.rtp.firstRowOf(frame);
    if (rtpRow < streams.rtp.count && streams.rtp.frame.get(rtpRow) === frame) {
      const stream = streams.candidates[streams.streamOfRow.get(rtpRow) - 1];
      if (stream !== undefined && stream.evidence !== Evidence.None) {
        this.relayed.add(stream.index);
        return true;
      }
    }
    const { dtls } = this.members;
    if (dtls === null || this.entry.kind !== 'session') return false;
    const dtlsRow = dtls.firstRowOf(frame);
    const isDtls = dtlsRow < dtls.count && dtls.frame.get(dtlsRow) === frame;
    return isDtls && this.members.sessionOfDtls(dtlsRow) === this.entry.number;
  }

  private countData(row: number): void {
    const { store } = this.capture;
    const c = this.stun.rows.columns;
    const frame = this.stun.frame.get(row);
    const channel = c.channel.get(row);
    const isChannel = c.kind.get(row) === StunKind.ChannelData;
    const peer = isChannel ? '' : store.strings.text(c.peerAddress.get(row));
    const key = `${store.frames.flow.get(frame)} ${isChannel ? channel : peer} ${c.method.get(row)}`;
    let count = this.data.get(key);
    if (count === undefined) {
      count = new DataCount();
      this.data.set(key, count);
      const name = isChannel ? `ChannelData ${hex(channel)}` : c.kind.get(row) === StunKind.Frame ? 'Frames' : '';
      const label = name || `${methodName(c.method.get(row), c.kind.get(row) === StunKind.Classic)} indication`;
      const hint = peer === '' ? '' : `peer ${peer}`;
      const base = { frame, label, short: label.split(' ')[0], hint, status: null };
      this.arrows.push({ ...base, transaction: key, repeats: null, counted: count });
    }
    count.add(frame, c.dataLength.get(row));
  }

  /** Puts a check into its run, once. */
  private countCheck(row: number): void {
    const c = this.stun.rows.columns;
    if (c.class.get(row) !== StunClass.Request || c.method.get(row) !== StunMethod.Binding) return;
    const transaction = this.transaction(row);
    if (this.runs.has(transaction)) return;
    const flow = this.capture.store.flowOf(this.stun, row);
    const isAnswered = this.answered.has(transaction);
    let run = this.lastRuns.get(flow);
    if (run === undefined || run.isAnswered !== isAnswered) {
      run = { isAnswered, all: 0, shown: 0, wasNominated: false, more: null };
      this.lastRuns.set(flow, run);
    }
    run.all++;
    this.runs.set(transaction, run);
  }

  /** Whether a Binding message goes on in a row that counts, and counts it there. */
  private isFolded(row: number): boolean {
    const c = this.stun.rows.columns;
    const transaction = this.transaction(row);
    const isError = c.class.get(row) === StunClass.Error;
    const run = this.runs.get(transaction);
    const isRepeat = this.hidden.has(transaction);
    if (isRepeat && c.class.get(row) !== StunClass.Request) return !isError;
    if (c.class.get(row) !== StunClass.Request || run === undefined || run.all <= FEW_CHECKS) return false;
    const isNominated = (c.flags.get(row) & StunFlag.UseCandidate) !== 0;
    if (this.firsts.has(this.key(row))) return false;
    if (!isRepeat && (run.shown < CHECKS_SHOWN || (isNominated && !run.wasNominated))) {
      run.shown++;
      run.wasNominated ||= isNominated;
      return false;
    }
    this.hidden.add(transaction);
    const frame = this.stun.frame.get(row);
    if (run.more === null) {
      run.more = new CheckCount(run.isAnswered);
      const base = { frame, label: 'Binding request', short: 'Binding', hint: this.through(row), status: null };
      this.arrows.push({ ...base, transaction: `more ${row}`, repeats: null, counted: run.more });
    }
    run.more.add(frame);
    return true;
  }

  private message(row: number): void {
    const c = this.stun.rows.columns;
    const frame = this.stun.frame.get(row);
    const key = this.key(row);
    const first = this.firsts.get(key) ?? null;
    if (first === null) this.firsts.set(key, frame);
    const messageClass = c.class.get(row);
    const isError = messageClass === StunClass.Error;
    this.arrows.push({
      frame,
      ...this.words(row),
      hint: [this.about(row), this.through(row)].filter((text) => text !== '').join(', '),
      status: isError ? c.errorCode.get(row) || 400 : messageClass === StunClass.Success ? 200 : null,
      transaction: this.transaction(row),
      repeats: first,
      counted: null,
    });
  }

  private words(row: number): { label: string; short: string } {
    const c = this.stun.rows.columns;
    const { strings } = this.capture.store;
    const method = methodName(c.method.get(row), c.kind.get(row) === StunKind.Classic);
    switch (c.class.get(row)) {
      case StunClass.Error: {
        const code = c.errorCode.get(row);
        const label = `${code || 'error'} ${strings.text(c.reason.get(row)) || errorName(code)}`.trim();
        return { label: `${label} (${method})`, short: String(code || 'error') };
      }
      case StunClass.Success:
        return { label: `${method} success`, short: 'OK' };
      case StunClass.Indication:
        return { label: `${method} indication`, short: method };
      default: {
        const flags = c.flags.get(row);
        const nominates = (flags & StunFlag.UseCandidate) !== 0 ? ' USE-CANDIDATE' : '';
        return { label: `${method} request${nominates}`, short: method };
      }
    }
  }

  /** What a message asks for or gives. */
  private about(row: number): string {
    const c = this.stun.rows.columns;
    const text = (id: number): string => this.capture.store.strings.text(id);
    const channel = c.channel.get(row);
    const isSuccess = c.class.get(row) === StunClass.Success;
    const relayed = text(c.relayedAddress.get(row));
    const lifetime = c.lifetime.get(row);
    const alternate = text(c.alternateServer.get(row));
    const isRefresh = c.method.get(row) === StunMethod.Refresh;
    return [
      relayed === '' ? '' : `relayed ${relayed}`,
      channel === 0 ? '' : hex(channel),
      text(c.peerAddress.get(row)),
      isSuccess && relayed === '' ? text(c.mappedAddress.get(row)) : '',
      alternate === '' ? '' : `try ${alternate}`,
      isRefresh && lifetime > 0 ? `lifetime ${lifetime - 1} s` : '',
    ]
      .filter((part) => part !== '')
      .join(', ');
  }

  /** That something carries the message, and to whom it goes. */
  private through(row: number): string {
    const flow = this.stun.flow.get(row);
    const { flows } = this.capture.store;
    if (flow === 0 || flows.carrier(flow)?.protocol !== 'turn') return '';
    const outer = this.capture.store.frames.flow.get(this.stun.frame.get(row));
    const isOut = this.clients.has(flows.sourceEndpoint(outer));
    return isOut ? `relayed to ${flows.destinationEndpoint(flow)}` : `relayed from ${flows.sourceEndpoint(flow)}`;
  }

  private transaction(row: number): string {
    const { transaction0, transaction1, transaction2 } = this.stun.rows.columns;
    return `${transaction0.get(row)} ${transaction1.get(row)} ${transaction2.get(row)}`;
  }

  private key(row: number): string {
    const c = this.stun.rows.columns;
    const flow = this.capture.store.flowOf(this.stun, row);
    return `${flow} ${c.class.get(row)} ${c.method.get(row)} ${this.transaction(row)}`;
  }
}

/** Checks of a flow one after another that were all answered, or of which none was. */
interface CheckRun {
  readonly isAnswered: boolean;
  all: number;
  shown: number;
  wasNominated: boolean;
  /** What counts those that are not shown. */
  more: CheckCount | null;
}

class CheckCount implements Counted {
  lastFrame = -1;
  count = 0;
  private readonly isAnswered: boolean;

  constructor(isAnswered: boolean) {
    this.isAnswered = isAnswered;
  }

  add(frame: number): void {
    this.count++;
    this.lastFrame = frame;
  }

  get text(): string {
    return this.isAnswered ? 'all answered' : 'none answered';
  }
}

/** What went through a relay one way. */
class DataCount implements Counted {
  lastFrame = -1;
  count = 0;
  private lengthBytes = 0;

  add(frame: number, lengthBytes: number): void {
    this.count++;
    this.lengthBytes += lengthBytes;
    if (this.count > 1) this.lastFrame = frame;
  }

  get text(): string {
    return `${this.lengthBytes} octets`;
  }
}

function hex(channel: number): string {
  return `0x${channel.toString(16).padStart(4, '0')}`;
}
