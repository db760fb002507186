/**
 * What the hot pass keeps of a message of Verto, one row each.
 *
 * - `kind`: see VertoKind. `method` of a request (`verto.invite`), `id` of request and answer as text (JSON-RPC 2.0
 *   section 4), `code`: of an error, its code, else that of a `verto.bye`; text.
 * - `callId`, `sessionId`: callID and sessid, wherever in the message they stand.
 * - `callerNumber`, `callerName`, `calleeNumber`: of dialogParams or params: caller_id_number, caller_id_name and
 *   destination_number.
 * - `text`: the result's or error's message, the cause of a `verto.bye`.
 * - `sdpAt`, `sdpLength`: where the text of the session description lies, quotation marks included; 0 for none.
 */
export const VERTO_COLUMNS = {
  kind: 'u8',
  method: 'text',
  id: 'text',
  callId: 'text',
  sessionId: 'text',
  callerNumber: 'text',
  callerName: 'text',
  calleeNumber: 'text',
  code: 'text',
  text: 'text',
  sdpAt: 'u32',
  sdpLength: 'u32',
} as const;
export type VertoColumns = typeof VERTO_COLUMNS;

/** Values of `kind`. */
export const VertoKind = { Request: 1, Result: 2, Error: 3 } as const;
