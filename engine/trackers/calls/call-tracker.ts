import { U8Column, U32Column } from '../../../base/columns.ts';
import { SIP_COLUMNS, type SipColumns } from '../../../dissectors/sip/columns.ts';
import { SipMethod } from '../../../dissectors/sip/methods.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import type { Tracker } from '../tracker.ts';
import { Call, type Dialog, type Side } from './call.ts';
import { AgentSightings } from './agent-sightings.ts';
import { MessageSet } from './message-set.ts';

/** What a message is to the ones before it. */
export const Repeat = {
  None: 0,
  /** Sent again by its sender (RFC 3261 section 17). */
  Retransmission: 1,
  /** The same packet, captured a second time. */
  CapturedTwice: 2,
} as const;

/** T1 is 500 ms (RFC 3261 17.1.1.1): what comes again this soon was not sent again. */
const CAPTURED_TWICE_SECONDS = 0.02;

/** Messages that belong to a session: any of them makes its Call-ID a call. */
const SESSION_METHODS =
  (1 << SipMethod.INVITE) |
  (1 << SipMethod.ACK) |
  (1 << SipMethod.BYE) |
  (1 << SipMethod.CANCEL) |
  (1 << SipMethod.PRACK);

/**
 * SIP messages to calls, registrations and other exchanges: one entry for each Call-ID, in order of appearance. Rows
 * are linked, so an entry's messages are found without a list of their own.
 */
export class CallTracker implements Tracker {
  readonly id = 'calls';
  /** One for each Call-ID: calls and the rest. */
  readonly entries: Call[] = [];
  readonly sip: LayerTable<SipColumns>;
  /** Index (+ 1) of the entry each SIP row belongs to; 0 for a message without Call-ID. */
  readonly callOfRow = new U32Column();
  /** Next row (+ 1) of the same entry. */
  readonly nextOfRow = new U32Column();
  /** Newest row (+ 1) that is the same message as this one, which came first; 0 where there is none. */
  private readonly latestOfRow = new U32Column();
  /** One of `Repeat`. */
  readonly repeat = new U8Column();
  private readonly store: CaptureStore;
  private readonly sightings: AgentSightings;
  private readonly entryOfCallId = new U32Column();
  private readonly seen: MessageSet;
  private cursor = 0;

  constructor(store: CaptureStore) {
    this.store = store;
    const sip = store.layer('sip', SIP_COLUMNS);
    if (sip === null) throw new Error('the call tracker needs the sip dissector');
    this.sip = sip;
    this.sightings = new AgentSightings(sip);
    const c = sip.rows.columns;
    const flowOf = (row: number): number => store.flowOf(sip, row);
    this.seen = new MessageSet(
      (a, b) =>
        c.callId.get(a) === c.callId.get(b) &&
        c.branch.get(a) === c.branch.get(b) &&
        c.method.get(a) === c.method.get(b) &&
        c.status.get(a) === c.status.get(b) &&
        c.cseq.get(a) === c.cseq.get(b) &&
        c.cseqMethod.get(a) === c.cseqMethod.get(b) &&
        c.toTag.get(a) === c.toTag.get(b) &&
        c.fromTag.get(a) === c.fromTag.get(b) &&
        c.rseq.get(a) === c.rseq.get(b) &&
        // What a tunnel carries is the same message on both sides of it.
        store.flows.haveSameEnds(flowOf(a), flowOf(b)),
    );
  }

  advance(): void {
    for (; this.cursor < this.sip.count; this.cursor++) this.take(this.cursor);
  }

  finish(): void {
    this.advance();
  }

  /** Whether an entry is a call: some message of it set up or used a session. */
  isCall(entry: Call): boolean {
    return (entry.methods & SESSION_METHODS) !== 0;
  }

  /** Rows of an entry, in capture order. */
  rowsOf(entry: Call): number[] {
    const rows: number[] = [];
    for (let row = entry.firstRow; row >= 0; row = this.nextOfRow.get(row) - 1) rows.push(row);
    return rows;
  }

  /** Whether the capture shows who called: by the INVITE, or by its answer. Either side may have sent what comes later. */
  knowsSides(entry: Call): boolean {
    return entry.inviteRow >= 0 || entry.answerFrame >= 0;
  }

  /** The side that sent a message: by the From tag of requests, the To side of responses. */
  sideOf(entry: Call, row: number): Side {
    const c = this.sip.rows.columns;
    const fromCaller = c.fromTag.get(row) === entry.callerTag;
    const isRequest = c.status.get(row) === 0;
    return fromCaller === isRequest ? 'caller' : 'callee';
  }

  private take(row: number): void {
    const c = this.sip.rows.columns;
    const callId = c.callId.get(row);
    if (callId === 0) return;
    const entry = this.entryFor(callId, row);
    this.callOfRow.set(row, entry.index + 1);
    if (entry.lastRow !== row) {
      this.nextOfRow.set(entry.lastRow, row + 1);
      entry.lastRow = row;
    }
    entry.messages++;
    const first = this.seen.add(row, this.hashOf(row));
    if (first >= 0) {
      const last = this.latestOfRow.get(first) - 1;
      this.latestOfRow.set(first, row + 1);
      const before = this.sightings.take(first, row, last < 0 ? first : last);
      const isCopy = before < 0 || this.store.secondsBetween(this.sip, before, row) < CAPTURED_TWICE_SECONDS;
      this.repeat.set(row, isCopy ? Repeat.CapturedTwice : Repeat.Retransmission);
      // It was sent once, however many agents reported it.
      if (isCopy && (before < 0 || this.sip.agent.get(row) !== 0)) entry.messages--;
      return;
    }
    const status = c.status.get(row);
    if (status === 0) this.request(entry, row, c.method.get(row));
    else this.response(entry, row, status, c.cseqMethod.get(row));
  }

  private hashOf(row: number): number {
    const c = this.sip.rows.columns;
    let hash = Math.imul(c.callId.get(row) ^ (c.method.get(row) << 20) ^ (c.status.get(row) << 10), 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ c.cseq.get(row) ^ (c.branch.get(row) << 3), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  private entryFor(callId: number, row: number): Call {
    const known = this.entryOfCallId.get(callId);
    if (known !== 0) return this.entries[known - 1];
    const entry = new Call(this.entries.length, callId, row);
    entry.callerTag = this.callerTagOf(row);
    this.entries.push(entry);
    this.entryOfCallId.set(callId, entry.index + 1);
    return entry;
  }

  /** Until an INVITE says more, the sender of the first message's transaction counts as the caller. */
  private callerTagOf(row: number): number {
    return this.sip.rows.columns.fromTag.get(row);
  }

  private request(entry: Call, row: number, method: number): void {
    const c = this.sip.rows.columns;
    entry.methods |= 1 << method;
    switch (method) {
      case SipMethod.INVITE:
        if (c.toTag.get(row) !== 0) {
          // A re-INVITE: the call is already up.
          if (!this.knowsSides(entry)) entry.reinviteSequence = c.cseq.get(row);
          return;
        }
        if (entry.inviteRow < 0) {
          entry.inviteRow = row;
          entry.callerTag = c.fromTag.get(row);
        }
        if (c.cseq.get(row) > entry.inviteSequence && c.fromTag.get(row) === entry.callerTag) {
          // Another attempt (with credentials, after a redirect): what the last one came to is history.
          entry.inviteSequence = c.cseq.get(row);
          if (entry.answerFrame < 0) {
            entry.finalStatus = 0;
            entry.finalRow = -1;
            entry.dialogs = null;
          }
        }
        return;
      case SipMethod.CANCEL:
        if (entry.cancelRow < 0) entry.cancelRow = row;
        return;
      case SipMethod.BYE:
        this.endDialog(entry, row);
        return;
      default:
    }
  }

  private response(entry: Call, row: number, status: number, method: number): void {
    const c = this.sip.rows.columns;
    entry.methods |= 1 << method;
    if (method !== SipMethod.INVITE) {
      if (status >= 200) {
        entry.otherStatus = status;
        entry.otherRow = row;
      }
      return;
    }
    // Responses of the caller's newest attempt only: not those of a re-INVITE.
    if (c.fromTag.get(row) !== entry.callerTag) return;
    if (entry.inviteSequence >= 0 && c.cseq.get(row) !== entry.inviteSequence) return;
    if (!this.knowsSides(entry)) {
      if (c.cseq.get(row) === entry.reinviteSequence) return;
      entry.inviteSequence = c.cseq.get(row);
    }
    this.noteDialog(entry, c.toTag.get(row), status);
    const frame = this.sip.frame.get(row);
    if (status < 200) {
      if (status > entry.provisionalStatus) entry.provisionalStatus = status;
      if (status >= 180 && entry.ringRow < 0) entry.ringRow = row;
    } else if (status < 300) {
      if (entry.answerFrame < 0) {
        entry.answerFrame = frame;
        entry.finalStatus = status;
        entry.finalRow = row;
      }
    } else if (entry.answerFrame < 0) {
      entry.finalStatus = status;
      entry.finalRow = row;
    }
  }

  private noteDialog(entry: Call, tag: number, status: number): void {
    if (tag === 0 || status === 100) return;
    const known = entry.dialogs?.find((dialog) => dialog.tag === tag);
    if (known === undefined) {
      const dialog = { tag, status, isEnded: false };
      if (entry.dialogs === null) entry.dialogs = [dialog];
      else entry.dialogs.push(dialog);
    } else if (!isConfirmed(known)) {
      known.status = Math.max(known.status, status);
    }
  }

  /** A call that more than one phone answered goes on until the last of its dialogs has ended. */
  private endDialog(entry: Call, row: number): void {
    const c = this.sip.rows.columns;
    const side = this.sideOf(entry, row);
    const tag = (side === 'caller' ? c.toTag : c.fromTag).get(row);
    const dialog = entry.dialogs?.find((candidate) => candidate.tag === tag);
    if (dialog !== undefined) {
      dialog.isEnded = true;
      if (entry.dialogs?.some((other) => isConfirmed(other) && !other.isEnded)) return;
    }
    if (entry.byeRow >= 0) return;
    entry.byeRow = row;
    entry.byeSide = this.knowsSides(entry) ? side : null;
  }
}

function isConfirmed(dialog: Dialog): boolean {
  return dialog.status >= 200 && dialog.status < 300;
}
