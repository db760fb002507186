import { parseFormats } from '../../dissectors/sdp/parse-formats.ts';
import { SDP_COLUMNS, SDP_DIRECTIONS, SdpFlag, type SdpColumns } from '../../dissectors/sdp/columns.ts';
import type { CallMessage } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { LayerTable } from '../store/layer-table.ts';
import type { Call } from '../trackers/calls/call.ts';
import { callId, callRow } from './call-rows.ts';
import { digitRows } from './digit-rows.ts';
import { endpointsOf, type EndpointNames } from './ladder-endpoints.ts';
import { streamRows } from './stream-rows.ts';

/** One m= section of a message's session description. */
export interface LadderSection {
  /** `audio` */
  media: string;
  /** `ip:port`; port 0 where the section is refused. */
  address: string;
  /** Encoding names in the order of the m= line. */
  codecs: string[];
  /** `sendrecv`, `sendonly`, `recvonly`, `inactive`, `refused`. */
  direction: string;
  /** The section asks for SRTP. */
  encrypted: boolean;
}

interface Row {
  packet: number;
  time: number;
  sinceStartSeconds: number;
  /** Places in `endpoints`. */
  from: number;
  to: number;
  /** What stands on the arrow. */
  label: string;
}

export interface LadderMessage extends Row {
  kind: 'message';
  retransmission: boolean;
  capturedTwice: boolean;
  method: string | null;
  status: number | null;
  cseq: string;
  sections: LadderSection[];
}

/** A stream where it starts. */
export interface LadderMedia extends Row {
  kind: 'media';
  stream: string;
  codec: string | null;
  packets: number;
  lostPercent: number;
  durationSeconds: number;
}

/** A digit where its first packet is. */
export interface LadderDigit extends Row {
  kind: 'digit';
  stream: string;
  digit: string | null;
  durationMs: number;
}

export type LadderRow = LadderMessage | LadderMedia | LadderDigit;

/** Who spoke to whom in a call, in order of time: what a ladder diagram draws. */
export interface Ladder {
  call: string;
  callId: string;
  startTime: number;
  /** IP addresses in order of appearance; `ip:port` where an address speaks with itself. */
  endpoints: string[];
  rows: LadderRow[];
}

/** The ladder of a call: its messages, its streams where they start, its digits. */
export function ladderOf(capture: Capture, call: Call): Ladder {
  const { calls } = capture;
  const { frames } = capture.store;
  const sdp = capture.store.layer('sdp', SDP_COLUMNS);
  const id = callId(call);
  const row = callRow(capture, call, []);
  const streams = streamRows(capture).filter((stream) => stream.call === id);
  const digits = digitRows(capture).filter((digit) => digit.call === id);
  const names = endpointsOf(row.messages, streams);
  const firstFrame = calls.sip.frame.get(call.firstRow);
  const streamById = new Map(streams.map((stream) => [stream.id, stream]));
  const startOf = new Map(capture.streams.streams.map((stream) => [`s${stream.index + 1}`, stream.firstFrame]));

  const at = (frame: number): Pick<Row, 'packet' | 'time' | 'sinceStartSeconds'> => ({
    packet: frame + 1,
    time: frames.time(frame),
    sinceStartSeconds: frames.secondsBetween(firstFrame, frame),
  });
  const sipRows = calls.rowsOf(call);
  const rows: LadderRow[] = row.messages.map((message, i) =>
    messageRow(message, sectionsOf(capture, sdp, sipRows[i]), at(message.packet - 1), names),
  );
  for (const stream of streams) {
    const { from, to } = names.ofStream(stream);
    rows.push({
      ...at(startOf.get(stream.id) ?? firstFrame),
      kind: 'media',
      from,
      to,
      label: stream.codec ?? `payload type ${stream.payloadTypes.join(', ')}`,
      stream: stream.id,
      codec: stream.codec,
      packets: stream.packets,
      lostPercent: stream.lostPercent,
      durationSeconds: stream.durationSeconds,
    });
  }
  for (const digit of digits) {
    const stream = streamById.get(digit.stream);
    if (stream === undefined) continue;
    const { from, to } = names.ofStream(stream);
    const label = digit.digit === null ? `event ${digit.event}` : `DTMF ${digit.digit}`;
    const { durationMs } = digit;
    const place = at(digit.packets[0] - 1);
    rows.push({ ...place, kind: 'digit', from, to, label, stream: stream.id, digit: digit.digit, durationMs });
  }
  // Stable: rows of one packet stay in the order messages, media, digits.
  rows.sort((a, b) => a.packet - b.packet);
  return { call: id, callId: row.callId, startTime: frames.time(firstFrame), endpoints: names.names, rows };
}

function messageRow(
  message: CallMessage,
  sections: LadderSection[],
  place: Pick<Row, 'packet' | 'time' | 'sinceStartSeconds'>,
  names: EndpointNames,
): LadderMessage {
  const { from, to } = names.ofMessage(message);
  return {
    ...place,
    kind: 'message',
    from,
    to,
    label: labelOf(message),
    retransmission: message.retransmission,
    capturedTwice: message.capturedTwice === true,
    method: message.method ?? null,
    status: message.status ?? null,
    cseq: message.cseq,
    sections,
  };
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
    const address = store.strings.text(c.address.get(row));
    const isRefused = (c.flags.get(row) & SdpFlag.rejected) !== 0;
    sections.push({
      media: store.strings.text(c.media.get(row)),
      address: `${address.includes(':') ? `[${address}]` : address}:${c.port.get(row)}`,
      codecs: [...formats.values()].map(({ encoding }) => encoding),
      direction: isRefused ? 'refused' : SDP_DIRECTIONS[c.direction.get(row)] || 'sendrecv',
      encrypted: store.strings.text(c.protocol.get(row)).toUpperCase().includes('SAVP'),
    });
  }
  return sections;
}
