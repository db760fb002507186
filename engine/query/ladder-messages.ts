import { SDP_COLUMNS, SDP_DIRECTIONS, SdpFlag, type SdpColumns } from '../../dissectors/sdp/columns.ts';
import { parseFormats } from '../../dissectors/sdp/parse-formats.ts';
import { SipMethod } from '../../dissectors/sip/methods.ts';
import type { CallMessage, CallRow } from '../../shared/api.ts';
import type { LadderMessage, LadderSection } from '../../shared/ladder.ts';
import type { Capture } from '../capture.ts';
import { formatEndpoint } from '../store/addresses.ts';
import type { LayerTable } from '../store/layer-table.ts';
import type { When } from './ladder-parts.ts';
import type { EndpointNames } from './ladder-endpoints.ts';

/** The messages of a call with what their session descriptions say; `sipRows` are those of `row.messages`. */
export function messageRows(
  capture: Capture,
  sipRows: readonly number[],
  row: CallRow,
  names: EndpointNames,
  when: (frame: number, later: number) => When,
): LadderMessage[] {
  const sdp = capture.store.layer('sdp', SDP_COLUMNS);
  const transactions = new Transactions(capture);
  const firsts = new Map<string, number>();
  return row.messages.map((message, i) => {
    const sipRow = sipRows[i];
    const isRepeat = message.retransmission || message.capturedTwice === true;
    const key = repeatKey(capture, sipRow);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, message.packet);
    return {
      ...when(message.packet - 1, capture.calls.sip.later.get(sipRow)),
      kind: 'message',
      ...names.ofMessage(message),
      src: message.src,
      dst: message.dst,
      label: labelOf(message),
      callId: row.callId,
      transport: message.transport,
      retransmission: message.retransmission,
      capturedTwice: message.capturedTwice === true,
      ...(message.agent === undefined ? {} : { agent: message.agent }),
      repeats: isRepeat ? (first ?? null) : null,
      transaction: transactions.numberOf(sipRow),
      method: message.method ?? null,
      status: message.status ?? null,
      cseq: message.cseq,
      sections: sectionsOf(capture, sdp, sipRow),
    };
  });
}

/** What a message has in common with those that repeat it: the same as the call tracker goes by. */
function repeatKey({ calls, store }: Capture, row: number): string {
  const c = calls.sip.rows.columns;
  const columns = [c.branch, c.method, c.status, c.cseq, c.cseqMethod, c.toTag, c.fromTag, c.rseq];
  const flow = store.flowOf(calls.sip, row);
  return `${flow} ${columns.map((column) => column.get(row)).join(' ')}`;
}

/** Numbers the transactions of a call in order of their first message (RFC 3261 section 17.2.3). */
class Transactions {
  private readonly capture: Capture;
  private readonly numbers = new Map<string, number>();

  constructor(capture: Capture) {
    this.capture = capture;
  }

  numberOf(row: number): number {
    const c = this.capture.calls.sip.rows.columns;
    const method = c.status.get(row) === 0 ? c.method.get(row) : c.cseqMethod.get(row);
    const [branch, number] = [c.branch.get(row), c.cseq.get(row)];
    if (method === SipMethod.ACK) {
      // The ACK of a refusal has its INVITE's branch and belongs to it.
      const refused = this.numbers.get(`${branch} ${number} ${SipMethod.INVITE}`);
      if (refused !== undefined) return refused;
    }
    const key = `${branch} ${number} ${method}`;
    const known = this.numbers.get(key) ?? this.numbers.size + 1;
    this.numbers.set(key, known);
    return known;
  }
}

/** Responses to anything but an INVITE say to what: every other line of a ladder is a 200. */
function labelOf(message: CallMessage): string {
  if (message.method !== undefined) return message.method;
  const status = `${message.status} ${message.reason ?? ''}`.trim();
  const method = message.cseq.split(' ')[1] ?? '';
  return method === 'INVITE' || method === '' ? status : `${status} (${method})`;
}

function sectionsOf(capture: Capture, sdp: LayerTable<SdpColumns> | null, sipRow: number): LadderSection[] {
  if (sdp === null) return [];
  const { store, calls } = capture;
  const frame = calls.sip.frame.get(sipRow);
  const c = sdp.rows.columns;
  const sections: LadderSection[] = [];
  for (let row = sdp.firstRowOf(frame); row < sdp.count && sdp.frame.get(row) === frame; row++) {
    if (sdp.parent.get(row) - 1 !== sipRow) continue;
    const formats = parseFormats(store.strings.text(c.formats.get(row)));
    const isRefused = (c.flags.get(row) & SdpFlag.rejected) !== 0;
    sections.push({
      media: store.strings.text(c.media.get(row)),
      address: formatEndpoint(store.strings.text(c.address.get(row)), c.port.get(row)),
      codecs: [...formats.values()].map(({ encoding }) => encoding),
      direction: isRefused ? 'refused' : SDP_DIRECTIONS[c.direction.get(row)] || 'sendrecv',
      encrypted: store.strings.text(c.protocol.get(row)).toUpperCase().includes('SAVP'),
    });
  }
  return sections;
}
