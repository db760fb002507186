/** What the display filter can ask of HTTP; names as Wireshark has them. */
import { ABSENT, fieldLines, type FilterField } from '../../base/filter-field.ts';
import type { HttpColumns } from './columns.ts';

export const httpFields: readonly FilterField<HttpColumns>[] = [
  {
    id: 'http.request.method',
    label: 'Method',
    type: 'text',
    column: (c, row) => c.method.get(row) || ABSENT,
  },
  { id: 'http.request.uri', label: 'Request target', type: 'text', column: (c, row) => c.uri.get(row) || ABSENT },
  { id: 'http.response.code', label: 'Status code', type: 'number', column: (c, row) => c.status.get(row) || ABSENT },
  { id: 'http.host', label: 'Host', type: 'text' },
  { id: 'http.content_type', label: 'Content-Type', type: 'text' },
  { id: 'http.upgrade', label: 'Upgrade', type: 'text' },
  { id: 'http.sec_websocket_protocol', label: 'Sec-WebSocket-Protocol', type: 'text' },
  { id: 'http.sec_websocket_extensions', label: 'Sec-WebSocket-Extensions', type: 'text' },
  ...fieldLines(`
    node http.request Request
    node http.response Response
    text http.request.version Version
    text http.response.version Version
    text http.response.phrase Reason phrase
    text http.request.line Header field
    text http.response.line Header field
    number http.content_length_header Content-Length
    text http.transfer_encoding Transfer-Encoding
    text http.content_encoding Content-Encoding
    text http.connection Connection
    text http.user_agent User-Agent
    text http.server Server
    text http.authorization Authorization
    text http.proxy_authorization Proxy-Authorization
    text http.cookie Cookie
    text http.set_cookie Set-Cookie
    text http.origin Origin
    text http.sec_websocket_key Sec-WebSocket-Key
    text http.sec_websocket_accept Sec-WebSocket-Accept
    text http.sec_websocket_version Sec-WebSocket-Version
    octets http.empty_lines Empty lines
    octets http.blank_line Blank line
    text http.file_data Body
    node http.chunk Chunk
    number http.chunk_size Chunk size
    octets http.chunk_data Chunk data
    text http.trailer Trailer
    octets http.data Part of a message
  `),
];
