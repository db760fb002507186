/** WebSocket in the packet list and in the detail tree: frames as they are, with the mask taken off. */
import { withoutSecrets } from '../../base/masked-secrets.ts';
import { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { FrameHeader, FrameResult, KEY_OCTETS, Opcode, OPCODE_NAMES, unmasked } from './frame-header.ts';

const MOST_CHARACTERS = 200;

/** RFC 6455 section 7.4.1 and the registry that it opened. */
const CLOSE_CODES: ReadonlyMap<number, string> = new Map([
  [1000, 'normal closure'],
  [1001, 'going away'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1005, 'no status'],
  [1006, 'abnormal closure'],
  [1007, 'invalid data'],
  [1008, 'policy violation'],
  [1009, 'message too big'],
  [1010, 'extension missing'],
  [1011, 'internal error'],
  [1012, 'service restart'],
  [1013, 'try again later'],
  [1014, 'bad gateway'],
  [1015, 'TLS handshake failed'],
]);

/** `text, masked, 42 octets: {"a":1}`, `ping, 4 octets`, `close 1000 (normal closure)`. */
export function summarizeWebSocket(data: Octets): string {
  const header = new FrameHeader();
  const result = header.read(data.bytes, data.start, data.start + data.length);
  if (result !== FrameResult.Found) return 'Part of a WebSocket frame';
  const payload = plainPayload(data, header);
  const { opcode, payloadLength } = header;
  if (opcode === Opcode.Close && payload.length >= 2) return clipped(closeText(payload));
  const words = [
    `${OPCODE_NAMES.get(opcode)}${header.isFinal ? '' : ' fragment'}`,
    ...(header.isMasked ? ['masked'] : []),
    ...(header.isCompressed ? ['compressed'] : []),
    `${payloadLength} octets`,
  ];
  const text = opcode === Opcode.Text && !header.isCompressed ? payload.text(0, 4 * MOST_CHARACTERS) : '';
  return clipped(`${words.join(', ')}${text === '' ? '' : `: ${withoutSecrets(text).replace(/\s+/g, ' ').trim()}`}`);
}

export function describeWebSocket(data: Octets, tree: TreeBuilder): void {
  const header = new FrameHeader();
  const result = header.read(data.bytes, data.start, data.start + data.length);
  if (result !== FrameResult.Found) {
    tree.field('websocket.data', 'Part of a frame', 0, data.length, data.hex());
    return;
  }
  const { opcode, headerLength, payloadLength, isMasked } = header;
  const name = OPCODE_NAMES.get(opcode) ?? '';
  tree.group(
    'websocket.first',
    'Frame',
    0,
    1,
    `${name}${header.isFinal ? '' : ', not the last of its message'}`,
    () => {
      tree.field('websocket.fin', 'FIN', 0, 1, header.isFinal);
      const rsv = (header.first >> 4) & 7;
      tree.field('websocket.rsv', 'Reserved bits', 0, 1, rsv, header.isCompressed ? 'compressed (RSV1)' : '');
      tree.field('websocket.opcode', 'Opcode', 0, 1, opcode, name);
    },
  );
  tree.field('websocket.mask', 'Mask', 1, 1, isMasked);
  const keyAt = isMasked ? headerLength - KEY_OCTETS : headerLength;
  const short = data.u8(1) & 0x7f;
  tree.field('websocket.payload_length', 'Payload length', 1, 1, short, lengthMeaning(short));
  if (keyAt > 2) {
    const field = keyAt === 4 ? 'websocket.payload_length_ext_16' : 'websocket.payload_length_ext_64';
    tree.field(field, 'Extended payload length', 2, keyAt - 2, payloadLength);
    if (!header.isMinimal) tree.fault('websocket-length', 'The length takes more octets than it needs', 1, keyAt - 1);
  }
  if (isMasked) tree.field('websocket.masking_key', 'Masking key', keyAt, KEY_OCTETS, data.hex(keyAt, KEY_OCTETS));
  describePayload(data, header, tree);
  const end = headerLength + payloadLength;
  if (end < data.length) tree.field('websocket.data', 'Behind the frame', end, data.length - end, data.hex(end));
}

function describePayload(data: Octets, header: FrameHeader, tree: TreeBuilder): void {
  const at = header.headerLength;
  const payload = plainPayload(data, header);
  const { length } = payload;
  if (length === 0) return;
  const { opcode } = header;
  if (header.isCompressed) {
    tree.field('websocket.compressed_payload', 'Compressed payload', at, length, `${length} octets`);
  } else if (opcode === Opcode.Close && length >= 2) {
    const code = payload.u16(0);
    const name = 'websocket.payload.close.status_code';
    tree.field(name, 'Status code', at, 2, code, CLOSE_CODES.get(code) ?? '');
    if (length > 2) tree.field('websocket.payload.close.reason', 'Reason', at + 2, length - 2, payload.text(2));
  } else if (opcode === Opcode.Text) {
    tree.field('websocket.payload.text', 'Text', at, length, withoutSecrets(payload.text()));
  } else {
    tree.field('websocket.payload', 'Payload', at, length, payload.hex());
  }
}

/** The part of the payload that is there, unmasked. */
function plainPayload(data: Octets, header: FrameHeader): Octets {
  const payloadAt = data.start + header.headerLength;
  const length = Math.min(header.payloadLength, data.length - header.headerLength);
  return new Octets(unmasked(data.bytes, header.isMasked ? payloadAt - KEY_OCTETS : -1, payloadAt, length));
}

function lengthMeaning(short: number): string {
  if (short === 126) return 'in the 16 bits that follow';
  return short === 127 ? 'in the 64 bits that follow' : '';
}

function closeText(payload: Octets): string {
  const code = payload.u16(0);
  const meaning = CLOSE_CODES.get(code);
  const reason = payload.text(2);
  return `close ${code}${meaning === undefined ? '' : ` (${meaning})`}${reason === '' ? '' : `: ${reason}`}`;
}

function clipped(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
