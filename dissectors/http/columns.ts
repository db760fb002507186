/**
 * What the hot pass keeps of an HTTP/1.x message, one row each.
 *
 * - `method`, `uri` (request target) and `host` of a request; `status` of a response, 0 for a request.
 * - `contentType`: the Content-Type field as sent. `bodyLength`: octets of the body as sent (chunk lines included), at
 *   most those that were looked at.
 * - `upgrade`: the Upgrade field; `webSocketProtocol`, `webSocketExtensions`: Sec-WebSocket-Protocol and
 *   Sec-WebSocket-Extensions (RFC 6455 section 11.3). Text of at most 1,024 octets.
 */
export const HTTP_COLUMNS = {
  method: 'text',
  uri: 'text',
  host: 'text',
  status: 'u16',
  contentType: 'text',
  bodyLength: 'u32',
  upgrade: 'text',
  webSocketProtocol: 'text',
  webSocketExtensions: 'text',
} as const;
export type HttpColumns = typeof HTTP_COLUMNS;
