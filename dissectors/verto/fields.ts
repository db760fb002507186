/** What the display filter can ask of Verto. */
import { ABSENT, fieldLines, type FilterField } from '../../base/filter-field.ts';
import type { VertoColumns } from './columns.ts';

type Name = Exclude<keyof VertoColumns, 'kind' | 'sdpAt' | 'sdpLength'>;

function text(id: string, label: string, name: Name): FilterField<VertoColumns> {
  return { id: `verto.${id}`, label, type: 'text', column: (c, row) => c[name].get(row) || ABSENT };
}

export const vertoFields: readonly FilterField<VertoColumns>[] = [
  text('method', 'Method', 'method'),
  text('id', 'Request', 'id'),
  text('callID', 'Call', 'callId'),
  text('sessid', 'Session', 'sessionId'),
  text('caller_id_number', 'Caller number', 'callerNumber'),
  text('caller_id_name', 'Caller name', 'callerName'),
  text('destination_number', 'Called number', 'calleeNumber'),
  text('code', 'Code', 'code'),
  text('message', 'Message or cause', 'text'),
  // As SIP's: of a packet that holds a session description.
  { id: 'sdp', label: 'SDP', type: 'protocol', column: (c, row) => (c.sdpLength.get(row) > 0 ? 1 : ABSENT) },
  ...fieldLines(`
    text verto.sdp Session description
    text verto.value Value
    node verto.object Object
    octets verto.punctuation Between the values
    octets verto.data Not Verto
  `),
];
