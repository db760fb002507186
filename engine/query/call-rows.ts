import type { StringTable } from '../../base/string-table.ts';
import { SIP_METHODS, SipMethod } from '../../dissectors/sip/methods.ts';
import { parseNameAddr } from '../../dissectors/sip/name-addr.ts';
import type { CallMessage, CallRow, DialogRow, Party } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { agentName } from '../hep/agents.ts';
import { isInflated } from '../hep/inflated-payloads.ts';
import type { Call, Dialog } from '../trackers/calls/call.ts';
import { callState, exchangeState } from '../trackers/calls/call-state.ts';
import { Repeat } from '../trackers/calls/call-tracker.ts';
import { streamId } from './stream-rows.ts';
import { transactionRows } from './transaction-rows.ts';

/** Stable for the same file and options: entries are numbered in order of their first message. */
export function callId(call: Call): string {
  return `c${call.index + 1}`;
}

/** As much of a call as one line of a table shows: no tags, no Call-ID, nothing that has to be put together first. */
export type CallLine = Pick<
  CallRow,
  | 'id'
  | 'from'
  | 'to'
  | 'method'
  | 'state'
  | 'finalStatus'
  | 'startTime'
  | 'ringTime'
  | 'durationSeconds'
  | 'setupSeconds'
  | 'endedBy'
  | 'messageCount'
>;

/**
 * Calls in order of their first message; registrations and other exchanges too where `all` is set. `details: false`
 * leaves out tags, dialogs, transactions and messages.
 */
export function* callRows(capture: Capture, options: { all: boolean; details?: boolean }): Generator<CallRow> {
  const { calls } = capture;
  const withDetails = options.details ?? true;
  const streams = streamIdsByCall(capture);
  for (const call of calls.entries) {
    if (options.all || calls.isCall(call)) yield callRow(capture, call, streams.get(call.index) ?? [], withDetails);
  }
}

/** The calls that `callRows` gives, in half the time. */
export function* callLines(capture: Capture, options: { all: boolean }): Generator<CallLine> {
  const { calls } = capture;
  for (const call of calls.entries) {
    if (options.all || calls.isCall(call)) yield callLine(capture, call, false);
  }
}

/** The entry with this row id (`c1`) or Call-ID, or null. */
export function findCall(capture: Capture, id: string): Call | null {
  const { calls, store } = capture;
  const numbered = /^c(\d+)$/.exec(id);
  if (numbered !== null) {
    const entry = calls.entries[Number(numbered[1]) - 1];
    if (entry !== undefined) return entry;
  }
  return calls.entries.find((entry) => store.strings.text(entry.callId) === id) ?? null;
}

/** One row; `streams` are the ids of the call's streams. */
export function callRow(capture: Capture, call: Call, streams: string[], withDetails = true): CallRow {
  const { calls, store } = capture;
  const { strings } = store;
  const line = callLine(capture, call, withDetails);
  const finalRow = calls.isCall(call) ? call.finalRow : call.otherRow;
  const endRow = endRowOf(call);
  const text = strings.text(call.callId);
  return {
    id: line.id,
    callId: text,
    callIds: [text],
    from: line.from,
    to: line.to,
    method: line.method,
    state: line.state,
    finalStatus: line.finalStatus,
    reason: finalRow < 0 ? null : strings.text(calls.sip.rows.columns.reason.get(finalRow)) || null,
    startTime: line.startTime,
    ringTime: line.ringTime,
    answerTime: call.answerFrame < 0 ? null : store.timeOf(calls.sip, call.finalRow),
    endTime: endRow < 0 ? null : store.timeOf(calls.sip, endRow),
    durationSeconds: line.durationSeconds,
    setupSeconds: line.setupSeconds,
    endedBy: line.endedBy,
    dialogs: withDetails ? (call.dialogs ?? []).map((dialog) => dialogRow(capture, call, dialog)) : [],
    transactions: withDetails ? transactionRows(capture, call) : [],
    messageCount: line.messageCount,
    messages: withDetails ? calls.rowsOf(call).map((row) => messageOf(capture, row)) : [],
    streams,
    problems: [],
  };
}

function callLine(capture: Capture, call: Call, withTags: boolean): CallLine {
  const { calls, store } = capture;
  const { frames } = store;
  const { sip } = calls;
  const isCall = calls.isCall(call);
  const startRow = call.inviteRow >= 0 ? call.inviteRow : call.firstRow;
  const elapsed = frames.secondsBetween(sip.frame.get(startRow), frames.count - 1);
  const { from, to } = partiesOf(capture, call, withTags);
  const isAnswered = call.answerFrame >= 0;
  return {
    id: callId(call),
    from,
    to,
    method: methodOf(capture, call),
    state: isCall ? callState(call, elapsed) : exchangeState(call, elapsed),
    finalStatus: (isCall ? call.finalStatus : call.otherStatus) || null,
    startTime: store.timeOf(sip, startRow),
    ringTime: call.ringRow < 0 ? null : store.timeOf(sip, call.ringRow),
    durationSeconds: isAnswered && call.byeRow >= 0 ? store.secondsBetween(sip, call.finalRow, call.byeRow) : null,
    setupSeconds: isAnswered && call.inviteRow >= 0 ? store.secondsBetween(sip, startRow, call.finalRow) : null,
    endedBy: call.byeSide,
    messageCount: call.messages,
  };
}

/** The SIP row that ended a call or ended the attempt; -1 where none did. */
function endRowOf(call: Call): number {
  if (call.byeRow >= 0) return call.byeRow;
  return call.answerFrame < 0 ? call.finalRow : -1;
}

function methodOf(capture: Capture, call: Call): string {
  if (call.inviteRow >= 0 || (call.methods & (1 << SipMethod.INVITE)) !== 0) return 'INVITE';
  const c = capture.calls.sip.rows.columns;
  const method = c.method.get(call.firstRow) || c.cseqMethod.get(call.firstRow);
  return SIP_METHODS[method] || 'unknown';
}

/**
 * From and To as the caller wrote them; turned round where the first message was sent by the callee's side. Where the
 * capture does not show who called, they are those of the first message.
 */
export function partiesOf(capture: Capture, call: Call, withTags: boolean): { from: Party; to: Party } {
  const { calls, store } = capture;
  const c = calls.sip.rows.columns;
  const row = call.inviteRow >= 0 ? call.inviteRow : call.firstRow;
  const from = partyOf(store.strings, c.from.get(row), withTags ? c.fromTag.get(row) : 0);
  const answered = call.dialogs?.find((dialog) => dialog.status >= 200 && dialog.status < 300) ?? call.dialogs?.[0];
  const toTag = withTags ? c.toTag.get(row) || (answered?.tag ?? 0) : 0;
  const to = partyOf(store.strings, c.to.get(row), toTag);
  return c.fromTag.get(row) === call.callerTag ? { from, to } : { from: to, to: from };
}

const NAMES_KEPT = 4096;
/** By far the most say nothing but a URI, or that and a display name in quotes; there may be hundreds of thousands of them. */
const USUAL_NAME = /^(?:"([^"\\]*)" ?)?<([^<>"\s]+)>$/;
/** Users call more than once, and their header value is the same each time. */
const namesByTable = new WeakMap<StringTable, Map<number, Party>>();

/** `value` and `tag` are interned. */
function partyOf(strings: StringTable, value: number, tag: number): Party {
  let names = namesByTable.get(strings);
  if (names === undefined) namesByTable.set(strings, (names = new Map()));
  let party = names.get(value);
  if (party === undefined) {
    const text = strings.text(value);
    const usual = USUAL_NAME.exec(text);
    const { uri, display } = usual === null ? parseNameAddr(text) : { uri: usual[2], display: usual[1] };
    party = { uri: uri || null, display: display || null, tag: null };
    if (names.size < NAMES_KEPT) names.set(value, party);
  }
  return tag === 0 ? party : { uri: party.uri, display: party.display, tag: strings.text(tag) };
}

function dialogRow(capture: Capture, call: Call, dialog: Dialog): DialogRow {
  const toTag = capture.store.strings.text(dialog.tag);
  if (dialog.status >= 300) return { toTag, state: 'rejected' };
  if (dialog.status < 200) return { toTag, state: call.finalStatus >= 200 ? 'terminated' : 'early' };
  return { toTag, state: dialog.isEnded || call.byeRow >= 0 ? 'terminated' : 'confirmed' };
}

/** Of a SIP row. A message that was decrypted has pieces of TLS records. */
function transportOf({ calls, store }: Capture, row: number, flow: number): string {
  if (flow === 0 || !store.flows.isTcp(flow)) return 'udp';
  const { dissector, inner } = store.flows;
  const isWebSocket = (index: number): boolean => store.dissectorIds[index - 1] === 'websocket';
  if (isWebSocket(dissector[flow])) return 'ws';
  if (isWebSocket(inner[flow])) return 'wss';
  return calls.sip.pieces.get(row)?.some(({ record }) => record !== undefined && !isInflated(record)) === true
    ? 'tls'
    : 'tcp';
}

function messageOf(capture: Capture, row: number): CallMessage {
  const { calls, store } = capture;
  const { flows, strings } = store;
  const c = calls.sip.rows.columns;
  const frame = calls.sip.frame.get(row);
  const flow = store.flowOf(calls.sip, row);
  const status = c.status.get(row);
  const cseqMethod = SIP_METHODS[c.cseqMethod.get(row)];
  const message: CallMessage = {
    packet: frame + 1,
    time: store.timeOf(calls.sip, row),
    src: flow === 0 ? null : flows.sourceEndpoint(flow),
    dst: flow === 0 ? null : flows.destinationEndpoint(flow),
    transport: transportOf(capture, row, flow),
    cseq: `${c.cseq.get(row)} ${cseqMethod}`.trim(),
    retransmission: calls.repeat.get(row) === Repeat.Retransmission,
  };
  if (calls.repeat.get(row) === Repeat.CapturedTwice) message.capturedTwice = true;
  const agent = capture.pass.hep.agents.at(calls.sip.agent.get(row));
  if (agent !== undefined) message.agent = agentName(agent);
  if (status === 0) {
    message.method = SIP_METHODS[c.method.get(row)] || 'unknown';
  } else {
    message.status = status;
    message.reason = strings.text(c.reason.get(row));
  }
  return message;
}

function streamIdsByCall(capture: Capture): Map<number, string[]> {
  const byCall = new Map<number, string[]>();
  for (const stream of capture.streams.streams) {
    if (stream.call < 0) continue;
    const list = byCall.get(stream.call);
    if (list === undefined) byCall.set(stream.call, [streamId(stream)]);
    else list.push(streamId(stream));
  }
  return byCall;
}
