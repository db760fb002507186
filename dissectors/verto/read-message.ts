/** A message of Verto: a JSON-RPC 2.0 object with the names that FreeSWITCH's mod_verto gives to things. */
import type { Octets } from '../../base/octets.ts';
import { VertoKind } from './columns.ts';
import { type JsonNode, member, parseJson, scalarText } from './json.ts';

export interface VertoMessage {
  readonly root: JsonNode;
  readonly kind: number;
  readonly method: string;
  readonly id: string;
  readonly callId: string;
  readonly sessionId: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly calleeNumber: string;
  readonly code: string;
  readonly text: string;
  readonly sdp: JsonNode | null;
}

/** Requests that do not carry `verto.` in their name. */
const OTHER_METHODS = new Set(['login', 'echo', 'jsapi']);

/**
 * The message, null where it is no JSON-RPC 2.0 or speaks of something else. A result names the session or call it is
 * about; an error only its request.
 */
export function readMessage(data: Octets): VertoMessage | null {
  if (!beginsObject(data)) return null;
  const root = parseJson(data);
  if (root === null || scalarText(member(root, 'jsonrpc')) !== '2.0') return null;
  const method = scalarText(member(root, 'method'));
  const params = member(root, 'params');
  const result = member(root, 'result');
  const error = member(root, 'error');
  const answer = result ?? error;
  const kind = method !== '' ? VertoKind.Request : error !== undefined ? VertoKind.Error : VertoKind.Result;
  const about = method === '' ? answer : params;
  const dialog = member(params, 'dialogParams') ?? params;
  const find = (name: string): string => scalarText(member(dialog, name)) || scalarText(member(about, name));
  const callId = find('callID');
  const sessionId = scalarText(member(about, 'sessid')) || find('sessid');
  if (!isVerto(kind, method, answer, callId || sessionId, params)) return null;
  const sdp = member(about, 'sdp') ?? member(dialog, 'sdp');
  return {
    root,
    kind,
    method,
    id: scalarText(member(root, 'id')),
    callId,
    sessionId,
    callerNumber: find('caller_id_number'),
    callerName: find('caller_id_name'),
    calleeNumber: find('destination_number') || find('callee_id_number'),
    code: scalarText(member(error, 'code')) || find('causeCode'),
    text: scalarText(member(answer, 'message')) || scalarText(member(answer, 'method')) || find('cause'),
    sdp: typeof sdp?.value === 'string' && sdp.value.startsWith('v=0') ? sdp : null,
  };
}

function isVerto(
  kind: number,
  method: string,
  answer: JsonNode | undefined,
  about: string,
  params: JsonNode | undefined,
): boolean {
  if (kind === VertoKind.Request) {
    if (method.startsWith('verto.')) return true;
    if (method === 'login') return member(params, 'login') !== undefined || member(params, 'sessid') !== undefined;
    return OTHER_METHODS.has(method) && about !== '';
  }
  if (answer === undefined) return false;
  // A request of the server is acknowledged by its name.
  if (kind === VertoKind.Result) return about !== '' || scalarText(member(answer, 'method')).startsWith('verto.');
  // -32000 is what mod_verto says where a login is wanted or failed.
  return scalarText(member(answer, 'code')) === '-32000' || about !== '';
}

function beginsObject({ bytes, start, length }: Octets): boolean {
  for (let i = 0; i < length; i++) {
    const octet = bytes[start + i];
    if (octet === 0x7b) return true;
    if (octet !== 0x20 && octet !== 9 && octet !== 10 && octet !== 13) return false;
  }
  return false;
}
