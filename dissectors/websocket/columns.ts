/**
 * What the hot pass keeps of a WebSocket frame, one row each (RFC 6455 section 5.2).
 *
 * - `first`: its first octet (FIN, RSV1 to RSV3, opcode). `headerLength`: octets before the payload, the key included.
 * - `isMasked`: 1 where the payload is masked; the key is the last four octets of the header.
 * - `payloadLength`: of the frame, 4294967295 for that and more.
 * - `isHeld`: 0 where the payload is so long that it was passed over.
 * - `closeCode`: the status code of a close frame, 0 for none.
 */
export const WEBSOCKET_COLUMNS = {
  first: 'u8',
  headerLength: 'u8',
  isMasked: 'u8',
  payloadLength: 'u32',
  isHeld: 'u8',
  closeCode: 'u16',
} as const;
export type WebSocketColumns = typeof WEBSOCKET_COLUMNS;
