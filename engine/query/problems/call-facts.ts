import { SdpDirection, SdpFlag, SDP_COLUMNS } from '../../../dissectors/sdp/sdp.ts';
import { SipFlag } from '../../../dissectors/sip/sip.ts';
import type { Capture } from '../../capture.ts';
import { shownFlow } from '../../hep/shown-flow.ts';
import type { Call, Side } from '../../trackers/calls/call.ts';
import { Repeat } from '../../trackers/calls/call-tracker.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { nameOf } from '../call-list.ts';
import { callId, partiesOf } from '../call-rows.ts';
import { quoted } from './finding.ts';

/** A SIP message of a call, as far as rules look at it. What was captured twice is left out. */
export interface Message {
  readonly row: number;
  readonly frame: number;
  readonly flow: number;
  /** 0 of a request. */
  readonly status: number;
  /** Of a response, that of its CSeq. */
  readonly method: number;
  readonly cseq: number;
  readonly toTag: number;
  readonly isRepeat: boolean;
}

/** A media section as a side announced it. */
export interface Section {
  readonly frame: number;
  readonly side: Side;
  /** Where the message came from. */
  readonly sender: string;
  readonly address: string;
  readonly port: number;
  readonly isSendRecv: boolean;
}

/** What rules ask about a call or another exchange; what takes a walk is made when it is first asked for. */
export class CallFacts {
  readonly capture: Capture;
  readonly call: Call;
  readonly id: string;
  readonly isCall: boolean;
  readonly streams: readonly Stream[];
  /** Messages of it that were sent again. */
  readonly repeats: number;
  private messageList: readonly Message[] | null = null;
  private sectionList: readonly Section[] | null = null;

  constructor(capture: Capture, call: Call, streams: readonly Stream[], repeats: number) {
    this.capture = capture;
    this.call = call;
    this.id = callId(call);
    this.isCall = capture.calls.isCall(call);
    this.streams = streams;
    this.repeats = repeats;
  }

  get messages(): readonly Message[] {
    if (this.messageList === null) {
      const { calls, store } = this.capture;
      const c = calls.sip.rows.columns;
      const list: Message[] = [];
      for (const row of calls.rowsOf(this.call)) {
        if (calls.repeat.get(row) === Repeat.CapturedTwice) continue;
        const frame = calls.sip.frame.get(row);
        const status = c.status.get(row);
        list.push({
          row,
          frame,
          flow: store.flowOf(calls.sip, row),
          status,
          method: status === 0 ? c.method.get(row) : c.cseqMethod.get(row),
          cseq: c.cseq.get(row),
          toTag: c.toTag.get(row),
          isRepeat: calls.repeat.get(row) === Repeat.Retransmission,
        });
      }
      this.messageList = list;
    }
    return this.messageList;
  }

  /** Audio sections that were not refused, in the order they were announced. */
  get sections(): readonly Section[] {
    return (this.sectionList ??= this.findSections());
  }

  /** `alice`, or `the caller` where the capture has no name for that side. */
  who(side: Side): string {
    const { from, to } = partiesOf(this.capture, this.call, false);
    const name = nameOf(side === 'caller' ? from : to);
    return name === null ? `the ${side}` : quoted(name, 40);
  }

  /** Seconds from a frame to the end of the capture. */
  quietAfter(frame: number): number {
    const { frames } = this.capture.store;
    return frames.secondsBetween(frame, frames.count - 1);
  }

  /** Seconds that the call was up in the capture; 0 where it was not answered. */
  get talkSeconds(): number {
    const { calls, store } = this.capture;
    const { answerFrame, byeRow } = this.call;
    if (answerFrame < 0) return 0;
    const end = byeRow < 0 ? store.frames.count - 1 : calls.sip.frame.get(byeRow);
    return store.frames.secondsBetween(answerFrame, end);
  }

  /** Address that a frame came from; '' where it has none. */
  sourceOf(frame: number): string {
    const { store } = this.capture;
    const { flows } = store;
    const flow = shownFlow(store, frame);
    return flow === 0 ? '' : flows.sourceAddress(flow);
  }

  destinationOf(frame: number): string {
    const { store } = this.capture;
    const { flows } = store;
    const flow = shownFlow(store, frame);
    return flow === 0 ? '' : flows.destinationAddress(flow);
  }

  frameOf(row: number): number {
    return row < 0 ? -1 : this.capture.calls.sip.frame.get(row);
  }

  private findSections(): Section[] {
    const { calls, store } = this.capture;
    const sdp = store.layer('sdp', SDP_COLUMNS);
    if (sdp === null) return [];
    const c = sdp.rows.columns;
    const list: Section[] = [];
    for (const { row, frame } of this.messages) {
      if ((calls.sip.rows.columns.flags.get(row) & SipFlag.sdp) === 0) continue;
      for (let s = sdp.firstRowOf(frame); s < sdp.count && sdp.frame.get(s) === frame; s++) {
        if (sdp.parent.get(s) - 1 !== row || store.strings.text(c.media.get(s)) !== 'audio') continue;
        if ((c.flags.get(s) & SdpFlag.rejected) !== 0) continue;
        list.push({
          frame,
          side: calls.sideOf(this.call, row),
          sender: this.sourceOf(frame),
          address: store.strings.text(c.address.get(s)),
          port: c.port.get(s),
          isSendRecv: c.direction.get(s) === SdpDirection.sendrecv,
        });
      }
    }
    return list;
  }
}
