import { SDP_COLUMNS, type SdpColumns } from '../../../dissectors/sdp/columns.ts';
import { VERTO_COLUMNS, type VertoColumns, VertoKind } from '../../../dissectors/verto/columns.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import type { VertoDescriptions } from '../../websocket/verto-descriptions.ts';
import type { Side } from '../calls/call.ts';
import type { Tracker } from '../tracker.ts';
import { VertoCall } from './verto-call.ts';

const MAX_ROWS_OF_CALL = 4096;
/** What the callee's side says before it answers. */
const RINGING = new Set(['verto.media', 'verto.ringing', 'verto.progress']);

/** A media section that a message of Verto announced. */
export interface VertoSection {
  readonly call: VertoCall;
  readonly side: Side;
}

/** Messages of Verto to calls, one for each callID, in order of appearance. */
export class VertoTracker implements Tracker {
  readonly id = 'verto';
  readonly calls: VertoCall[] = [];
  readonly verto: LayerTable<VertoColumns> | null;
  private readonly store: CaptureStore;
  private readonly sdp: LayerTable<SdpColumns> | null;
  private readonly descriptions: VertoDescriptions;
  /** By interned callID. */
  private readonly byCallId = new Map<number, VertoCall>();
  /** Invites that wait for their answer, by flow and id of the request. */
  private readonly invites = new Map<string, VertoCall>();
  private cursor = 0;

  constructor(store: CaptureStore, descriptions: VertoDescriptions) {
    this.store = store;
    this.descriptions = descriptions;
    this.verto = store.layer('verto', VERTO_COLUMNS);
    this.sdp = store.layer('sdp', SDP_COLUMNS);
  }

  advance(): void {
    const count = this.verto?.count ?? 0;
    for (; this.cursor < count; this.cursor++) this.take(this.cursor);
  }

  finish(): void {
    this.advance();
  }

  /** Whose media section a row of the SDP table is; null where no message of Verto holds it. */
  sectionOf(sdpRow: number): VertoSection | null {
    const row = this.descriptions.vertoRow.get(sdpRow) - 1;
    if (row < 0 || this.verto === null) return null;
    const call = this.byCallId.get(this.verto.rows.columns.callId.get(row));
    const side = call?.sideOf(this.store.flowOf(this.verto, row)) ?? null;
    return call === undefined || side === null ? null : { call, side };
  }

  /** The first SDP row of the other side with the same index, -1 where there is none. */
  counterpartOf(sdpRow: number): number {
    const { sdp } = this;
    const own = this.sectionOf(sdpRow);
    if (sdp === null || own === null || this.verto === null) return -1;
    const { index } = sdp.rows.columns;
    for (const row of own.call.rows) {
      const frame = this.verto.frame.get(row);
      for (let other = sdp.firstRowOf(frame); other < sdp.count && sdp.frame.get(other) === frame; other++) {
        if (index.get(other) !== index.get(sdpRow)) continue;
        const section = this.sectionOf(other);
        if (section?.call === own.call && section.side !== own.side) return other;
      }
    }
    return -1;
  }

  private take(row: number): void {
    if (this.verto === null) return;
    const { strings } = this.store;
    const c = this.verto.rows.columns;
    const flow = this.store.flowOf(this.verto, row);
    if (c.kind.get(row) !== VertoKind.Request) {
      this.takeAnswer(row, flow, c.kind.get(row) === VertoKind.Error);
      return;
    }
    const method = strings.text(c.method.get(row));
    const call = this.callOf(row, method === 'verto.invite' || method === 'verto.bye');
    if (call === null) return;
    const frame = this.verto.frame.get(row);
    if (method === 'verto.invite') {
      if (call.inviteFrame >= 0) return;
      call.inviteFrame = frame;
      call.callerFlow = flow;
      call.callerNumber = strings.text(c.callerNumber.get(row));
      call.callerName = strings.text(c.callerName.get(row));
      call.calleeNumber = strings.text(c.calleeNumber.get(row));
      this.invites.set(this.requestKey(flow, row), call);
    } else if (method === 'verto.answer') {
      if (call.answerFrame < 0) call.answerFrame = frame;
    } else if (method === 'verto.bye') {
      if (call.byeFrame >= 0) return;
      call.byeFrame = frame;
      call.byeFlow = flow;
      call.cause = strings.text(c.text.get(row));
    } else if (RINGING.has(method) && call.ringFrame < 0) {
      call.ringFrame = frame;
    }
  }

  private takeAnswer(row: number, flow: number, isError: boolean): void {
    const key = this.requestKey(this.store.flows.reverse[flow], row);
    const invited = this.invites.get(key);
    this.invites.delete(key);
    if (invited === undefined) {
      this.callOf(row, false);
      return;
    }
    if (invited.rows.length < MAX_ROWS_OF_CALL) invited.rows.push(row);
    if (!isError || this.verto === null) return;
    invited.isRefused = true;
    invited.cause = this.store.strings.text(this.verto.rows.columns.text.get(row));
  }

  /** The call that a message names, begun where `isNew` allows it; the message is one of its rows. */
  private callOf(row: number, isNew: boolean): VertoCall | null {
    if (this.verto === null) return null;
    const callId = this.verto.rows.columns.callId.get(row);
    let call = this.byCallId.get(callId);
    if (call === undefined) {
      if (callId === 0 || !isNew) return null;
      call = new VertoCall(this.calls.length, this.store.strings.text(callId), this.verto.frame.get(row));
      this.calls.push(call);
      this.byCallId.set(callId, call);
    }
    if (call.rows.length < MAX_ROWS_OF_CALL) call.rows.push(row);
    return call;
  }

  private requestKey(flow: number, row: number): string {
    return `${flow} ${this.verto?.rows.columns.id.get(row) ?? 0}`;
  }
}
