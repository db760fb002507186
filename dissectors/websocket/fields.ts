/** What the display filter can ask of WebSocket; names as Wireshark has them. */
import { ABSENT, fieldLines, type FilterField } from '../../base/filter-field.ts';
import type { WebSocketColumns } from './columns.ts';

export const webSocketFields: readonly FilterField<WebSocketColumns>[] = [
  { id: 'websocket.fin', label: 'FIN', type: 'boolean', column: (c, row) => c.first.get(row) >> 7 },
  { id: 'websocket.opcode', label: 'Opcode', type: 'number', column: (c, row) => c.first.get(row) & 15 },
  { id: 'websocket.mask', label: 'Mask', type: 'boolean', column: (c, row) => c.isMasked.get(row) },
  {
    id: 'websocket.payload.close.status_code',
    label: 'Status code',
    type: 'number',
    column: (c, row) => c.closeCode.get(row) || ABSENT,
  },
  ...fieldLines(`
    node websocket.first FIN, RSV, opcode
    number websocket.rsv Reserved bits
    number websocket.payload_length Payload length
    number websocket.payload_length_ext_16 Extended payload length, 16 bits
    number websocket.payload_length_ext_64 Extended payload length, 64 bits
    octets websocket.masking_key Masking key
    text websocket.payload Payload
    text websocket.payload.text Text
    text websocket.payload.close.reason Reason
    octets websocket.compressed_payload Compressed payload
    octets websocket.data Part of a frame
  `),
];
