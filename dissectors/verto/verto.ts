/**
 * Verto, the JSON-RPC 2.0 that FreeSWITCH speaks with browsers over WebSocket. A session description stands in it as a
 * JSON text, escaped: the engine takes it out.
 */
import type { Octets } from '../../base/octets.ts';
import { type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { VERTO_COLUMNS, type VertoColumns } from './columns.ts';
import { describeVerto, summarizeVerto } from './describe-verto.ts';
import { vertoFields } from './fields.ts';
import { readMessage } from './read-message.ts';

/** Of a text that is kept. */
const MAX_TEXT_CHARACTERS = 1024;

/** Messages of signalling are few: this may allocate where media must not. */
function dissect(data: Octets, out: Rows<VertoColumns>, ctx: DissectContext): Verdict {
  const message = readMessage(data);
  if (message === null) return Verdict.Reject;
  const row = out.add();
  const c = out.columns;
  const keep = (text: string): number => ctx.strings.internText(text.slice(0, MAX_TEXT_CHARACTERS));
  c.kind.set(row, message.kind);
  c.method.set(row, keep(message.method));
  c.id.set(row, keep(message.id));
  c.callId.set(row, keep(message.callId));
  c.sessionId.set(row, keep(message.sessionId));
  c.callerNumber.set(row, keep(message.callerNumber));
  c.callerName.set(row, keep(message.callerName));
  c.calleeNumber.set(row, keep(message.calleeNumber));
  c.code.set(row, keep(message.code));
  c.text.set(row, keep(message.text));
  if (message.sdp !== null) {
    c.sdpAt.set(row, message.sdp.at);
    c.sdpLength.set(row, message.sdp.length);
  }
  return Verdict.Ok;
}

export const verto: Dissector<VertoColumns> = {
  id: 'verto',
  label: 'Verto',
  specs: ['JSON-RPC 2.0', 'FreeSWITCH mod_verto'],
  claims: [
    { kind: 'media-type', type: 'application/json' },
    { kind: 'media-type', type: 'application/json-rpc' },
  ],
  columns: VERTO_COLUMNS,
  fields: vertoFields,
  dissect,
  summarize: summarizeVerto,
  describe: describeVerto,
};
